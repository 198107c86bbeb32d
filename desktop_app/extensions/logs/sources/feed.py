"""What a live source gives: records as they come, with the cursor that stands behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.model import Micros
from desktop_app.extensions.logs.sources.decode import otherwise

FLUSH_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class Loss:
    """Records that came and could not be kept: from when to when, how many are known (0: unknown), and why."""

    start: Micros
    end: Micros
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a log records come from: the stem of its name, its first bytes, and from where to where.

    ``head`` and ``tail`` are lengths with digests: the first bytes, and the last before ``end``. ``first`` and ``last``
    number the records, ``start`` and ``end`` the bytes.
    """

    stem: str
    head: tuple[int, str]
    first: int
    last: int
    start: int
    end: int
    tail: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Portion:
    """Records that arrived, in order, and what to remember once they are stored.

    ``key``: a stable path and a name for where they come from, one file of the day's import each. ``format`` is the
    id of their format. ``numbers``, ascending, are those of the records in their log where the format remembers them.
    ``peers`` are the addresses that sent each of them, empty where nobody did. ``state`` is what the format remembered
    of that place; what it remembers then goes to ``cursor["files"][state_of]``. ``first`` and ``last``: when they
    arrived. ``cursor`` None: nothing to go on from. ``size`` in bytes. ``stretch``: which part of a log this is.
    ``complaint``: what one of those that were ``refused`` does wrong, where a person can mend it.
    ``replaces``: behind which record of which imported files is read again.
    """

    raw: Sequence[str]
    key: tuple[str, str]
    format: str
    first: Micros
    last: Micros
    size: int
    peers: Sequence[str] = ()
    numbers: Sequence[int] = ()
    cursor: dict[str, Any] | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    state_of: str = ""
    losses: Sequence[Loss] = ()
    refused: int = 0
    complaint: WatchdeskError | None = None
    stretch: Stretch | None = None
    replaces: Mapping[int, int] = field(default_factory=dict)


class Feed(Protocol):
    """A live source at work. ``take`` is called from one thread; nothing here may raise but WatchdeskError and OSError.

    ``problem``: why it can't listen (any more). ``address``: where it listens. ``gapless``: what came while nobody
    listened is there to be read later.
    """

    problem: WatchdeskError | None
    address: str
    gapless: bool

    def start(self) -> None:
        """Begin to listen."""

    def stop(self) -> None:
        """Stop listening; what arrived can still be taken."""

    def waiting(self) -> int:
        """Return how many records wait, as far as that is known without reading."""

    def take(self, most: int) -> Portion | None:
        """Return at most so many records; None where nothing came. The next call goes on behind them."""


def texts_of(records: Sequence[bytes]) -> list[str]:
    """Decode messages: UTF-8, and one that is not as what it looks like. NUL characters are left out."""
    joined = b"\n".join(records)
    try:
        decoded = joined.decode()
    except UnicodeDecodeError:
        return [_text_of(one) for one in records]
    if "\0" in decoded or decoded.count("\n") != len(records) - 1:
        return [_text_of(one) for one in records]
    return decoded.split("\n")


def _text_of(record: bytes) -> str:
    try:
        decoded = record.decode()
    except UnicodeDecodeError:
        _, decoded = otherwise(record)
    return decoded.removeprefix("\ufeff").replace("\0", "")
