"""A new version of the program that came as a file: looked at, never executed."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_app.core.errors import SourceUnreadable, system_says
from desktop_app.core.text import Text, text

SUMS = "SHA256SUMS"
LONGEST_SUMS = 1_000_000
_NAME = re.compile(r"watchdesk[\w.-]*\.(deb|exe|dmg|zip)|watchdesk[\w.-]*", re.IGNORECASE)

Verdict = Literal["right", "wrong", "unknown"]


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The file, its SHA-256, and what the list beside it says of that."""

    path: Path
    bytes: int
    sha256: str
    verdict: Verdict
    how: Text


def is_program(path: Path) -> bool:
    """Say whether a file has the name of a program of ours; nothing in it is looked at."""
    return path.is_file() and _NAME.fullmatch(path.name) is not None and path.suffix.lower() not in {".yml", ".yaml"}


def examine(path: Path) -> NewVersion:
    """Reckon the digest and hold it against the file ``SHA256SUMS`` beside it."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        raise SourceUnreadable(
            text("Cannot read %(path)s.", path=str(path)),
            why=system_says(error),
        ) from error
    return NewVersion(path, size, digest, _held_against(path, digest), _how())


def _held_against(path: Path, digest: str) -> Verdict:
    try:
        with (path.parent / SUMS).open(encoding="utf-8") as file:
            lines = file.read(LONGEST_SUMS).splitlines()
    except (OSError, UnicodeDecodeError):
        return "unknown"
    for line in lines:
        said, _, name = line.partition(" ")
        if name.strip().lstrip("*") == path.name:
            return "right" if said.lower() == digest else "wrong"
    return "unknown"


def _how() -> Text:
    """Say how the program is replaced on this system."""
    if sys.platform == "win32":
        return text("Quit Watchdesk, run the installer or put the new file in the old one's place, then start it.")
    if sys.platform == "darwin":
        return text("Quit Watchdesk, drag the new Watchdesk.app over the old one, then start it.")
    return text(
        "Quit Watchdesk, then install the .deb with your package manager or replace the old file, then start it."
    )
