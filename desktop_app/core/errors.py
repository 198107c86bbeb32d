"""Errors that a person reads: what failed, why, and how to fix it.

Each area has one base class below ``WatchdeskError``. The sentences are ``Text`` and are rendered in the reader's
language where they are shown.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from desktop_app.core.text import Text, text


class WatchdeskError(Exception):
    """An expected failure, told as what, why and fix."""

    def __init__(self, what: Text, *, why: Text | None = None, fix: Text | None = None) -> None:
        self.what = what
        self.why = why
        self.fix = fix
        super().__init__(str(self))

    def parts(self) -> tuple[Text, ...]:
        """Return the sentences there are, in the order they are read."""
        return tuple(part for part in (self.what, self.why, self.fix) if part is not None)

    def __str__(self) -> str:
        """Return one line in English; what ends with a name or a value gets its stop."""
        *before, last = map(str, self.parts())
        return " ".join([*(one if one.endswith((".", "!", "?", ":")) else f"{one}." for one in before), last])

    def to_json(self) -> dict[str, object]:
        """Return what the jobs table keeps."""
        named = {"what": self.what, "why": self.why, "fix": self.fix}
        return {name: part.to_json() for name, part in named.items() if part is not None}


def error_parts(stored: Mapping[str, object]) -> tuple[Text, ...]:
    """Read back the sentences of an error that ``to_json`` stored."""
    parts = (stored.get(name) for name in ("what", "why", "fix"))
    return tuple(Text.from_json(part) for part in parts if isinstance(part, dict))


class UsageError(WatchdeskError):
    """The request itself is wrong: a command's words, a form's values, a query's grammar. Exit code 2."""


class SourceUnreadable(WatchdeskError):
    """Something to be read cannot be read, as a whole or from some point on."""


class StoreError(WatchdeskError):
    """The database or the event store cannot do what was asked."""


def system_says(error: Exception | str) -> Text:
    """Return the sentence with what the system, or a library, says of a fault; one line of at most 300 characters."""
    said = getattr(error, "strerror", None) or str(error)
    return text("The system says: %(detail)s", detail=said.splitlines()[0][:300] if said else "")


def unwritable(path: Path, error: OSError) -> WatchdeskError:
    """Return the error of a file or folder that a person named and that cannot be written."""
    return WatchdeskError(
        text("Cannot write to %(path)s.", path=str(path)),
        why=system_says(error),
        fix=text("Choose a folder that this account may write to."),
    )


class Cancelled(Exception):
    """A job noticed that it should stop."""


def unexpected(error: BaseException) -> WatchdeskError:
    """Wrap a fault that nobody foresaw, so that it too is told in sentences."""
    if isinstance(error, WatchdeskError):
        return error
    name = type(error).__name__
    if _no_space(error):
        return StoreError(
            text("The disk is full."),
            why=text("Nothing that was stored before is lost; what was being written was not kept."),
            fix=text("Free some space, then do it again."),
        )
    return WatchdeskError(
        text("Something unexpected went wrong: %(name)s: %(detail)s", name=name, detail=str(error)[:300]),
        fix=text("Details are in the log file; the page About shows where it is."),
    )


def _no_space(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        # An error of our own driver's making carries no code.
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno == errno.ENOSPC
