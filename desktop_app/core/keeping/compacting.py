"""Compaction: small segments of a live source become one, and nothing that a person sees changes.

Event ids stay, so evidence and links hold; what the segments contributed to findings is added up; the tallies of
correlations are put into one block, which part of a firing each is kept. Undoing the import is a drop as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import orjson

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.merging import merge
from desktop_app.core.events.writer import remove_file
from desktop_app.core.judging import blocks, tallies
from desktop_app.core.judging.blocks import Block, Mask, Whole
from desktop_app.core.judging.examine import chart
from desktop_app.core.judging.tallies import Head
from desktop_app.core.sigma.model import CorrelationRows

_LISTED = "(SELECT value FROM json_each(?))"


def compact(desk: Desk, db: Connection, ids: Sequence[int], besides: int | None = None) -> list[str] | None:
    """Put segments of one import, file and log source into one; return the files that may go now.

    None where that must wait: one cannot be read, was taken away meanwhile, or a job (``besides`` the one that asks)
    is at work that may hold them.
    """
    segments = catalogue.by_ids(db, sorted(ids))
    made = merge(desk.folder, desk.events, db, segments)
    if made is None:
        return None
    try:
        with writing(db):
            if _stand(db, ids, besides):
                first = segments[0]
                [merged] = catalogue.add(
                    db, [made], file_id=first.file_id, import_id=first.import_id, created=desk.clock()
                )
                _add_up(db, ids, merged)
                _join_tallies(db, ids, merged)
                return catalogue.remove(db, ids)
    except BaseException:
        remove_file(desk.folder.segments / made.path)
        raise
    remove_file(desk.folder.segments / made.path)
    return None


def _stand(db: Connection, ids: Sequence[int], besides: int | None) -> bool:
    """Say whether nobody else holds these segments: a detection in between would miss the new one."""
    if rows(db, "SELECT 1 FROM jobs WHERE state IN ('queued', 'running') AND id IS NOT ? LIMIT 1", [besides]):
        return False
    listed = orjson.dumps(list(ids)).decode()
    [found] = rows(db, f"SELECT COUNT(*) AS n FROM segments WHERE state = 'live' AND id IN {_LISTED}", [listed])
    return bool(found["n"] == len(ids))


def _add_up(db: Connection, ids: Sequence[int], merged: int) -> None:
    """Give the new segment the sum of what the others contributed."""
    listed = orjson.dumps(list(ids)).decode()
    found = rows(db, f"SELECT * FROM contributions WHERE segment_id IN {_LISTED} ORDER BY finding_id, first", [listed])
    for finding_id, members in groupby(found, key=lambda row: row["finding_id"]):
        parts = list(members)
        db.execute(
            "INSERT INTO contributions (finding_id, segment_id, count, first, last, times) VALUES (?, ?, ?, ?, ?, ?)",
            (finding_id, merged, sum(one["count"] for one in parts), min(one["first"] for one in parts),
             max(one["last"] for one in parts), orjson.dumps(_charted(parts)).decode()),
        )  # fmt: skip


def _charted(parts: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, int], ...]:
    pairs = [pair for one in parts for pair in orjson.loads(one["times"])]
    if not pairs:
        return ()
    starts, counts = np.array(pairs, np.int64).T
    return chart(np.repeat(starts, counts))


def _join_tallies(db: Connection, ids: Sequence[int], merged: int) -> None:
    """Put the blocks of each correlation and base rule into one block of the new segment."""
    listed = orjson.dumps(list(ids)).decode()
    found = rows(
        db,
        "SELECT id, rule_id, base_id, segment_id, tallies, first, last FROM correlation_blocks"
        f" WHERE segment_id IN {_LISTED} ORDER BY rule_id, base_id, id",
        [listed],
    )
    for (rule_id, base_id), members in groupby(found, key=lambda row: (row["rule_id"], row["base_id"])):
        heads = [Head(**{name: row[name] for name in Head.__dataclass_fields__}) for row in members]
        block, fired = _joined(db, rule_id, base_id, heads)
        tallies.add(db, merged, block)
        [head] = tallies.heads_of(db, rule_id, [base_id], [merged])
        tallies.mark(db, head, [(0, fired)])


def _joined(db: Connection, rule_id: str, base_id: str, heads: Sequence[Head]) -> tuple[Block, Mask]:
    keys: dict[str, int] = {}
    values: dict[str | None, int] = {}
    parts = [_read(db, head, keys, values) for head in heads]
    groups, times, events, codes, fired = (np.concatenate(column) for column in zip(*parts, strict=True))
    distinct = tuple(values)
    found = CorrelationRows(rule_id, base_id, np.arange(len(times)), groups, (), distinct, codes)
    block = blocks.arrange(found, list(keys), groups, times, events)
    # ``arrange`` sorts by group, time and event; the marks follow their tallies.
    rank = np.empty(len(keys), np.int64)
    rank[np.argsort(blocks.hashes_of(list(keys)), kind="stable")] = np.arange(len(keys))
    return block, fired[np.lexsort((events, times, rank[groups]))]


def _read(
    db: Connection, head: Head, keys: dict[str, int], values: dict[str | None, int]
) -> tuple[Whole, Whole, Whole, Whole, Mask]:
    """Return the tallies of a block: group, time, event, value and mark of each; keys and values are numbered anew."""
    _, ends = tallies.index(db, head.id)
    names = np.array([keys.setdefault(str(one), len(keys)) for one in tallies.keys(db, head.id)], np.int64)
    groups = np.repeat(names, ends - blocks.starts(ends))
    distinct, codes = tallies.counted(db, head.id)
    if distinct:
        numbers = np.array([values.setdefault(one, len(values)) for one in distinct], np.int64)
        codes = numbers[codes]
    else:
        codes = np.zeros(len(groups), np.int64)
    return groups, tallies.times(db, head.id), tallies.events(db, head.id), codes, tallies.fired(db, head)
