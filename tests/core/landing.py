"""A desk that takes made-up sign-ins in through the pipeline, with rules of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.model import EventBatch, LogSource, Severity
from desktop_app.core.pipeline import Intake, hunt, remove_segments
from desktop_app.core.rules.hunting import Hunt
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.events.made import SECOND, START, batch

AUTH = LogSource("linux", "", "auth")

ROOT = """
title: Somebody signed in as root
name: root
logsource: {product: linux, service: auth}
detection: {selection: {user.name: root}, condition: selection}
"""
FAIL = """
title: Failed sign-in
name: fail
logsource: {product: linux, service: auth}
detection: {selection: {event.outcome: failure}, condition: selection}
"""
SUCCESS = FAIL.replace("Failed", "Good").replace("name: fail", "name: success").replace("failure", "success")
BURST = """
title: Burst
name: burst
correlation: {type: event_count, rules: [fail], group-by: [source.ip], timespan: 10s, condition: {gte: 3}}
"""
USERS = """
title: Many accounts
name: users
correlation: {type: value_count, rules: [fail], group-by: [source.ip], timespan: 10s,
              condition: {field: user.name, gte: 3}}
"""
TOGETHER = """
title: Failures and successes together
name: together
correlation: {type: temporal, rules: [fail, success], group-by: [source.ip], timespan: 5s}
"""
BROKEN_IN = """
title: Burst, then a success
name: broken_in
correlation: {type: temporal_ordered, rules: [burst, success], group-by: [source.ip], timespan: 30s}
"""


def rules(*bodies: str, off: Sequence[str] = ()) -> RuleSet:
    """Compile rules under their names; those of ``off`` are switched off. Only ROOT and correlations make findings."""
    sources = []
    for body in bodies:
        data: dict[str, Any] = dict(parse_yaml(body))
        name, version = str(data["name"]), f"{crc32(body.encode()):08x}"
        enabled = name not in off
        sources.append(RuleSource(name, version, data["title"], Severity.HIGH, compile_rule(data), enabled=enabled))
    return RuleSet(sources)


def sign_in(second: int, outcome: str = "failure", *, ip: str = "10.0.0.1", user: str = "a") -> dict[str, Any]:
    """Return a sign-in so many seconds after START."""
    fields = {"event.outcome": outcome, "source.ip": ip, "user.name": user}
    return {"time": START + second * SECOND, "host": "gw", "source": "sshd", "fields": fields, "raw": f"{second} {ip}"}


def failures(*seconds: int, ip: str = "10.0.0.1") -> list[dict[str, Any]]:
    """Return failed sign-ins at these seconds."""
    return [sign_in(second, ip=ip) for second in seconds]


class Scene:
    """A desk, its rules and what came in: one import, one file, one segment at a time."""

    def __init__(self, desk: Desk, db: Connection, ruleset: RuleSet) -> None:
        self.desk = desk
        self.db = db
        self.rules = ruleset

    def intake(self, events: Sequence[Mapping[str, Any]] | EventBatch, *, name: str = "auth.log") -> Intake:
        """Write events as a new file of a new import, not yet landed."""
        with writing(self.db):
            sql = "INSERT INTO imports (label, state, created) VALUES (?, 'done', 0)"
            import_id = int(self.db.execute(sql, (name,)).lastrowid or 0)
            sql = "INSERT INTO files (import_id, path, name, state) VALUES (?, ?, ?, 'done')"
            file_id = int(self.db.execute(sql, (import_id, f"/logs/{name}", name)).lastrowid or 0)
        made = Intake(self.desk, self.rules, import_id=import_id, file_id=file_id, name=name)
        made.add(events if isinstance(events, EventBatch) else batch(events, AUTH))
        return made

    def land(self, events: Sequence[Mapping[str, Any]] | EventBatch, *, name: str = "auth.log") -> list[int]:
        """Bring events in and return their segments."""
        made = self.intake(events, name=name)
        with writing(self.db):
            return made.land(self.db)

    def remove(self, ids: Sequence[int]) -> None:
        """Take segments out again, as an undo does."""
        with writing(self.db):
            paths = remove_segments(self.desk, self.db, self.rules, ids)
        catalogue.discard(self.desk.folder, self.db, paths)

    def detect(self) -> list[str]:
        """Apply the rules to all that is stored; return the paths of what could not be read."""
        ids = [one.id for one in catalogue.live(self.db)]
        missing = hunt(self.desk, self.db, Hunt(self.rules, None, ids), lambda _done, _total: None)
        return [one.segment.path for one in missing]

    def row(self, rule: str) -> findings.FindingRow:
        """Return the one finding of a rule."""
        [found] = findings.listing(self.db, findings.Filter("all", rule=rule))
        return found

    def counts(self) -> dict[str, int]:
        """Return how many events each finding counts, by its rule and what its group says."""
        found = findings.listing(self.db, findings.Filter("all"))
        return {" ".join([one.rule_id, *(value for _, value in one.group)]): one.count for one in found}

    def state(self) -> object:
        """Return everything that segments brought, but for the numbers of findings."""
        told = 'rule_id, rule_version, severity, status, count, first_seen, last_seen, group_values, "values"'
        where = "SELECT f.fingerprint, {} FROM {} x JOIN findings f ON f.id = x.finding_id ORDER BY 1, 2"
        return (
            rows(self.db, f"SELECT fingerprint, {told} FROM findings ORDER BY 1"),
            rows(self.db, where.format("x.segment_id, x.count, x.first, x.last, x.times", "contributions")),
            rows(self.db, where.format("x.event_id, x.time, x.host, x.raw, x.fields", "evidence")),
            rows(
                self.db,
                "SELECT b.rule_id, b.base_id, b.segment_id, b.tallies, b.first, b.last, b.fired, t.hashes, t.ends,"
                ' t.keys, t.times, t.events, t."distinct", t.codes FROM correlation_blocks b'
                " JOIN correlation_tallies t ON t.block_id = b.id ORDER BY 1, 2, 3",
            ),
        )
