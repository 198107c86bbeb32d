"""Suppressions as a person writes and keeps them: what one would hide, all that stand, lifting and extending them.

``scopes`` judges matches by them as they arrive; hiding single findings by their number is in ``triage``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from desktop_app.core import scopes, triage, undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.entities import kind_of
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.scopes import Same, Scope
from desktop_app.core.text import ntext, text
from desktop_app.core.undo import Decision

DAY = 86_400_000_000
_LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a scope would have hidden.

    ``now``: findings to triage that it would hide at once; ``recent``: findings seen in the last ``days`` days that lie
    inside, whatever was decided about them, the latest first; ``events``: how many of their events fell in those days.
    """

    now: tuple[int, ...]
    recent: tuple[int, ...]
    events: int
    days: int


@dataclass(frozen=True, slots=True)
class Suppression:
    """One suppression with what it hides: ``scope`` for one that holds for all that lies inside, else ``finding_id``.

    ``ended`` is when it was lifted or ran out, None while it stands.
    """

    id: int
    scope: Scope | None
    finding_id: int | None
    reason: str
    created: Micros
    expires: Micros | None
    ended: Micros | None
    findings: int
    events: int


# What began after a moment counts whole; only what began before it is counted from its chart.
_EVENTS = f"""SELECT COALESCE(SUM(CASE WHEN first >= ? THEN count ELSE (
        SELECT SUM(json_extract(t.value, '$[1]')) FROM json_each(times) t
        WHERE json_extract(t.value, '$[0]') >= ?) END), 0)
    FROM contributions WHERE finding_id IN {_LISTED} AND last >= ?"""


def preview(db: Connection, scope: Scope, at: Micros, days: int) -> Preview:
    """Return what a scope would have hidden in the days before a moment."""
    since = at - days * DAY
    inside = [] if scope.boundless else _inside(db, scope)
    recent = [row["id"] for row in inside if row["last_seen"] >= since]
    events = value(db, _EVENTS, [since, since, orjson.dumps(recent).decode(), since])
    return Preview(tuple(row["id"] for row in inside if row["status"] == "new"), tuple(recent), int(events), days)


def _inside(db: Connection, scope: Scope) -> list[dict[str, Any]]:
    """Return the findings that lie inside of a scope, the latest first."""
    fields = " AND EXISTS (SELECT 1 FROM json_each(s.fields) j WHERE j.key = ? AND j.value = ?)" * len(scope.fields)
    found = rows(
        db,
        "SELECT f.id, f.rule_id, f.status, f.last_seen, s.asset FROM findings f"
        " JOIN finding_same s ON s.finding_id = f.id"
        f" WHERE COALESCE(f.rule_id = ?, 1){fields} ORDER BY f.last_seen DESC",
        [scope.rule_id, *chain.from_iterable(scope.fields)],
    )
    there = dict(scope.fields)
    return [row for row in found if scope.holds(row["rule_id"], Same(row["asset"], there))]


def save(db: Connection, scope: Scope, reason: str, expires: Micros | None) -> Decision:
    """Hide all that lies inside, now and as it arrives, until a date (None: until lifted)."""
    if scope.boundless:
        raise UsageError(
            text("A suppression must name something."),
            why=text("One that names nothing would hide everything."),
            fix=text("Choose the rule, the asset or a value that it holds for."),
        )
    told = triage.checked_reason(reason, expires)
    with writing(db):
        at = now()
        added = db.execute(
            "INSERT INTO suppression_scopes (rule_id, asset, fields, reason, created, expires)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (scope.rule_id, scope.asset, orjson.dumps(scope.fields).decode(), told, at, expires),
        )
        scope_id = int(added.lastrowid or 0)
        ids = [row["id"] for row in _inside(db, scope) if row["status"] == "new"]
        before = triage.decided(db, ids)
        hidden = scopes.hide(db, scopes.Standing(scope_id, scope, told, expires), ids, at)
        changes: list[undo.Change] = [
            ("suppressions", [], [{"id": one} for one in hidden]),
            ("suppression_scopes", [], [{"id": scope_id}]),
            ("findings", before, before),
        ]
        summary = ntext("Wrote a suppression that hides 1 finding", "Wrote a suppression that hides %(num)s findings",
                        num=len(ids))  # fmt: skip
        return undo.record_rows(db, summary, changes, [f"scope:{scope_id}", *(f"finding:{one}" for one in ids)])


