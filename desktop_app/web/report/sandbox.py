"""Draws a report with a site's template in a process of its own, with limits: a template may be wrong or hostile.

Whatever goes wrong there is one sentence here, and the report is drawn with our own templates instead.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from jinja2 import TemplateSyntaxError

from desktop_app.core.errors import error_parts
from desktop_app.core.program import own_program
from desktop_app.core.text import Text, text
from desktop_app.web.report import render
from desktop_app.web.report.render import Own, TooLarge
from desktop_app.web.report.template import TemplateFault

SECONDS = 30
MEMORY_BYTES = 1 << 30
LONGEST_DETAIL = 300
_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def page(report: Mapping[str, Any], own: Own, seconds: float = SECONDS) -> str:
    """Return the whole file as a site's template draws it; TemplateFault says what is wrong with the template."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-report-", ignore_cleanup_errors=True) as name:
        asked, answer = Path(name) / "asked.json", Path(name) / "report.html"
        asked.write_bytes(orjson.dumps({"report": report, "own": asdict(own)}))
        try:
            done = subprocess.run(
                [*own_program(), "render", str(asked), str(answer)], stdin=subprocess.DEVNULL, capture_output=True,
                timeout=seconds, check=False, creationflags=_HIDDEN,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise _fault(text("It was not done after %(seconds)s seconds.", seconds=seconds)) from error
        if done.returncode == 0 and answer.is_file():
            return answer.read_text(encoding="utf-8")
        raise _told(done.stdout)


def _told(said: bytes) -> TemplateFault:
    """Return the fault that the other process told; one that ended without a word had no memory left."""
    try:
        what, *rest = error_parts(orjson.loads(said))
    except (orjson.JSONDecodeError, ValueError):
        return _fault(text("It used more memory than a report may."))
    return TemplateFault(what, why=rest[0] if rest else None)


def _fault(why: Text) -> TemplateFault:
    return TemplateFault(text("The template of this site could not be drawn."), why=why)


# --- inside the process that draws -----------------------------------------------------------------------------------


def draw(asked: Path, answer: Path) -> TemplateFault | None:
    """Draw in this process, which does nothing else; returns the fault there is."""
    limit_memory()
    wanted = orjson.loads(asked.read_bytes())
    try:
        answer.write_text(render.page(wanted["report"], Own(**wanted["own"])), encoding="utf-8", errors="replace")
    except TemplateSyntaxError as error:
        return _at(error.name or render.MAIN, error.lineno, error.message or "")
    except TooLarge:
        return _fault(text("It writes more than any report is long."))
    except MemoryError:
        return _fault(text("It used more memory than a report may."))
    except RecursionError:
        return _fault(text("It includes itself without an end."))
    except Exception as error:  # noqa: BLE001 - a template may raise whatever Python knows
        name, line = _where(error)
        return _at(name, line, f"{type(error).__name__}: {error}")
    return None


def _at(name: str, line: int, detail: str) -> TemplateFault:
    return TemplateFault(
        text("The template %(name)s has a fault in line %(line)s.", name=name, line=line),
        why=text("The template engine says: %(detail)s", detail=detail[:LONGEST_DETAIL]),
    )


def _where(error: BaseException) -> tuple[str, int]:
    """Return the template and line in which an error arose: the innermost frame that is a template's."""
    found, trace = (render.MAIN, 0), error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".html"):
            found = (Path(name).name, trace.tb_lineno)
        trace = trace.tb_next
    return found


def limit_memory() -> None:
    """Bound what this process may take, where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
