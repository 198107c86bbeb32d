"""The rules and what became of each, kept between requests: judging thousands of rules takes longer than a page may."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.core.database import Connection, value
from desktop_app.core.rules.catalogue import RuleRow, listing
from desktop_app.core.rules.coverage import rules_stamp, segments_stamp, verdicts
from desktop_app.core.sigma.errors import WAITS
from desktop_app.core.text import Text
from desktop_app.extensions.logs.forms import RulesForm

Verdict = Mapping[str, Any]

# What a verdict depends on besides the rules and the events there are: what was found.
_FOUND = "SELECT count(*) || '.' || ifnull(sum(count), 0) FROM findings"


@dataclass(frozen=True, slots=True)
class Known:
    """A rule with what became of it; ``sought`` holds, in lower case, all that it can be looked up by."""

    rule: RuleRow
    state: str
    reason: Text | None
    matches: int
    sought: str


class KeptVerdicts:
    """The rules of one desk with their verdicts as they last were; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamps: tuple[str, str, str] = ("", "", "")
        self._rules: list[RuleRow] = []
        self._known: dict[str, Known] = {}

    def all(self, db: Connection) -> Mapping[str, Known]:
        """Return every rule by its id, by severity and title, judged anew when something it rests on has changed."""
        stamps = (rules_stamp(db), segments_stamp(db), str(value(db, _FOUND)))
        with self._lock:
            if stamps[0] != self._stamps[0]:
                self._rules = listing(db)
            if stamps != self._stamps:
                told = {one["id"]: one for one in verdicts(db, self._rules)}
                self._known = {rule.id: _known(rule, told[rule.id]) for rule in self._rules}
            self._stamps = stamps
            return self._known


def _known(rule: RuleRow, told: Verdict) -> Known:
    state = _unusable(rule) or str(told["state"])
    words = (rule.title, rule.id, rule.path, rule.product, rule.category, rule.service, *rule.tags)
    return Known(rule, state, told["reason"], int(told["matches"]), " ".join(words).lower())


def _unusable(rule: RuleRow) -> str | None:
    # The fixed shape of the command line knows no such states; a person wants to know what may work one day.
    if rule.state != "unsupported":
        return None
    return "asking" if rule.reason is not None and rule.reason.id == WAITS.id else "unsupported"


def chosen(known: Iterable[Known], form: RulesForm) -> list[Known]:
    """Return the rules that an address asks for, whatever their state."""
    words = form.query.lower().split()
    return [one for one in known if form.fits(one.rule) and all(word in one.sought for word in words)]