def lift(db: Connection, scope_id: int) -> Decision:
    """End a suppression: what it hides comes back to be triaged."""
    with writing(db):
        before, hiding = _standing(db, scope_id), _hiding(db, scope_id)
        at, ids = now(), [row["finding_id"] for row in hiding]
        db.execute("UPDATE suppression_scopes SET lifted = ? WHERE id = ?", (at, scope_id))
        db.execute("UPDATE suppressions SET lifted = ? WHERE scope_id = ? AND lifted IS NULL", (at, scope_id))
        decided = [row for row in triage.decided(db, ids) if row["status"] == "suppressed"]
        back = [row["id"] for row in decided]
        db.execute(f"UPDATE findings SET status = 'new' WHERE id IN {_LISTED}", (orjson.dumps(back).decode(),))
        changes: list[undo.Change] = [
            ("suppression_scopes", [before], [before]),
            ("suppressions", hiding, hiding),
            ("findings", decided, decided),
        ]
        summary = ntext("Lifted a suppression: 1 finding came back", "Lifted a suppression: %(num)s findings came back",
                        num=len(back))  # fmt: skip
        return undo.record_rows(db, summary, changes, [f"scope:{scope_id}", *(f"finding:{one}" for one in back)])


def extend(db: Connection, scope_id: int, expires: Micros | None) -> Decision:
    """Give a suppression another end (None: until lifted)."""
    triage.checked_end(expires)
    with writing(db):
        before, hiding = _standing(db, scope_id), _hiding(db, scope_id)
        db.execute("UPDATE suppression_scopes SET expires = ? WHERE id = ?", (expires, scope_id))
        db.execute("UPDATE suppressions SET expires = ? WHERE scope_id = ? AND lifted IS NULL", (expires, scope_id))
        changes: list[undo.Change] = [("suppression_scopes", [before], [before]), ("suppressions", hiding, hiding)]
        return undo.record_rows(db, text("Changed the end of a suppression"), changes, [f"scope:{scope_id}"])


def extend_one(db: Connection, suppression_id: int, expires: Micros | None) -> Decision:
    """Give the suppression of a single finding another end."""
    triage.checked_end(expires)
    with writing(db):
        before = rows(
            db, "SELECT * FROM suppressions WHERE id = ? AND lifted IS NULL AND scope_id IS NULL", [suppression_id]
        )
        if not before:
            raise _gone()
        db.execute("UPDATE suppressions SET expires = ? WHERE id = ?", (expires, suppression_id))
        subjects = [f"finding:{before[0]['finding_id']}"]
        changes: list[undo.Change] = [("suppressions", before, before)]
        return undo.record_rows(db, text("Changed the end of a suppression"), changes, subjects)


_SCOPES = """SELECT c.*, COUNT(f.id) AS findings, COALESCE(SUM(f.count), 0) AS events FROM suppression_scopes c
    LEFT JOIN suppressions s ON s.scope_id = c.id AND s.lifted IS NULL LEFT JOIN findings f ON f.id = s.finding_id
    GROUP BY c.id ORDER BY c.id DESC"""
_SINGLE = """SELECT s.*, f.count AS events FROM suppressions s JOIN findings f ON f.id = s.finding_id
    WHERE s.scope_id IS NULL ORDER BY s.id DESC"""


def listing(db: Connection, at: Micros, *, ended: bool = False) -> list[Suppression]:
    """Return the suppressions that stand at a moment, or those that have ended; the newest first, scopes before."""
    wide = [_wide(row, at) for row in rows(db, _SCOPES)]
    single = [
        Suppression(row["id"], None, row["finding_id"], row["reason"], row["created"], row["expires"],
                    row["lifted"], 1, row["events"])
        for row in rows(db, _SINGLE)
    ]  # fmt: skip
    return [one for one in [*wide, *single] if (one.ended is not None) == ended]


def _wide(row: Mapping[str, Any], at: Micros) -> Suppression:
    out = row["expires"] if row["expires"] is not None and row["expires"] <= at else None
    return Suppression(
        row["id"], scopes.read(row), None, row["reason"], row["created"], row["expires"],
        row["lifted"] if row["lifted"] is not None else out, row["findings"], row["events"],
    )  # fmt: skip


def _standing(db: Connection, scope_id: int) -> dict[str, Any]:
    found = rows(db, "SELECT * FROM suppression_scopes WHERE id = ? AND lifted IS NULL", [scope_id])
    if not found:
        raise _gone()
    return found[0]


def _hiding(db: Connection, scope_id: int) -> list[dict[str, Any]]:
    return rows(db, "SELECT * FROM suppressions WHERE scope_id = ? AND lifted IS NULL", [scope_id])


def _gone() -> UsageError:
    return UsageError(text("There is no such suppression."), why=text("It may have been lifted or undone."))


def offered(same: Same, group: Sequence[str]) -> list[tuple[str, str]]:
    """Return the fields that a suppression may be written for: those that the finding is about come first."""
    leading = [name for name in group if name in same.fields]
    telling = [name for name in same.fields if kind_of(name) is not None]
    return [(name, same.fields[name]) for name in dict.fromkeys([*leading, *telling, *sorted(same.fields)])]
