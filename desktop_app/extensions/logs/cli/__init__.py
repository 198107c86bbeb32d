"""The commands that Logs adds. Each waits until its work is done; beside a running desk that one does it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_app.core.cli import DONE, finished, show
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.rules import catalogue
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.cli import formats, live, matches, rules, searching
from desktop_app.extensions.logs.service import applying

# --- import ----------------------------------------------------------------------------------------------------------


def _configure_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--format", metavar="F", help="take every file as this format instead of looking")
    parser.add_argument("--tz", metavar="ZONE", help="time zone of lines without one, such as Europe/Berlin")
    parser.add_argument("--host", metavar="NAME", help="machine of lines that name none, such as access logs")
    parser.add_argument("--no-detect", action="store_true", help="store the events without applying the rules")


def _import(desk: Desk, arguments: argparse.Namespace) -> int:
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


def _configure_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="also beside logs of your own")


def _demo(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        job_id = service.fill_with_sample_data(db, anyway=arguments.force)
    return _show_import(arguments, finished(desk, job_id).result or {})


# --- detect ----------------------------------------------------------------------------------------------------------


def _configure_detect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rules", metavar="PATH", type=Path, help="only these rules, without bringing them in")
    parser.add_argument("--matches", metavar="FILE", type=Path, help="write a JSON line a match into this file")


def _detect(desk: Desk, arguments: argparse.Namespace) -> int:
    count = None
    with desk.connection() as db:
        if arguments.rules or arguments.matches:
            ruleset = matches.only(desk, arguments.rules) if arguments.rules else catalogue.load(db, desk.folder)
            with matches.opened(arguments.matches) as out:
                count = matches.write(desk, db, ruleset, out)
        if not arguments.rules:
            job_id = applying.start_detect(db)
    result: dict[str, Any] = {} if arguments.rules else dict(finished(desk, job_id).result or {})
    if count is not None:
        result["matches"] = count
    show(arguments, result, [f"{name}: {one}" for name, one in result.items()])
    return DONE


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser  # no words of its own


def _compact(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        job_id = service.start_compaction(db)
    told = finished(desk, job_id).result or {}
    done = f"{told['files']:,} small event files became {told['segments']:,}."
    show(arguments, told, [done if told["files"] else "No small event files were left to put together."])
    return DONE


COMMANDS = {
    "import": (_configure_import, _import),
    "search": (searching.configure, searching.run),
    "detect": (_configure_detect, _detect),
    "sources": (live.configure, live.run),
    "rules": (rules.configure, rules.run),
    "compact": (_nothing, _compact),
    "formats": (formats.configure, formats.run),
    "demo": (_configure_demo, _demo),
}
