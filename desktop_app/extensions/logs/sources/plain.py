"""Plain lines: everything that no other format knows. A time is read where one stands near the beginning of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from desktop_app.core.model import Column, EventBatch, LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources.columns import Lines, level_of, present
from desktop_app.extensions.logs.sources.levels import level_in
from desktop_app.extensions.logs.sources.names import file_name
from desktop_app.extensions.logs.sources.stamps import Stamp, by_id, choose, read
from desktop_app.extensions.logs.sources.times import INVALID, resolve

SOURCE = LogSource(category="application", service="plain")

_LOGCAT = re.compile(r"\s+(\d+)\s+(\d+)\s+([VDIWEFA])\s+([^:]{1,80}?)\s*:")

_LOGCAT_FIELDS = (("process.pid", 1), ("process.thread.id", 2), ("process.name", 4))


class Plain(Lines):
    """One event a line; lines without a time belong to the one before."""

    id = "plain"
    title = text("Plain lines")

    def sniff(self, sample: Sample) -> float:
        """Accept any text, after everything else."""
        return 0.05 if sample.text is not None else 0.0

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Find times and levels; the text stays as it is."""
        reading.note(text("No known format was recognised: the lines are kept as they are."))
        if "stamp" not in reading.state:
            chosen = choose(records.raw)
            reading.state["stamp"] = chosen.id if chosen else None
        codes, levels, fields = _read_lines(records.raw, by_id(reading.state["stamp"]))
        times = resolve(np.array(codes, np.int64), records.ordinal, reading)
        rows = len(records)
        return [
            EventBatch(
                log_source=SOURCE,
                time=times,
                ordinal=records.ordinal,
                source=[file_name(reading.name)] * rows,
                host=[None] * rows,
                level=levels,
                message=[None] * rows,
                raw=records.raw,
                fields=present(fields),
                zone_assumed=reading.zone_assumed,
            )
        ]


def _read_lines(lines: Sequence[str], stamp: Stamp | None) -> tuple[list[int], list[str | None], dict[str, Column]]:
    codes: list[int] = [INVALID] * len(lines)
    levels: list[str | None] = [None] * len(lines)
    fields: dict[str, list[str | None]] = {}
    for row, line in enumerate(lines):
        found = stamp.find(line) if stamp else None
        if found:
            codes[row] = read(found)
        after = found.end() if found else 0
        if stamp is not None and stamp.id == "android" and (tag := _LOGCAT.match(line, after)):
            levels[row] = level_of(tag[3])
            for name, group in _LOGCAT_FIELDS:
                fields.setdefault(name, [None] * len(lines))[row] = tag[group]
        elif found or not stamp:
            levels[row] = level_in(line, after)
    return codes, levels, dict(fields)


PLAIN = Plain()
