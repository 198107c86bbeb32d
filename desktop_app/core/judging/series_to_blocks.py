"""Tallies of correlations as desks of the first version hold them, one row a group and segment, turned into blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import orjson
from sqlite_utils import Database

from desktop_app.core.judging import blocks, tallies
from desktop_app.core.judging.blocks import Block
from desktop_app.core.sigma.model import CorrelationRows

_ROWS = (
    'SELECT rule_id, base_id, key, times, events, "distinct" AS said, codes, fired FROM correlation_series'
    " WHERE segment_id = ? ORDER BY rule_id, base_id, key"
)


_TABLES = (
    # What a segment brought to a correlation by one base rule (``judging/blocks.py`` says how the arrays are packed).
    # fired: bits that say which tallies are part of a firing.
    """CREATE TABLE correlation_blocks (
        id INTEGER PRIMARY KEY, rule_id TEXT NOT NULL, base_id TEXT NOT NULL,
        segment_id INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,
        tallies INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, fired BLOB NOT NULL,
        UNIQUE (segment_id, rule_id, base_id)) STRICT""",
    "CREATE INDEX correlation_blocks_time ON correlation_blocks (rule_id, last, first, segment_id)",
    """CREATE TABLE correlation_tallies (
        block_id INTEGER PRIMARY KEY REFERENCES correlation_blocks ON DELETE CASCADE, hashes BLOB NOT NULL,
        ends BLOB NOT NULL, keys BLOB NOT NULL, times BLOB NOT NULL, events BLOB NOT NULL, "distinct" BLOB NOT NULL,
        codes BLOB NOT NULL) STRICT""",
)


def upgrade(db: Database) -> None:
    """Make the tables of blocks, and fill them from the table that was there before."""
    for statement in _TABLES:
        db.execute(statement)
    # A desk from before the first version counted in another table; detection run again counts there anew.
    if db["correlation_series"].exists():
        convert(db)
        db.execute("DROP TABLE correlation_series")


def convert(db: Database) -> None:
    """Turn ``correlation_series`` into blocks, a segment at a time."""
    for (segment_id,) in db.execute("SELECT DISTINCT segment_id FROM correlation_series ORDER BY 1").fetchall():
        found = db.query(_ROWS, [segment_id])
        for (rule_id, base_id), members in groupby(found, key=lambda row: (row["rule_id"], row["base_id"])):
            _store(db, segment_id, *_block(rule_id, base_id, list(_slim(members))))


def _slim(members: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Keep of each group only the values that it counts: every row repeats those of the whole segment."""
    text, values = "[]", []
    for row in members:
        if row["said"] != text:
            text, values = row["said"], orjson.loads(row["said"])
        codes = np.frombuffer(row["codes"], "<i4").astype(np.int64)
        said, codes = blocks.compact(values, codes) if values else ((), codes[:0])
        yield {**row, "said": said, "codes": codes}


def _block(rule_id: str, base_id: str, members: Sequence[dict[str, Any]]) -> tuple[Block, Any]:
    sizes = [len(row["times"]) // 8 for row in members]
    groups = np.repeat(np.arange(len(members)), sizes)
    times, events = (
        np.concatenate([np.frombuffer(row[name], "<i8") for row in members]) for name in ("times", "events")
    )
    fired = np.concatenate([np.frombuffer(row["fired"], np.uint8) for row in members]).astype(bool)
    known: dict[str | None, int] = {}
    codes = [np.array([known.setdefault(one, len(known)) for one in row["said"]], np.int64)[row["codes"]]
             for row in members if row["said"]]  # fmt: skip
    distinct = tuple(known)
    counted = CorrelationRows(
        rule_id, base_id, np.arange(len(times)), groups, (), distinct,
        np.concatenate(codes) if distinct else np.zeros(0, np.int64),
    )  # fmt: skip
    made = blocks.arrange(counted, [row["key"] for row in members], groups, times, events)
    # Which place each tally has in the block, to take along whether it fired.
    rank = np.searchsorted(made.hashes, blocks.hashes_of([row["key"] for row in members]))
    return made, fired[np.lexsort((events, times, rank[groups]))]


def _store(db: Database, segment_id: int, block: Block, fired: Any) -> None:
    tallies.add(db, segment_id, block)
    db.execute(
        "UPDATE correlation_blocks SET fired = ? WHERE rule_id = ? AND base_id = ? AND segment_id = ?",
        (blocks.pack_mask(fired), block.rule_id, block.base_id, segment_id),
    )
