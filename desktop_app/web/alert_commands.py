"""The command that lists the channels of alerts and tries one.

Mail, TLS and HTTP take their time to load, and every start of the program reads these words: only its work loads them.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from desktop_app.core.cli import DONE, show
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Command
from desktop_app.core.text import text
from desktop_app.web import i18n

if TYPE_CHECKING:
    from desktop_app.core.alerts.channels import AlertChannel


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["list", "test"], default="list", help="list them, or send a test")
    parser.add_argument("name", nargs="?", metavar="NAME", help="the channel that is tested")


def _run(desk: Desk, arguments: argparse.Namespace) -> int:
    if (arguments.what == "test") != (arguments.name is not None):
        raise UsageError(text("Name the channel that is tested: watchdesk alerts test NAME."))
    with desk.connection() as db:
        return _test(desk, db, arguments) if arguments.what == "test" else _list(db, arguments)


def _list(db: Connection, arguments: argparse.Namespace) -> int:
    from desktop_app.core.alerts import channels

    found = [channels.told(one, channels.standing(db, one), str) for one in channels.listing(db)]
    lines = [
        f"{one['name']}  {one['kind']}, {'on' if one['enabled'] else 'off'}, {one['waiting']} waiting"
        f"{'  ' + ' '.join(one['problem']) if one['problem'] else ''}"
        for one in found
    ]
    show(arguments, found, lines or ["No channels."])
    return DONE


def _named(db: Connection, name: str) -> AlertChannel:
    from desktop_app.core.alerts import channels

    for one in channels.listing(db):
        if one.name.casefold() == " ".join(name.split()).casefold():
            return one
    raise UsageError(text("There is no channel called %(name)s.", name=name), fix=text("watchdesk alerts lists them."))


def _test(desk: Desk, db: Connection, arguments: argparse.Namespace) -> int:
    from desktop_app.core.alerts import carriers, secrets
    from desktop_app.core.alerts.kinds import KINDS

    one = _named(db, arguments.name)
    held = secrets.read(one.secret, KINDS[one.kind].secrets(one.config))
    note = carriers.send(one.kind, carriers.parcel(desk, db, one, held, i18n.translator(one.language).say))
    lines = [f"Sent by {one.name}.", *([str(note)] if note else [])]
    show(arguments, {"sent": one.name, "note": str(note) if note else None}, lines)
    return DONE


COMMANDS = (Command("alerts", "list the channels of alerts, or send a test by one", _configure, _run),)
