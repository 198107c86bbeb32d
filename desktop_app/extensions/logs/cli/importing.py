"""``watchdesk import`` and ``demo``. Nothing here loads the event store: whoever does the job does that."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from desktop_app.core.cli import DONE, finished, show
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs import service


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``import``."""
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--format", metavar="F", help="take every file as this format instead of looking")
    parser.add_argument("--tz", metavar="ZONE", help="time zone of lines without one, such as Europe/Berlin")
    parser.add_argument("--host", metavar="NAME", help="machine of lines that name none, such as access logs")
    parser.add_argument("--no-detect", action="store_true", help="store the events without applying the rules")


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """Import, and say what came of each file."""
    with desk.connection() as db:
        job_id = service.start_import(
            db,
            arguments.paths,
            format_id=arguments.format,
            zone=arguments.tz,
            host=arguments.host,
            detect=not arguments.no_detect,
        )
    return _show_import(arguments, finished(desk, job_id).result or {})


def _show_import(arguments: argparse.Namespace, result: Mapping[str, Any]) -> int:
    value = {name: one for name, one in result.items() if name not in {"import", "known"}}
    known = set(result.get("known", ()))
    lines = [_file_line(one, known=index in known) for index, one in enumerate(result["files"])]
    total = f"{result['events']:,} events, {result['findings']} findings, {result['seconds']} s"
    show(arguments, value, [*lines, total])
    files = result["files"]
    if files and all(one["error"] and not one["events"] for one in files):
        first = text("%(name)s: %(problem)s", name=files[0]["path"], problem=files[0]["error"])
        raise SourceUnreadable(text("Nothing of what was given could be read."), why=first)
    return DONE


def _file_line(one: Mapping[str, Any], *, known: bool) -> str:
    words = [f"{one['events']:>10,}", f"{one['format'] or '-':12}", one["path"]]
    words += [one["error"]] if one["error"] else ["imported before"] if known else []
    return "  ".join(words)


def configure_demo(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``demo``."""
    parser.add_argument("--force", action="store_true", help="also beside logs of your own")


def run_demo(desk: Desk, arguments: argparse.Namespace) -> int:
    """Fill the desk with sample data."""
    with desk.connection() as db:
        job_id = service.fill_with_sample_data(db, anyway=arguments.force)
    return _show_import(arguments, finished(desk, job_id).result or {})
