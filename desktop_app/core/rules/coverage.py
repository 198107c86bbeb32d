"""What became of each rule: fired, quiet, blocked (and by what), disabled or broken. Nothing is dropped silently.

How the rules stand depends only on the rules and on which fields the log sources have, so it is kept in a file beside
the compiled rules: a page that shows thousands of rules reads it, and what it matched is counted anew each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from desktop_app.core.collector import collector_paused
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.rules import cache
from desktop_app.core.rules.catalogue import RuleRow, listing, rule
from desktop_app.core.rules.possible import Read, Standing, read_so_far, standings
from desktop_app.core.sigma.correlate import PATH
from desktop_app.core.sigma.model import ENGINE
from desktop_app.core.text import Text
from desktop_app.core.version import VERSION

_FILE = "coverage.json"
_RULES = "SELECT count(*) || '.' || ifnull(max(changed), 0) || '.' || ifnull(sum(enabled * rowid), 0) FROM rules"
_SEGMENTS = "SELECT count(*) || '.' || ifnull(max(id), 0) || '.' || ifnull(sum(id), 0) FROM segments"


def rules_stamp(db: Connection) -> str:
    """Return what differs as soon as the rules or their switches do."""
    return f"{VERSION}/{ENGINE}/{value(db, _RULES)}"


def segments_stamp(db: Connection) -> str:
    """Return what differs as soon as other events are stored."""
    return str(value(db, f"{_SEGMENTS} WHERE state = 'live'"))


def _digest(read: Read) -> str:
    told = sorted((one.product, one.category, one.service, *sorted(names)) for one, names in read.fields.items())
    return hashlib.sha256(orjson.dumps(told)).hexdigest()


def kept(db: Connection, rules: Sequence[RuleRow] | None = None) -> dict[str, Standing]:
    """Return how each rule stands: from the file where it is still true, else judged anew and kept.

    ``rules``: all rules, where they have been read already.
    """
    path = cache.folder_of(db).cache / _FILE
    ground = {"rules": rules_stamp(db), "segments": segments_stamp(db)}
    found = _stored(cache.load(path))
    if found.get("rules") == ground["rules"] and found.get("segments") == ground["segments"]:
        return _standings(found)
    read = read_so_far(db)
    ground["fields"] = _digest(read)
    if found.get("rules") == ground["rules"] and found.get("fields") == ground["fields"]:
        cache.replace(path, orjson.dumps({**found, **ground}))
        return _standings(found)
    with collector_paused():
        judged = standings(db, listing(db) if rules is None else rules, read)
    told = {key: [one.state, one.reason and one.reason.to_json()] for key, one in judged.items()}
    cache.replace(path, orjson.dumps(ground | {"standings": told}))
    return judged


def _stored(found: object) -> Mapping[str, Any]:
    whole = isinstance(found, dict) and isinstance(found.get("standings"), dict)
    return found if isinstance(found, dict) and whole else {}


def _standings(found: Mapping[str, Any]) -> dict[str, Standing]:
    return {key: Standing(state, Text.from_json(reason) if reason else None)
            for key, (state, reason) in found["standings"].items()}  # fmt: skip


def _matches(db: Connection) -> dict[str, int]:
    """Count what each rule matched: events of its findings, and for bases of correlations what they tallied."""
    counted = {row["rule_id"]: row["n"] for row in rows(db, "SELECT rule_id, sum(count) AS n FROM findings GROUP BY 1")}
    tallied = rows(db, "SELECT rule_id, base_id, sum(tallies) AS n FROM correlation_blocks GROUP BY 1, 2")
    for row in tallied:
        rule_id = row["base_id"].rpartition(PATH)[2]
        counted[rule_id] = max(counted.get(rule_id, 0), row["n"])
    return counted


def counting(db: Connection, rule_id: str) -> list[RuleRow]:
    """Return the correlations that have counted what a rule matched, so that it may make no findings of its own."""
    bases = rows(db, "SELECT DISTINCT rule_id, base_id FROM correlation_blocks WHERE instr(base_id, ?)", [rule_id])
    found = {row["rule_id"] for row in bases if row["base_id"].rpartition(PATH)[2] == rule_id}
    return [one for key in sorted(found) if (one := rule(db, key)) is not None]


def verdicts(db: Connection, rules: Sequence[RuleRow] | None = None) -> list[dict[str, Any]]:
    """Return id, title, state, reason (Text or None) and matches of each rule; ``rules`` as for ``kept``."""
    known = listing(db) if rules is None else rules
    standing, matched = kept(db, known), _matches(db)
    return [_verdict(one, standing[one.id], matched.get(one.id, 0)) for one in known]


def _verdict(rule: RuleRow, stands: Standing, matches: int) -> dict[str, Any]:
    fired = matches and stands.state in ("quiet", "blocked")
    state, reason = ("fired", None) if fired else (stands.state, stands.reason)
    return {"id": rule.id, "title": rule.title, "state": state, "reason": reason, "matches": matches}
