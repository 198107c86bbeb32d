"""The tables of tallies: what each segment brought to each correlation, one row a base rule (``blocks`` says how).

The head of a block says in which time its tallies lie and which of them are part of a firing; the arrays lie in a table
of their own, so that marking a firing does not write them again. Blocks go with their segment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from desktop_app.core.database import Connection, rows
from desktop_app.core.judging import blocks
from desktop_app.core.judging.blocks import Block, Mask, Whole
from desktop_app.core.model import Micros

# Lists of ids go in as JSON: SQLite limits the number of parameters.
_LISTED = "(SELECT value FROM json_each(?))"
_HEADS = "SELECT id, base_id, segment_id, tallies, first, last FROM correlation_blocks"


@dataclass(frozen=True, slots=True)
class Head:
    """A stored block without its arrays; ``first`` and ``last`` are times of tallies."""

    id: int
    base_id: str
    segment_id: int
    tallies: int
    first: Micros
    last: Micros


@dataclass(frozen=True, slots=True)
class Changed:
    """Groups of one correlation, by ascending hash, and the times between which the tallies of each changed."""

    hashes: Whole
    first: Whole
    last: Whole

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.hashes)

    def take(self, which: Mask | Whole) -> Changed:
        """Return some of the groups."""
        return Changed(self.hashes[which], self.first[which], self.last[which])


class Touched:
    """Which groups of which correlations have other tallies than they had."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Changed]] = {}

    def add(self, rule_id: str, hashes: Whole, ends: Whole, times: Whole) -> None:
        """Note that the tallies of a block came or went."""
        changed = Changed(hashes, times[blocks.starts(ends)], times[ends - 1])
        self._parts.setdefault(rule_id, []).append(changed)

    @property
    def rules(self) -> list[str]:
        """The correlations that were touched."""
        return sorted(self._parts)

    def of(self, rule_id: str) -> Changed:
        """Return the touched groups of a correlation, each once, from its first to its last time."""
        parts = self._parts[rule_id]
        hashes, where = np.unique(np.concatenate([one.hashes for one in parts]), return_inverse=True)
        first = np.full(len(hashes), np.iinfo(np.int64).max)
        last = np.full(len(hashes), np.iinfo(np.int64).min)
        np.minimum.at(first, where, np.concatenate([one.first for one in parts]))
        np.maximum.at(last, where, np.concatenate([one.last for one in parts]))
        return Changed(hashes, first, last)


# --- what comes and goes: inside ``writing()`` ------------------------------------------------------------------------


def add(db: Connection, segment_id: int, block: Block) -> None:
    """Store what a segment brought."""
    cursor = db.execute(
        "INSERT INTO correlation_blocks (rule_id, base_id, segment_id, tallies, first, last, fired)"
        " VALUES (?, ?, ?, ?, ?, ?, x'')",
        (block.rule_id, block.base_id, segment_id, len(block), int(block.times.min()), int(block.times.max())),
    )
    pack, pack_texts = blocks.pack, blocks.pack_texts
    packed = (
        block.hashes.astype("<i8").tobytes(), pack(block.ends), pack_texts(block.keys), pack(block.times),
        pack(block.events), pack_texts(block.distinct), pack(block.codes),
    )  # fmt: skip
    db.execute(
        'INSERT INTO correlation_tallies (block_id, hashes, ends, keys, times, events, "distinct", codes)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (cursor.lastrowid, *packed),
    )


def remove(db: Connection, segment_ids: Sequence[int], touched: Touched, rules: Collection[str] | None = None) -> None:
    """Drop what segments brought and tell it to ``touched``; of some correlations only where ``rules`` are given."""
    listed = [orjson.dumps(segment_ids).decode()]
    where = f"FROM correlation_blocks WHERE segment_id IN {_LISTED}"
    if rules is not None:
        where += f" AND rule_id IN {_LISTED}"
        listed.append(orjson.dumps(list(rules)).decode())
    for row in rows(db, f"SELECT id, rule_id {where}", listed):
        touched.add(row["rule_id"], *index(db, row["id"]), times(db, row["id"]))
    db.execute(f"DELETE {where}", listed)


