"""The commands of the shell: the desktop, the server alone, and what this machine allows."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.core.cli import DONE, show
from desktop_app.core.cli_desk import typed
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Command
from desktop_app.core.model import stamp
from desktop_app.core.text import text


def _configure_desktop(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders to import at once")
    parser.add_argument("--hidden", action="store_true", help="without showing the window; a second start shows it")


def _desktop(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.shell.start import open_desk

    for path in arguments.paths:
        if not Path(path).exists():
            raise UsageError(
                text("There is no command and no file called %(word)s.", word=path),
                fix=text("Run watchdesk --help for the commands."),
            )
    return open_desk(desk, arguments.paths, hidden=arguments.hidden)


def _port(words: str) -> int:
    if words.isascii() and words.isdigit() and int(words) < 65_536:
        return int(words)
    raise argparse.ArgumentTypeError("a port is a number up to 65535")


def _configure_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="a free port is chosen without it")


def _serve(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.shell.start import serve

    return serve(desk, arguments.port)


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser  # no words of its own


def _doctor(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.shell.doctor import examine

    found = examine(desk)
    shown = [
        {
            "subject": str(one.subject),
            "ok": one.trouble is None,
            "detail": str(one.trouble) if one.trouble else None,
        }
        for one in found
    ]
    lines = [
        f"{'ok ' if one['ok'] else '!! '} {one['subject']}{'  ' + str(one['detail']) if one['detail'] else ''}"
        for one in shown
    ]
    show(arguments, shown, lines)
    return DONE


def _configure_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup")
    parser.add_argument("--sealed", action="store_true", help="ask for the passphrase of the backup")
    parser.add_argument("--check", action="store_true", help="only say whether it is whole and what it holds")


def _restore(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.core.backup import checking, swap
    from desktop_app.shell.restoring import alone

    words = typed("The passphrase of the backup: ") if arguments.sealed else None
    with alone(desk.folder):
        manifest = checking.stage(desk, arguments.file, words)
        name = None if arguments.check else swap.put_in_place(desk.folder, desk.clock(), arguments.file.name)
        if name is None:
            checking.discard(desk)
        else:
            desk.prepare()
    shown = {"events": manifest.events, "findings": manifest.findings, "files": len(manifest.members),
             "program": manifest.program, "created": stamp(manifest.created), "aside": name}  # fmt: skip
    done = "The backup is whole" if name is None else f"Restored; the desk that was here lies in aside/{name}"
    show(arguments, shown, [f"{done}: {manifest.events:,} events, {manifest.findings:,} findings"])
    return DONE


def _configure_print(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="HTML", help="a self-contained file, as a report is")
    parser.add_argument("target", type=Path, metavar="PDF")


def _print(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.shell import pdf, printing

    del desk
    if not arguments.source.is_file():
        raise UsageError(text("There is no such file: %(path)s", path=str(arguments.source)))
    if not printing.print_here(arguments.source, arguments.target):
        raise printing.failed()
    pdf.finish(arguments.source, arguments.target)
    show(arguments, {"path": str(arguments.target)}, [str(arguments.target)])
    return DONE


COMMANDS = (
    Command("restore", "put a backup in the place of the desk", _configure_restore, _restore),
    Command("desktop", "open the desktop; the same as no command", _configure_desktop, _desktop),
    Command("serve", "run the server alone and print its address", _configure_serve, _serve),
    Command("doctor", "say what this machine allows and what it hides", _nothing, _doctor),
    Command("print", "print a report's HTML file to PDF", _configure_print, _print, opens=False),
)
