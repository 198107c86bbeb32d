"""Links between findings: those that name the same address, account, file or host, from rows stored with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import orjson

from desktop_app.core.database import Connection, rows
from desktop_app.core.entities import KINDS, Kind, entities


@dataclass(frozen=True, slots=True)
class Link:
    """What other findings name too, and how many of them do."""

    kind: Kind
    value: str
    others: int


def refresh(db: Connection, finding_id: int) -> None:
    """Write down whom and what a finding names as it is now; inside ``writing()``."""
    # Every match comes through here, so rows stay tuples.
    found = db.execute(
        'SELECT f.group_values, f."values", a.name FROM findings f JOIN assets a ON a.id = f.asset_id WHERE f.id = ?',
        (finding_id,),
    ).fetchone()
    if found is None:
        return
    copies = db.execute("SELECT host, fields FROM evidence WHERE finding_id = ?", (finding_id,)).fetchall()
    group, values, asset = found
    pairs = chain(
        map(tuple, orjson.loads(group)),
        orjson.loads(values).items(),
        *(orjson.loads(fields).items() for _, fields in copies),
    )
    _store(db, finding_id, set(entities(pairs, [asset, *(host for host, _ in copies)])))


def _store(db: Connection, finding_id: int, wanted: set[tuple[Kind, str]]) -> None:
    stored = db.execute("SELECT kind, value FROM finding_entities WHERE finding_id = ?", (finding_id,))
    held = set(stored.fetchall())
    if held == wanted:
        return
    db.conn.executemany(
        "DELETE FROM finding_entities WHERE kind = ? AND value = ? AND finding_id = ?",
        [(*one, finding_id) for one in held - wanted],
    )
    db.conn.executemany(
        "INSERT INTO finding_entities (kind, value, finding_id) VALUES (?, ?, ?)",
        [(*one, finding_id) for one in sorted(wanted - held)],
    )


def of_finding(db: Connection, finding_id: int) -> list[Link]:
    """Return what a finding shares with others: by kind, what most share first."""
    found = rows(
        db,
        "SELECT e.kind, e.value, (SELECT COUNT(*) FROM finding_entities o WHERE o.kind = e.kind AND o.value = e.value)"
        " - 1 AS others FROM finding_entities e WHERE e.finding_id = ?",
        [finding_id],
    )
    shared = [Link(**row) for row in found if row["others"]]
    return sorted(shared, key=lambda one: (KINDS.index(one.kind), -one.others, one.value))
