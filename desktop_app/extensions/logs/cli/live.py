"""``watchdesk sources``: what was imported, and the live sources."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.core.cli import DONE, shared_words, show, whole_number
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.model import stamp
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.sources.feeds import place, warning
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import LiveSource

_CONFIG = (
    *("bind", "port", "tls_port", "udp", "tcp", "tls", "allow", "certificate", "key", "clients"),
    *("path", "start", "after", "zone", "silent"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``sources``; without any it lists the imports."""
    actions = parser.add_subparsers(dest="action", metavar="list | add KIND NAME | change | pause | resume | remove ID")
    shared = [shared_words()]
    actions.add_parser("list", help="list the live sources and how they fare", parents=shared)
    adding = actions.add_parser("add", help="add a live source and listen to it", parents=shared)
    adding.add_argument("kind", choices=tuple(deciding.USUAL))
    adding.add_argument("name")
    _words(adding)
    changing = actions.add_parser("change", help="change how a live source is configured", parents=shared)
    changing.add_argument("id", type=whole_number)
    changing.add_argument("--name")
    _words(changing)
    for name, told in (("pause", "stop listening"), ("resume", "listen again"), ("remove", "forget a live source")):
        actions.add_parser(name, help=told, parents=shared).add_argument("id", type=whole_number)


def _words(parser: argparse.ArgumentParser) -> None:
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--bind", metavar="ADDRESS", help="where to listen: 127.0.0.1 where it is not said")
    parser.add_argument("--port", type=int, metavar="N", help="for UDP and TCP, 5514 where it is not said")
    parser.add_argument("--tls-port", type=int, metavar="N", help="6514 where it is not said")
    for name in ("udp", "tcp", "tls"):
        parser.add_argument(f"--{name}", action=switch, default=None)
    parser.add_argument("--allow", action="append", metavar="NETWORK", help="who may send; may be given again")
    parser.add_argument("--certificate", metavar="FILE", help="of the listener, PEM; one is made where none is given")
    parser.add_argument("--key", metavar="FILE", help="of that certificate")
    parser.add_argument("--clients", metavar="FILE", help="authority that senders must have a certificate of")
    parser.add_argument("--path", metavar="PATH", help="file, pattern or folder to follow; the drop folder")
    parser.add_argument("--start", choices=("beginning", "end"), help="where following begins")
    parser.add_argument("--after", choices=("leave", "move"), help="what becomes of files of a drop folder")
    parser.add_argument("--zone", metavar="ZONE", help="time zone of lines that name none")
    parser.add_argument("--silent", type=int, metavar="MIN", help="minutes until it counts as silent; 0 is never")


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """List, or decide about one source."""
    with desk.connection() as db:
        if arguments.action is None:
            return _imports(db, arguments)
        if arguments.action == "list":
            found = live.sources(db)
            lines = [_line(one) for one in found]
            show(arguments, [_shown(one) for one in found], lines or ["There are no live sources yet."])
            return DONE
        source_id, decision = _decide(db, arguments)
        value: dict[str, Any] = {"id": source_id, "undo": decision.undo_id}
        told = live.sources(db)
        warned = next((warning(one.kind, one.config) for one in told if one.id == source_id), None)
        show(arguments, value, [str(decision.summary), *([str(warned)] if warned else [])])
    return DONE


def _imports(db: Connection, arguments: argparse.Namespace) -> int:
    shown = [
        {"id": one.id, "label": one.label, "state": one.state, "created": stamp(one.created), "files": one.files,
         "unread": one.unread, "events": one.events, "findings": one.findings, "zones": list(one.zones)}
        for one in service.import_rows(db)
    ]  # fmt: skip
    lines = [f"{one['id']:5}  {one['state']:8} {one['events']:>10,} events  {one['label']}" for one in shown]
    show(arguments, shown, lines or ["Nothing was imported yet."])
    return DONE


_ACTS: Mapping[str, Callable[[Connection, int], Decision]] = {
    "pause": deciding.pause, "resume": deciding.resume, "remove": deciding.remove,
}  # fmt: skip


def _decide(db: Connection, arguments: argparse.Namespace) -> tuple[int, Decision]:
    if arguments.action in _ACTS:
        return arguments.id, _ACTS[arguments.action](db, arguments.id)
    given = {name: value for name in _CONFIG if (value := getattr(arguments, name)) is not None}
    if arguments.action == "add":
        return deciding.add(db, arguments.kind, arguments.name, given)
    standing = live.source(db, arguments.id)
    return standing.id, deciding.change(db, standing.id, arguments.name or standing.name, given)


def _line(one: LiveSource) -> str:
    """Say a source on one line: last where it listens, or where it would, and what is wrong."""
    where = one.address if one.state == "listening" and one.address else place(one.kind, one.config)
    said = f"{one.id:5}  {one.state:9}  {one.events:>12,} events  {one.kind:8} {one.name}"
    return "  ".join(filter(None, (said, where, " ".join(map(str, one.error)))))


def _shown(one: LiveSource) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "name": one.name, "state": one.state, "address": one.address,
        "events": one.events, "rate": one.rate, "lost": one.lost, "refused": one.refused, "errors": one.errors,
        "last": stamp(one.arrived) if one.arrived else None, "silent": one.silent is not None,
        "error": " ".join(map(str, one.error)) or None,
    }  # fmt: skip
