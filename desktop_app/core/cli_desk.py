"""Commands about the desk itself, for the account that owns it."""

from __future__ import annotations

import argparse
import getpass
import sys

from desktop_app.core import passphrase
from desktop_app.core.cli import DONE, show
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Command

LONGEST_LINE = 4096


def typed(prompt: str) -> str:
    """Ask for a passphrase without showing it; from a pipe, one line is read."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")


def _configure_passphrase(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--set", action="store_true", help="choose a passphrase; asks for the present one first")
    what.add_argument("--remove", action="store_true", help="remove it, also when it is forgotten")


def _passphrase(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        if arguments.remove:
            passphrase.forget(db)
        elif arguments.set:
            old = typed("The present passphrase: ") if passphrase.is_set(db) else ""
            passphrase.choose(db, old, typed("The new one: "), typed("Once more: "), desk.clock())
        given = passphrase.is_set(db)
    line = "The pages ask for a passphrase." if given else "The pages ask for no passphrase."
    show(arguments, {"set": given}, [line])
    return DONE


COMMANDS = (Command("passphrase", "set or remove the passphrase of the pages", _configure_passphrase, _passphrase),)
