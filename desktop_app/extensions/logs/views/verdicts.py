"""What became of each rule, kept between requests: judging thousands of rules takes longer than a page may."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core.database import Connection, value
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.core.rules.coverage import verdicts

Verdict = Mapping[str, Any]

# What a verdict depends on, besides the switches: the events there are, what was found in them, and the rules.
_STATE = """SELECT
    (SELECT count(*) || '.' || ifnull(max(id), 0) FROM segments WHERE state = 'live') || '/' ||
    (SELECT count(*) || '.' || ifnull(sum(count), 0) FROM findings) || '/' ||
    (SELECT count(*) || '.' || ifnull(max(changed), 0) FROM rules)"""


class KeptVerdicts:
    """The verdicts of one desk as they last were; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: str | None = None
        self._known: dict[str, Verdict] = {}

    def of(self, db: Connection, rules: Sequence[RuleRow]) -> dict[str, Verdict]:
        """Return the verdict of each rule by its id, judged anew only when something it rests on has changed."""
        state = str(value(db, _STATE))
        with self._lock:
            if state != self._state or any(self._was_off(rule) for rule in rules):
                self._known = {one["id"]: one for one in verdicts(db)}
                self._state = state
            return {rule.id: self._verdict(rule) for rule in rules}

    def _was_off(self, rule: RuleRow) -> bool:
        return rule.enabled and self._known.get(rule.id, {}).get("state") == "disabled"

    def _verdict(self, rule: RuleRow) -> Verdict:
        known = self._known.get(rule.id, {"state": "broken", "reason": rule.reason, "matches": 0})
        if rule.state == "unsupported":
            # The fixed shape of the command line knows no such state; a person wants to know what may work one day.
            return {**known, "state": "unsupported"}
        switched_off = rule.state == "ready" and not rule.enabled
        return {**known, "state": "disabled", "reason": None} if switched_off else known
