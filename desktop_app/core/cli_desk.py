"""Commands about the desk itself, for the account that owns it."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from desktop_app.core.cli import DONE, FOUND, show
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import checking
from desktop_app.core.extension import Command
from desktop_app.core.text import text

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
    from desktop_app.core import passphrase  # every start of the program reads these words, few do the work

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


def _configure_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--seal", action="store_true", help="ask for a passphrase and encrypt the file with it")


def _backup(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.core.backup import archive  # as above

    words = typed("A passphrase for the backup: ") if arguments.seal else None
    if words is not None and typed("Once more: ") != words:
        raise UsageError(text("The two passphrases differ."), fix=text("Type it twice the same way."))
    made = archive.write(desk, arguments.output, words)
    size = arguments.output.stat().st_size
    shown = {"path": str(arguments.output), "bytes": size, "events": made.events, "findings": made.findings,
             "files": len(made.members), "damaged": list(made.damaged)}  # fmt: skip
    lines = [f"{arguments.output}: {size:,} bytes, {made.events:,} events, {made.findings:,} findings"]
    show(arguments, shown, lines + [f"was damaged before: {path}" for path in made.damaged])
    return DONE


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser  # no words of its own


def _verify(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        found = [str(one) for one in checking.damages(desk.folder, db)]
        segments, evidence = checking.amounts(db)
    value = {"segments": segments, "evidence": evidence, "damages": found}
    whole = f"{segments:,} event files and {evidence:,} pieces of evidence are what was written."
    show(arguments, value, found or [whole])
    return FOUND if found else DONE


COMMANDS = (
    Command("verify", "hold event files and evidence against their digests", _nothing, _verify),
    Command("passphrase", "set or remove the passphrase of the pages", _configure_passphrase, _passphrase),
    Command("backup", "write the whole desk as one file", _configure_backup, _backup),
)
