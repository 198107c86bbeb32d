"""Exceptions: what a rule shall pass over on this site, without an edit of the rule itself.

Each is stored as a Sigma filter document, so it can be read and taken elsewhere; a rule holds where its own condition
does and none of its exceptions. Source: the Sigma Filters specification.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from desktop_app.core import audit, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.tree import Node, conjunction, negate
from desktop_app.core.text import text
from desktop_app.core.undo import Decision

MOST = 50  # of one rule
MOST_VALUES = 200
LONGEST = 1000
HOST = "host.name"
_FIELD = re.compile(r"[\w.@-]{1,120}(\|(contains|startswith|endswith|cidr|re|cased|all|exists|gte?|lte?))*$")
_COLUMNS = "id, rule_id, body, reason, actor, created, expires, ended"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to pass over: events in which every field has one of its values; the reason, and until when."""

    fields: tuple[tuple[str, tuple[str, ...]], ...]
    reason: str
    expires: Micros | None = None


@dataclass(frozen=True, slots=True)
class RuleException:
    """One exception as it is stored. ``fields`` as in Wanted."""

    id: int
    rule_id: str
    body: str
    reason: str
    actor: str
    created: Micros
    expires: Micros | None
    ended: Micros | None

    @property
    def fields(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The fields and values that it names."""
        selection = parse_yaml(self.body)["filter"]["selection"]
        return tuple((name, tuple(map(str, values))) for name, values in selection.items())

    def active(self, at: Micros) -> bool:
        """Whether it holds at a time."""
        return self.ended is None and (self.expires is None or self.expires > at)


def of_rule(db: Connection, rule_id: str) -> list[RuleException]:
    """Return the exceptions of a rule, the newest first, ended ones included."""
    found = rows(db, f"SELECT {_COLUMNS} FROM rule_exceptions WHERE rule_id = ? ORDER BY id DESC", [rule_id])
    return [RuleException(**row) for row in found]


def every(db: Connection, at: Micros) -> list[RuleException]:
    """Return the exceptions that hold at a time, by rule."""
    found = rows(db, f"SELECT {_COLUMNS} FROM rule_exceptions WHERE ended IS NULL ORDER BY rule_id, id")
    return [one for one in (RuleException(**row) for row in found) if one.active(at)]


def add(db: Connection, rule_id: str, wanted: Wanted, at: Micros) -> Decision:
    """Add an exception to a plain rule, journaled; UsageError where it makes no sense."""
    rule = _rule(db, rule_id)
    _check(wanted, at)
    if sum(one.active(at) for one in of_rule(db, rule_id)) >= MOST:
        raise UsageError(text("A rule can have %(most)s exceptions; join some of them.", most=MOST))
    body = _document(rule, wanted)
    try:
        _tree(body)
    except RuleProblem as problem:
        raise UsageError(text("This exception cannot be used."), why=problem.reason) from problem
    with writing(db):
        cursor = db.execute(
            "INSERT INTO rule_exceptions (rule_id, body, reason, actor, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
            (rule_id, body, wanted.reason, audit.actor(), now(), wanted.expires),
        )
        added = {"id": int(cursor.lastrowid or 0)}
        summary = text("Exception of the rule %(rule)s: %(reason)s", rule=rule["title"], reason=wanted.reason)
        return _journal(db, summary, rule_id, [], [added])


def end(db: Connection, exception_id: int) -> Decision:
    """Lift an exception, journaled; UsageError where none of that number holds."""
    found = rows(db, f"SELECT {_COLUMNS} FROM rule_exceptions WHERE id = ? AND ended IS NULL", [exception_id])
    if not found:
        raise UsageError(text("There is no such exception."), why=text("It may have been lifted before."))
    rule = _rule(db, found[0]["rule_id"])
    with writing(db):
        db.execute("UPDATE rule_exceptions SET ended = ? WHERE id = ?", (now(), exception_id))
        summary = text("Lifted an exception of the rule %(rule)s", rule=rule["title"])
        return _journal(db, summary, rule["id"], [dict(found[0])], [{"id": exception_id}])


def _journal(
    db: Connection, summary: Any, rule_id: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Decision:
    """Journal a change of exceptions; the rule counts as changed, so that it is said to wait for its application."""
    rule = rows(db, "SELECT id, changed FROM rules WHERE id = ?", [rule_id])
    db.execute("UPDATE rules SET changed = ? WHERE id = ?", (now(), rule_id))
    changes: list[undo.Change] = [("rule_exceptions", before, after), ("rules", rule, rule)]
    return undo.record_rows(db, summary, changes, [f"exception:{after[0]['id']}"])


def _rule(db: Connection, rule_id: str) -> dict[str, Any]:
    found = rows(db, "SELECT id, title, body, product, category, service FROM rules WHERE id = ?", [rule_id])
    if not found:
        raise UsageError(text("There is no such rule."))
    said = parse_yaml(found[0]["body"])
    if "filter" in said and "detection" not in said:
        raise UsageError(text("A filter has no exceptions of its own."), fix=text("Add the exception to a rule."))
    if "correlation" in said:
        raise UsageError(
            text("A correlation has no exceptions of its own."),
            why=text("It counts what other rules match."),
            fix=text("Add the exception to a rule that it counts."),
        )
    return dict(found[0])


def _check(wanted: Wanted, at: Micros) -> None:
    if not wanted.reason.strip():
        raise UsageError(text("An exception needs a reason."), fix=text("Say in a few words why this is expected."))
    if not wanted.fields or not all(values for _, values in wanted.fields):
        raise UsageError(text("An exception needs a field and a value."))
    for name, values in wanted.fields:
        if not _FIELD.match(name):
            raise UsageError(
                text("This is no name of a field: %(name)s", name=name[:80]),
                fix=text("Write it like Image or CommandLine|contains."),
            )
        if len(values) > MOST_VALUES or any(len(one) > LONGEST for one in values):
            raise UsageError(text("This is too long for an exception."))
    if wanted.expires is not None and wanted.expires <= at:
        raise UsageError(text("The end of the exception lies in the past."))


def _document(rule: Mapping[str, Any], wanted: Wanted) -> str:
    source = {name: rule[name] for name in ("product", "category", "service") if rule[name]}
    return str(
        yaml.safe_dump(
            {
                "title": wanted.reason[:200],
                "id": str(uuid.uuid4()),
                "logsource": source,
                "filter": {
                    "rules": [rule["id"]],
                    "selection": {name: list(values) for name, values in wanted.fields},
                    "condition": "not selection",
                },
            },
            sort_keys=False,
            allow_unicode=True,
        )
    )


# --- in detection ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _tree(body: str) -> Node:
    """Return what an exception passes over, as a tree of the engine."""
    from desktop_app.core.sigma.rule import compile_rule  # pySigma takes its time, and is rarely needed

    data = parse_yaml(body)
    detection = {"selection": data["filter"]["selection"], "condition": "selection"}
    source = data["logsource"] or {"category": "any"}
    return compile_rule({"title": "exception", "logsource": source, "detection": detection})["tree"]


def trees(db: Connection, at: Micros) -> dict[str, list[Node]]:
    """Return what each rule passes over at a time; one that the engine of today cannot read is left out."""
    found: dict[str, list[Node]] = defaultdict(list)
    for one in every(db, at):
        try:
            found[one.rule_id].append(_tree(one.body))
        except RuleProblem:
            continue
    return found


def applied(compiled: Mapping[str, Any], excepted: Sequence[Node]) -> Mapping[str, Any]:
    """Return a plain rule that passes over what its exceptions name; any other as it is."""
    if not excepted or compiled["kind"] != "plain":
        return compiled
    return {**compiled, "tree": conjunction([compiled["tree"], *(negate(one) for one in excepted)])}
