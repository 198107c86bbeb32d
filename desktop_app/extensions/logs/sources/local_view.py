"""What *Look at this computer* finds: what can be read, and what is hidden from this account."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.core.text import Text, text

MAX_FILES = 20_000
MAX_DEPTH = 8
MAX_HIDDEN = 12
# Records of sign-ins and of the journal in forms that only their own programs read.
BINARY = {"wtmp", "btmp", "lastlog", "faillog", "utmp", "tallylog"}
BINARY_ENDINGS = (".journal", ".journal~", ".db", ".tracev3", ".asl", ".mbox", ".sqlite")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something this account may not read, or that has another form, and the command that would show it."""

    what: Text
    command: str


@dataclass(slots=True)
class LocalView:
    """What this account can read here: files, whether there is a journal to ask, and Windows channels."""

    inputs: list[Path] = field(default_factory=list)
    journal: bool = False
    channels: list[str] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)


@dataclass(slots=True)
class Scan:
    """Files below a folder: readable ones, those that are denied, and those in a binary form of their own."""

    readable: list[Path] = field(default_factory=list)
    denied: list[Path] = field(default_factory=list)
    binary: list[Path] = field(default_factory=list)
    cut: bool = False


def scan(folder: Path) -> Scan:
    """Look through a folder of logs without following links; empty files and sockets are left out."""
    found = Scan()
    for number, path in enumerate(_walk(folder, found)):
        if number >= MAX_FILES:
            found.cut = True
            break
        try:
            status = path.lstat()
        except OSError:
            continue  # rotated away in this moment
        if not stat.S_ISREG(status.st_mode) or not status.st_size:
            continue
        if is_binary(path.name):
            found.binary.append(path)
        elif os.access(path, os.R_OK):
            found.readable.append(path)
        else:
            found.denied.append(path)
    return found


def is_binary(name: str) -> bool:
    """Say whether a file of this name, rotated or not, is one that no text format reads."""
    return name.partition(".")[0].partition("-")[0] in BINARY or name.endswith(BINARY_ENDINGS)


def _walk(folder: Path, found: Scan) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        if isinstance(error, PermissionError):
            found.denied.append(Path(error.filename))

    for parent, folders, files in os.walk(folder, onerror=refused):
        folders.sort()
        if len(Path(parent).relative_to(folder).parts) >= MAX_DEPTH:
            folders.clear()
        yield from (Path(parent, name) for name in sorted(files))


def hidden_files(found: Scan, command: Callable[[Path], str]) -> list[Hidden]:
    """Name what a scan could not read; ``command`` says what would show a path."""
    named = [Hidden(text("%(path)s: this account may not read it", path=str(path)), command(path))
             for path in found.denied[:MAX_HIDDEN]]  # fmt: skip
    if len(found.denied) > MAX_HIDDEN:
        rest = text("%(count)s more files that this account may not read", count=len(found.denied) - MAX_HIDDEN)
        named.append(Hidden(rest, command(found.denied[-1].parent)))
    if found.cut:
        named.append(Hidden(text("There are more than %(count)s files; the rest was left out.", count=MAX_FILES), ""))
    return named