def mark(db: Connection, head: Head, places: Sequence[tuple[int, Mask]]) -> None:
    """Store which tallies of stretches of a block, each by where it begins, are part of a firing."""
    mask = fired(db, head)
    for start, part in places:
        mask[start : start + len(part)] = part
    db.execute("UPDATE correlation_blocks SET fired = ? WHERE id = ?", (blocks.pack_mask(mask), head.id))


# --- questions --------------------------------------------------------------------------------------------------------


def heads(db: Connection, rule_id: str, bases: Iterable[str], first: Micros, last: Micros) -> list[Head]:
    """Return the blocks of a correlation in segments that have some of its tallies between two times."""
    found = rows(
        db,
        f"{_HEADS} WHERE rule_id = ? AND segment_id IN (SELECT segment_id FROM correlation_blocks"
        " WHERE rule_id = ? AND last >= ? AND first <= ?) ORDER BY id",
        [rule_id, rule_id, first, last],
    )
    return _counted(found, bases)


def heads_of(db: Connection, rule_id: str, bases: Iterable[str], segment_ids: Sequence[int]) -> list[Head]:
    """Return the blocks of a correlation in some segments."""
    listed = orjson.dumps(segment_ids).decode()
    return _counted(rows(db, f"{_HEADS} WHERE rule_id = ? AND segment_id IN {_LISTED}", [rule_id, listed]), bases)


def _counted(found: Iterable[Mapping[str, object]], bases: Iterable[str]) -> list[Head]:
    known = set(bases)
    return [Head(**row) for row in found if row["base_id"] in known]  # type: ignore[arg-type] # the columns are its fields


def reach(db: Connection, rule_id: str) -> tuple[Micros, Micros]:
    """Return the first and the last time of all tallies of a correlation; (0, 0) where it has none."""
    [row] = rows(db, "SELECT MIN(first) AS a, MAX(last) AS b FROM correlation_blocks WHERE rule_id = ?", [rule_id])
    return row["a"] or 0, row["b"] or 0


def index(db: Connection, block_id: int) -> tuple[Whole, Whole]:
    """Return the hashes of a block's groups and where the tallies of each end."""
    hashes, ends = _read(db, block_id, "hashes", "ends")
    return np.frombuffer(hashes, "<i8"), blocks.unpack(ends)


def times(db: Connection, block_id: int) -> Whole:
    """Return the times of a block's tallies."""
    return blocks.unpack(_read(db, block_id, "times")[0])


def events(db: Connection, block_id: int) -> Whole:
    """Return the events of a block's tallies."""
    return blocks.unpack(_read(db, block_id, "events")[0])


def counted(db: Connection, block_id: int) -> tuple[list[str | None], Whole]:
    """Return the values that are counted, and the index of the value of each tally; both empty where none are."""
    distinct, codes = _read(db, block_id, '"distinct"', "codes")
    return blocks.unpack_texts(distinct), blocks.unpack(codes)


def keys(db: Connection, block_id: int) -> list[str | None]:
    """Return the keys of a block's groups."""
    return blocks.unpack_texts(_read(db, block_id, "keys")[0])


def fired(db: Connection, head: Head) -> Mask:
    """Return which tallies of a block are part of a firing."""
    found = db.execute("SELECT fired FROM correlation_blocks WHERE id = ?", (head.id,)).fetchone()
    return blocks.unpack_mask(found[0], head.tallies)


def _read(db: Connection, block_id: int, *columns: str) -> tuple[bytes, ...]:
    sql = f"SELECT {', '.join(columns)} FROM correlation_tallies WHERE block_id = ?"
    found: tuple[bytes, ...] = db.execute(sql, (block_id,)).fetchone()
    return found
