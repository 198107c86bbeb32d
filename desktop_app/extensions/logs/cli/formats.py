"""``watchdesk formats``: which log formats are known, and those that this site was taught."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.core.cli import DONE, shared_words, show
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, system_says
from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs.service import teaching
from desktop_app.extensions.logs.sources.recognise import FORMATS
from desktop_app.extensions.logs.sources.taught import definition
from desktop_app.extensions.logs.store import taught


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``formats``; without any it lists them."""
    actions = parser.add_subparsers(dest="action", metavar="list | import | export | try | forget")
    shared = [shared_words()]
    actions.add_parser("list", help="list the formats, those of this site first", parents=shared)
    actions.add_parser("import", help="bring in a format that was saved as a file", parents=shared).add_argument("file")
    saving = actions.add_parser("export", help="save a taught format as a file", parents=shared)
    saving.add_argument("id")
    saving.add_argument("file")
    trying = actions.add_parser("try", help="say what a format reads of a log, without keeping either", parents=shared)
    trying.add_argument("file")
    trying.add_argument("log")
    actions.add_parser("forget", help="forget a taught format", parents=shared).add_argument("id")


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """List, or do one thing with one format."""
    if arguments.action == "try":
        return _try(arguments)
    with desk.connection() as db:
        if arguments.action == "export":
            return _export(db, arguments)
        if arguments.action in {"import", "forget"}:
            decision = _decide(db, arguments)
            undo_id = decision.undo_id if decision else None
            show(arguments, {"undo": undo_id}, [str(decision.summary) if decision else "Nothing was changed."])
            return DONE
        found = [
            *({"id": one.format_id, "title": one.title, "ours": False} for one in taught.definitions(db)),
            *({"id": one.id, "title": str(one.title), "ours": True} for one in FORMATS),
        ]
    show(arguments, found, [f"{one['id']:24} {one['title']}" for one in found])
    return DONE


def _decide(db: Connection, arguments: argparse.Namespace) -> Decision | None:
    if arguments.action == "forget":
        return taught.remove(db, arguments.id.removeprefix(definition.PREFIX))
    return taught.keep(db, definition.read_file(Path(arguments.file)))


def _export(db: Connection, arguments: argparse.Namespace) -> int:
    told = taught.one(db, arguments.id.removeprefix(definition.PREFIX))
    Path(arguments.file).write_text(told.written(), encoding="utf-8")
    show(arguments, {"file": arguments.file}, [arguments.file])
    return DONE


def _try(arguments: argparse.Namespace) -> int:
    told = definition.read_file(Path(arguments.file))
    lines = teaching.cleaned(_beginning(Path(arguments.log)))
    _, tried = teaching.try_on(told, lines[1:] if told.table is not None and told.table.header else lines)
    value = {"lines": tried.total, "fit": tried.fit, "timed": tried.timed, "names": list(tried.names)}
    show(arguments, value, [f"{tried.fit} of {tried.total} lines fit, {tried.timed} with a time"])
    return DONE


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(teaching.SAMPLE_LINES * teaching.LONGEST_LINE).decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(
            text("%(name)s cannot be read.", name=str(path)),
            why=system_says(error),
        ) from error
