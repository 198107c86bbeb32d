"""An extension whose jobs behave as tests need; a worker process imports it by name."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Extension, JobKind
from desktop_app.core.jobs import JobContext
from desktop_app.core.text import text


def _double(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    context.log("info", text("Doubling %(n)s", n=params["n"]))
    context.progress(10, 10, text("Nearly there"))
    return {"twice": params["n"] * 2, "pid": os.getpid()}


def _refuse(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    raise UsageError(text("Not this."), fix=text("Try that."))


def _break(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"never": 1 // 0}


def _wait(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    for step in range(10_000):
        context.progress(step, 10_000)
        time.sleep(0.05)
    return {}


def _die(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    os._exit(9)


def load() -> tuple[Extension, ...]:
    runs = {"double": _double, "refuse": _refuse, "break": _break, "wait": _wait, "die": _die}
    kinds = tuple(JobKind(f"test.{name}", text("Test"), run) for name, run in runs.items())
    return (Extension(id="test", title=text("Test"), version="1", jobs=kinds),)
