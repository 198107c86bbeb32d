"""Suppressions that hold for more than one finding: a rule, an asset and values, judged as matches arrive.

What is hidden is what is known to lie inside: every condition must hold for *every* event behind a match, so a
suppression for one address never hides another one that came along in the same finding. The pipeline calls this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.entities import common
from desktop_app.core.model import Claim, Micros


@dataclass(frozen=True, slots=True)
class Same:
    """What is one and the same for all events: the asset (None where it is not known to be), and fields."""

    asset: str | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a suppression holds for; None and no fields mean any. ``asset`` is compared without regard to case."""

    rule_id: str | None = None
    asset: str | None = None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def boundless(self) -> bool:
        """Whether it names nothing, so that it would hide everything."""
        return not (self.rule_id or self.asset or self.fields)

    def holds(self, rule_id: str, same: Same) -> bool:
        """Say whether all events of which ``same`` is known lie inside."""
        if self.rule_id is not None and self.rule_id != rule_id:
            return False
        if self.asset is not None and (same.asset or "").lower() != self.asset.lower():
            return False
        return all(same.fields.get(name) == value for name, value in self.fields)


@dataclass(frozen=True, slots=True)
class Standing:
    """A scope that hides now."""

    id: int
    scope: Scope
    reason: str
    expires: Micros | None


def read(row: Mapping[str, Any]) -> Scope:
    """Return the scope of a stored row."""
    return Scope(row["rule_id"], row["asset"], tuple((name, one) for name, one in orjson.loads(row["fields"])))


def standing(db: Connection, rule_id: str, at: Micros) -> list[Standing]:
    """Return the scopes that may hide matches of a rule at a moment."""
    found = rows(
        db,
        "SELECT * FROM suppression_scopes WHERE lifted IS NULL AND (expires IS NULL OR expires > ?)"
        " AND (rule_id IS NULL OR rule_id = ?) ORDER BY id",
        [at, rule_id],
    )
    return [Standing(row["id"], read(row), row["reason"], row["expires"]) for row in found]


def of_claim(claim: Claim, count: int) -> Same:
    """Return what is the same for all events of a claim; ``count`` is how many events its finding has.

    A correlation's copies are the ends of its whole group, so they say it only where they are all there is.
    """
    total = count if claim.correlated else sum(one.count for one in claim.contributions)
    whole = len(claim.evidence) == total
    fields = dict(claim.same) or (common([one.fields for one in claim.evidence]) if whole else {})
    fields |= {name: value for name, value in claim.group if value}
    if not claim.correlated:
        return Same(claim.asset, fields)
    hosts = {one.host for one in claim.evidence} if whole else set()
    return Same(hosts.pop() if len(hosts) == 1 else None, fields)


def of_finding(db: Connection, finding_id: int) -> Same:
    """Return what is known to be the same for all events of a finding."""
    found = rows(db, "SELECT asset, fields FROM finding_same WHERE finding_id = ?", [finding_id])
    return Same(found[0]["asset"], orjson.loads(found[0]["fields"])) if found else Same(None, {})


def judge(db: Connection, finding_id: int, claim: Claim, at: Micros, *, arrived: bool) -> None:
    """Remember what the events of a finding have in common, and hide or show it; inside ``writing()``, once settled.

    ``arrived``: the finding is new, or these matches brought it back. One that a scope had hidden returns as soon as a
    match lies outside of all scopes.
    """
    found = rows(db, "SELECT status, count FROM findings WHERE id = ?", [finding_id])
    if not found:
        return
    same = of_claim(claim, found[0]["count"])
    _remember(db, finding_id, claim, same)
    hiding = [one for one in standing(db, claim.rule_id, at) if one.scope.holds(claim.rule_id, same)]
    if arrived and hiding:
        hide(db, hiding[0], [finding_id], at)
    elif found[0]["status"] == "suppressed" and not hiding:
        _return(db, finding_id, at)


def judge_whole(db: Connection, finding_id: int, at: Micros) -> None:
    """Hide a finding that came back when all that is known of it lies inside of a scope; inside ``writing()``."""
    rule_id, same = value(db, "SELECT rule_id FROM findings WHERE id = ?", [finding_id]), of_finding(db, finding_id)
    hiding = [one for one in standing(db, rule_id, at) if one.scope.holds(rule_id, same)]
    if hiding:
        hide(db, hiding[0], [finding_id], at)


def _remember(db: Connection, finding_id: int, claim: Claim, same: Same) -> None:
    stored = rows(db, "SELECT asset, fields FROM finding_same WHERE finding_id = ?", [finding_id])
    if stored and not claim.correlated:
        # What once differed is not known to be the same again: its events may have gone, others may come back.
        held = orjson.loads(stored[0]["fields"])
        same = Same(
            same.asset if stored[0]["asset"] is not None else None,
            {name: value for name, value in same.fields.items() if held.get(name) == value},
        )
    db.execute(
        "INSERT OR REPLACE INTO finding_same (finding_id, asset, fields) VALUES (?, ?, ?)",
        (finding_id, same.asset, orjson.dumps(dict(same.fields)).decode()),
    )


def hide(db: Connection, by: Standing, finding_ids: list[int], at: Micros) -> list[int]:
    """Suppress findings by a scope and return the new rows of suppressions; inside ``writing()``."""
    added = [
        db.execute(
            "INSERT INTO suppressions (finding_id, reason, created, expires, scope_id) VALUES (?, ?, ?, ?, ?)",
            (one, by.reason, at, by.expires, by.id),
        ).lastrowid
        for one in finding_ids
    ]
    db.execute(
        "UPDATE findings SET status = 'suppressed' WHERE id IN (SELECT value FROM json_each(?))",
        (orjson.dumps(finding_ids).decode(),),
    )
    return [int(one or 0) for one in added]


def _return(db: Connection, finding_id: int, at: Micros) -> None:
    """Show a finding again that a scope had hidden; what a person hid by its number stays hidden."""
    lifted = db.execute(
        "UPDATE suppressions SET lifted = ? WHERE finding_id = ? AND lifted IS NULL AND scope_id IS NOT NULL",
        (at, finding_id),
    )
    if lifted.rowcount:
        db.execute(
            "UPDATE findings SET status = 'new', read = 0, reopened = ? WHERE id = ? AND NOT EXISTS"
            " (SELECT 1 FROM suppressions s WHERE s.finding_id = findings.id AND s.lifted IS NULL)",
            (at, finding_id),
        )
