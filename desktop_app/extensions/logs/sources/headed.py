"""Files in which lines that begin with # say what the columns of the lines below them are.

Such a header may stand anywhere and change: which line it holds from is kept in the reading's state.
"""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources.columns import pick
from desktop_app.extensions.logs.sources.cutting import LONGEST, SAMPLE_LINES, CutLines, Told
from desktop_app.extensions.logs.sources.decode import read_lines
from desktop_app.extensions.logs.sources.times import VALID

LAYOUTS = "layouts"  # in the reading's state: [line, layout] for each change
_MOST_CHANGES = 1_000
MOST_COLUMNS = 1_000

Layout = dict[str, Any]  # values of JSON only


class HeadedLines(CutLines):
    """A format whose header settles the columns of what follows."""

    mark = "#"

    @abstractmethod
    def learn(self, line: str, layout: Layout) -> Layout:
        """Return the layout that holds after a line of the header."""

    @abstractmethod
    def knows(self, layout: Layout) -> bool:
        """Say whether a layout is complete and one of the format's."""

    @abstractmethod
    def cells(self, line: str, layout: Layout) -> Told | None:
        """Cut a line in the columns of a layout; None where they do not fit."""

    def cut(self, line: str) -> Told | None:  # noqa: ARG002 - a line says nothing without its header
        """Return nothing: what a line says, ``cells`` tells with the layout that holds there."""
        return None

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that fit to the header above them."""
        layout: Layout = {}
        told: list[Told | None] = []
        heads = [line for line in sample.lines[:SAMPLE_LINES] if line]
        if not any(line.startswith(self.mark) for line in heads):
            return 0.0
        for line in heads:
            if line.startswith(self.mark):
                layout = self.learn(line[:LONGEST], layout)
            else:
                told.append(self.cells(line[:LONGEST], layout) if self.knows(layout) else None)
        if not told:
            return self.sure if self.knows(layout) else 0.0
        return self.sure * float(np.count_nonzero(self.times(told) > VALID)) / len(told)

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into lines; those of the headers are no records but settle the columns."""
        for records in read_lines(stream, reading):
            heads = [at for at, line in enumerate(records.raw) if line.startswith(self.mark)]
            for at in heads:
                self._note(records.raw[at][:LONGEST], int(records.ordinal[at]), reading)
            if not heads:
                yield records
                continue
            kept = sorted(set(range(len(records))).difference(heads))
            if kept:
                yield RecordBatch(pick(records.raw, kept), records.ordinal[kept], records.offset)

    def _note(self, line: str, ordinal: int, reading: Reading) -> None:
        layouts: list[list[Any]] = reading.state.setdefault(LAYOUTS, [])
        before = layouts[-1][1] if layouts else {}
        after = self.learn(line, before)
        if after != before and len(layouts) < _MOST_CHANGES:
            layouts.append([ordinal, after])

    def told(self, records: RecordBatch, reading: Reading) -> list[Told | None]:
        """Cut each line in the columns that hold where it stands."""
        layouts: Sequence[list[Any]] = reading.state.get(LAYOUTS, [])
        starts = [int(one[0]) for one in layouts]
        found: list[Told | None] = []
        for raw, ordinal in zip(records.raw, records.ordinal.tolist(), strict=True):
            at = bisect_right(starts, ordinal) - 1
            layout = layouts[at][1] if at >= 0 else {}
            found.append(self.cells(raw[:LONGEST], layout) if self.knows(layout) else None)
        return found
