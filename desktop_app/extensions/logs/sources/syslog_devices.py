"""Lines that devices write into a syslog file: the envelope is syslog's, the message has a shape of its own.

Only a message that begins with a device's mark is one: what stands further inside may be what an attacker typed, and
must not take a failed sign-in out of the log of sign-ins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from desktop_app.core.model import Column, EventBatch
from desktop_app.core.spans import Coded, Mask, Spans
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.columns import pick
from desktop_app.extensions.logs.sources.cutting import CutLines
from desktop_app.extensions.logs.sources.devices.cef import CEF, LEEF
from desktop_app.extensions.logs.sources.devices.cisco import CISCO
from desktop_app.extensions.logs.sources.spanning import begins

_FORMATS: tuple[CutLines, ...] = (CEF, LEEF, CISCO)
# How a message begins where another program's name stands before it, or none at all. No more than eight characters.
_WORDS = ("CEF:", "LEEF:", "%ASA-", "%FTD-", "%PIX-", ": %ASA-", ": %FTD-", ": %PIX-")

_FIRST = np.zeros(256, bool)
_FIRST[[ord(one[0]) for one in _WORDS]] = True


def rows(program: Column, message: Column) -> Mask:
    """Say which lines may be a device's: by what stands for the program's name, or by the beginning of the message."""
    if isinstance(program, Coded) and isinstance(message, Spans):
        near = np.flatnonzero(_FIRST[message.buffer[np.maximum(message.start, 0)]])
        named = np.array([*(_is_mark(one) for one in program.texts), False])[program.codes]
        named[near] |= begins(message.take(near), _WORDS)
        return named
    marks = {one for one in set(program) if _is_mark(one)}
    said = [one in marks or (words or "").startswith(_WORDS) for one, words in zip(program, message, strict=True)]
    return np.array(said, bool)


def _is_mark(program: str | None) -> bool:
    """``CEF: 0|...`` and ``%ASA-6-302013: ...`` are cut as if their marks were names of programs."""
    return program is not None and (program in {"CEF", "LEEF"} or CISCO.mark.match(f"{program}: ") is not None)


def read(records: RecordBatch, wanted: Mask, reading: Reading) -> tuple[list[EventBatch], Mask]:
    """Read the lines that are a device's after all; return their events, and which lines they are.

    After the whole batch had its times: what a file's years are is learned from all of its lines.
    """
    taken = np.zeros(len(wanted), bool)
    found: list[EventBatch] = []
    last = reading.state.get("last")
    for format_, lines in _told(records.raw, np.flatnonzero(wanted).tolist()):
        part = RecordBatch(pick(records.raw, lines), records.ordinal[lines], records.offset)
        found += format_.normalize(part, reading)
        taken[lines] = True
    if last is not None:
        reading.state["last"] = last
    return found, taken


def _told(raw: Sequence[str], lines: Sequence[int]) -> Iterator[tuple[CutLines, list[int]]]:
    by: dict[str, list[int]] = {}
    for line in lines:
        text = raw[line]
        known = next((one.id for one in _FORMATS if one.cut(text[: one.longest]) is not None), "")
        by.setdefault(known, []).append(line)
    return ((one, by[one.id]) for one in _FORMATS if one.id in by)
