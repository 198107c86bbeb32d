"""Which findings a report is about, as one condition that counts, lists and charts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core.model import Micros

UNDECIDED = "none"  # among the verdicts: nobody has concluded anything yet

FROM = "FROM findings f JOIN assets a ON a.id = f.asset_id"

_IN_CASES = "SELECT finding_id FROM case_findings WHERE case_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for; an empty choice means all. Times are µs UTC, the end not included; None is open.

    A finding belongs to a period that it touches: seen last at or after the start, seen first before the end.
    """

    start: Micros | None = None
    end: Micros | None = None
    severities: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    cases: tuple[int, ...] = ()

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition over ``FROM`` and its parameters."""
        among = {
            "f.severity IN (SELECT value FROM json_each(?))": self.severities,
            "f.status IN (SELECT value FROM json_each(?))": self.statuses,
            f"COALESCE(f.verdict, '{UNDECIDED}') IN (SELECT value FROM json_each(?))": self.verdicts,
            "a.name IN (SELECT value FROM json_each(?))": self.assets,
            f"f.id IN ({_IN_CASES})": self.cases,
        }
        chosen = {clause: orjson.dumps(values).decode() for clause, values in among.items() if values}
        timed = {"f.last_seen >= ?": self.start, "f.first_seen < ?": self.end}
        clauses: dict[str, Any] = chosen | {clause: at for clause, at in timed.items() if at is not None}
        return " AND ".join(clauses) or "1", list(clauses.values())

    def period_before(self, present: Micros) -> tuple[Micros, Micros] | None:
        """Return the period of the same length before this one; None where the start is open."""
        if self.start is None:
            return None
        length = (self.end if self.end is not None else present) - self.start
        return self.start - length, self.start
