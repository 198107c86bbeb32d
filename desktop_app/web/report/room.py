"""Reports as a room of the house: its jobs and settings, declared as an extension's are. Nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from desktop_app.core.extension import Extension, JobKind
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from desktop_app.web.report.declared import AUTHOR, SITE

if TYPE_CHECKING:
    from desktop_app.core.jobs import JobContext


def _make(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    from desktop_app.web.report.job import run_make

    return run_make(context, params)


def _scheduled(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    from desktop_app.web.report.job import run_scheduled

    return run_scheduled(context, params)


room = Extension(
    id="report",
    title=text("Reports"),
    version=VERSION,
    jobs=(
        JobKind("report.make", text("Report"), _make),
        JobKind("report.scheduled", text("Scheduled report"), _scheduled),
    ),
    settings=(SITE, AUTHOR),
    own=True,
)
