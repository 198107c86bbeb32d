"""Message templates of a search: what kinds of messages there are, how many of each, since when.

The masks (``masks``) of a segment are counted once and kept in the database beside its catalogue row, so that a second
look reads no file; they go with the segment. A search with conditions counts the masks of what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.masks import MASK, merged
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.engine import Engine, Statement, source
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.model import Micros

MOST_MASKS = 1_000  # a segment; rarer ones are counted together
BUDGET = 3_000_000  # events that are mined for one answer; the next one goes on
_LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of message. ``since`` is when it was first seen in all that is stored; ``example`` an event's id."""

    text: str
    count: int
    first: Micros
    last: Micros
    example: int
    since: Micros


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a search, the commonest first.

    ``others``: events of masks too rare to be kept apart. ``unmined``: events that were not looked at yet.
    """

    found: tuple[Template, ...]
    others: int
    unmined: int
    missing: tuple[Missing, ...] = ()


Seen = tuple[int, Micros, Micros, int]  # how many, first, last, the id of one


def templates(engine: Engine, db: Connection, plan: Plan) -> Templates:
    """Return the templates of a plan's events."""
    unmined = mine(engine, db, catalogue.live(db))
    whole = [segment.id for part in plan.parts if part.condition is None for segment in part.segments]
    counted, others = _kept(db, whole)
    plan.parts = [part for part in plan.parts if part.condition is not None]
    for mask, seen in _scanned(engine, db, plan):
        counted[mask] = _joined(counted.get(mask), seen)
    since = _since(db)
    kinds = merged({*since, *counted})
    oldest: dict[str, Micros] = {}
    for mask, first in since.items():
        oldest[kinds[mask]] = min(first, oldest.get(kinds[mask], first))
    joined: dict[str, Seen] = {}
    for mask, seen in counted.items():
        joined[kinds[mask]] = _joined(joined.get(kinds[mask]), seen)
    made = [Template(text, *seen, oldest.get(text, seen[1])) for text, seen in joined.items()]
    made.sort(key=lambda one: (-one.count, one.text))
    waiting = sum(unmined.get(one, 0) for one in whole)
    return Templates(tuple(made), others, waiting, tuple(plan.missing))


def _joined(known: Seen | None, more: Seen) -> Seen:
    if known is None:
        return more
    return known[0] + more[0], min(known[1], more[1]), max(known[2], more[2]), min(known[3], more[3])


def mine(engine: Engine, db: Connection, segments: Sequence[Segment]) -> dict[int, int]:
    """Count the masks of segments that were not looked at yet, the newest first; return what the budget leaves."""
    known = {row["segment_id"] for row in rows(db, "SELECT segment_id FROM mined_segments")}
    left, waiting = BUDGET, dict[int, int]()
    for one in (segment for segment in segments if segment.id not in known):
        if one.events > left and left < BUDGET:
            waiting[one.id] = one.events
            continue
        left -= one.events
        _mine(engine, db, one)
    return waiting


def _mine(engine: Engine, db: Connection, segment: Segment) -> None:
    plan = Plan([Part((segment,), None, {})], 1)
    found = _scanned(engine, db, plan)
    if plan.missing:
        return
    kept = found[:MOST_MASKS]
    others = sum(seen[0] for _, seen in found[MOST_MASKS:])
    with writing(db):
        # It may have gone, or been mined by somebody else, in the meantime.
        sql = "INSERT OR IGNORE INTO mined_segments (segment_id, others) SELECT id, ? FROM segments WHERE id = ?"
        if db.execute(sql, (others, segment.id)).rowcount:
            db.conn.executemany(
                "INSERT INTO segment_masks (segment_id, mask, count, first, last, example) VALUES (?, ?, ?, ?, ?, ?)",
                [(segment.id, mask, *seen) for mask, seen in kept],
            )


def _scanned(engine: Engine, db: Connection, plan: Plan) -> list[tuple[str, Seen]]:
    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda _: f"{MASK} AS m, epoch_us(time) AS t, id")
        return (
            f"SELECT m, count(*) AS n, min(t), max(t), min(id) FROM ({statement}) GROUP BY m ORDER BY n DESC, m",
            params,
        )

    return [
        (str(mask or ""), (n, first, last, example)) for mask, n, first, last, example in engine.over(db, plan, build)
    ]


def _kept(db: Connection, ids: Iterable[int]) -> tuple[dict[str, Seen], int]:
    listed = orjson.dumps(list(ids)).decode()
    query = ("SELECT mask, sum(count) AS n, min(first) AS first, max(last) AS last, min(example) AS example "
             f"FROM segment_masks WHERE segment_id IN {_LISTED} GROUP BY mask")  # fmt: skip
    found = {row["mask"]: (row["n"], row["first"], row["last"], row["example"]) for row in rows(db, query, [listed])}
    others = rows(db, f"SELECT sum(others) AS n FROM mined_segments WHERE segment_id IN {_LISTED}", [listed])
    return found, int(others[0]["n"] or 0)


def _since(db: Connection) -> dict[str, Micros]:
    query = ("SELECT m.mask, min(m.first) AS first FROM segment_masks m JOIN segments s ON s.id = m.segment_id "
             "WHERE s.state = 'live' GROUP BY m.mask")  # fmt: skip
    return {row["mask"]: row["first"] for row in rows(db, query)}
