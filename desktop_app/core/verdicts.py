"""What people concluded about the findings of each rule: which rules are worth their noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros, Verdict

_COUNTED = ", ".join(f"COALESCE(SUM(f.verdict = '{one.value}'), 0) AS {one.value}" for one in Verdict)
_SELECT = f"""SELECT f.rule_id, COUNT(*) AS findings, {_COUNTED},
    COALESCE(SUM(f.status = 'suppressed'), 0) AS suppressed, COALESCE(SUM(f.status = 'new'), 0) AS waiting,
    COALESCE(SUM(f.count), 0) AS events, MAX(f.last_seen) AS last FROM findings f"""


@dataclass(frozen=True, slots=True)
class RuleVerdicts:
    """How the findings of one rule were judged, as it stands now; ``waiting`` are not decided yet."""

    rule_id: str
    findings: int
    true_positive: int
    false_positive: int
    benign: int
    duplicate: int
    suppressed: int
    waiting: int
    events: int
    last: Micros | None

    @property
    def decided(self) -> int:
        """How many have a verdict."""
        return self.true_positive + self.false_positive + self.benign + self.duplicate

    @property
    def noise(self) -> int:
        """How many turned out to be nothing: false, benign or doubled alarms, and those that somebody hid."""
        return self.false_positive + self.benign + self.duplicate + self.suppressed

    @property
    def share(self) -> float:
        """The share of noise among what was decided or hidden, 0 to 1; 0 where nothing was."""
        judged = self.decided + self.suppressed
        return min(1.0, self.noise / judged) if judged else 0.0


def of_rule(db: Connection, rule_id: str) -> RuleVerdicts:
    """Return how the findings of a rule were judged."""
    return _read(rows(db, f"{_SELECT} WHERE f.rule_id = ?", [rule_id])[0] | {"rule_id": rule_id})


def by_noise(db: Connection) -> list[RuleVerdicts]:
    """Return all rules that have findings, the noisiest first: by how much they cost for nothing, then by its share."""
    found = [_read(row) for row in rows(db, f"{_SELECT} GROUP BY f.rule_id")]
    return sorted(found, key=lambda one: (-one.noise, -one.share, -one.findings, one.rule_id))


def _read(row: Mapping[str, Any]) -> RuleVerdicts:
    return RuleVerdicts(**row)
