"""The command line; without an argument it opens the desktop.

Exit codes: 0 done, 1 findings at or above ``--fail-on``, 2 wrong use, 3 could not do it (one sentence on stderr).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from desktop_app.core.extension import Command

WRONG_USE, FAILED = 2, 3
_BACK = re.compile(r"-\d+[smhdw]")  # so long ago


def _commands() -> tuple[Command, ...]:
    from desktop_app.bundled import EXTENSIONS
    from desktop_app.core import cli, cli_desk, cli_retention
    from desktop_app.shell import commands
    from desktop_app.web import alert_commands
    from desktop_app.web import commands as pages
    from desktop_app.web.bringing import commands as bringing

    ours = (
        *cli.COMMANDS,
        *cli_desk.COMMANDS,
        *cli_retention.COMMANDS,
        *pages.COMMANDS,
        *alert_commands.COMMANDS,
        *bringing.COMMANDS,
        *commands.COMMANDS,
    )
    return (*ours, *(one for extension in EXTENSIONS for one in extension.commands))


class _Words(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the words of a command, and where to read on."""

    def error(self, message: str) -> NoReturn:
        """Leave with the exit code for wrong use."""
        self.exit(WRONG_USE, f"{self.prog}: {message}. See {self.prog} --help.\n")


def _parser(commands: Sequence[Command], chosen: str | None) -> argparse.ArgumentParser:
    """Name every command, but let only the chosen one load what its words need: starting must stay quick."""
    from desktop_app.core.cli import shared_words

    shared: Any = shared_words()
    parser = _Words(
        prog="watchdesk",
        description="Reads logs and says what is wrong. Without a command it opens the desktop.",
        parents=[shared],
    )
    named = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in sorted(commands, key=lambda one: one.name):
        words = named.add_parser(command.name, help=command.help, parents=[shared])
        if command.name == chosen:
            command.configure(words)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run one command, or the desktop, and return the exit code."""
    from desktop_app.bundled import load
    from desktop_app.core.crashes import write_note
    from desktop_app.core.desk import Desk
    from desktop_app.core.errors import UsageError, WatchdeskError, unexpected
    from desktop_app.core.paths import data_folder
    from desktop_app.shell.printing import print_pdf

    commands = _commands()
    chosen = _chosen(arguments, commands)
    words = arguments if chosen or {"-h", "--help"} & set(arguments) else ["desktop", *arguments]
    given = _parser(commands, chosen or "desktop").parse_args(_joined(words))
    given.json = getattr(given, "json", False)
    desk = Desk(data_folder(getattr(given, "data_dir", None)), load(), load=load, printer=print_pdf)
    command = next(one for one in commands if one.name == given.command)
    try:
        if command.opens:
            desk.prepare()
        return command.run(desk, given)
    except UsageError as error:
        return _say(error, WRONG_USE)
    except WatchdeskError as error:
        return _say(error, FAILED)
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing is left to flush to them at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the boundary of a command: never a traceback, and never the exit code 1
        write_note(desk.folder.create(), error)
        return _say(unexpected(error), FAILED)


def _joined(words: Sequence[str]) -> list[str]:
    """Let a time such as ``-24h`` stand behind its option: alone it would be taken for an option itself."""
    made: list[str] = []
    for word in words:
        if made and _BACK.fullmatch(word) and made[-1] in ("--from", "--to"):
            made[-1] += f"={word}"
        else:
            made.append(word)
    return made


def _chosen(arguments: Sequence[str], commands: Sequence[Command]) -> str | None:
    """Return the command that is named; none is a double click, or files dropped on the program's icon."""
    names = {one.name for one in commands}
    before = ["", *arguments]
    words = (one for one, last in zip(arguments, before, strict=False) if last != "--data-dir")
    return next((one for one in words if one in names), None)


def _say(error: Exception, code: int) -> int:
    print(error, file=sys.stderr)  # noqa: T201 - the one sentence that the exit code goes with
    return code


def main() -> int:
    """Run the program."""
    # First of all: a worker of the bundled program starts as this very program.
    multiprocessing.freeze_support()
    try:
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
