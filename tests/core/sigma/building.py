"""Batches and rules for tests, from plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from desktop_app.core.model import EventBatch, LogSource, Severity
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet

AUTH = LogSource("linux", "", "auth")
WEB = LogSource("", "webserver", "access")
SECURITY = LogSource("windows", "", "security")
SYSMON = LogSource("windows", "", "sysmon")
SYSMON_CHANNEL = "Microsoft-Windows-Sysmon/Operational"
SECOND = 1_000_000


def batch(
    source: LogSource,
    events: Sequence[Mapping[str, str | None]],
    *,
    raw: Sequence[str] | None = None,
    message: Sequence[str | None] | None = None,
    host: str | None = "h1",
    level: str | None = "info",
    program: str | None = "prog",
    times: Sequence[int] | None = None,
) -> EventBatch:
    """Make a batch of field dictionaries."""
    names = sorted({name for event in events for name in event})
    size = len(events)
    return EventBatch(
        log_source=source,
        time=np.array(times or [n * SECOND for n in range(size)], dtype=np.int64),
        ordinal=np.arange(1, size + 1, dtype=np.int64),
        source=[program] * size,
        host=[host] * size,
        level=[level] * size,
        message=list(message) if message is not None else [None] * size,
        raw=list(raw) if raw is not None else [f"line {n}" for n in range(size)],
        fields={name: [event.get(name) for event in events] for name in names},
    )


def rule_data(
    detection: Mapping[str, Any], logsource: Mapping[str, str] | None = None, **more: object
) -> dict[str, Any]:
    """Make the data of a plain rule."""
    return {
        "title": "A rule",
        "logsource": dict(logsource or {"product": "linux", "service": "auth"}),
        "detection": dict(detection),
        **more,
    }


def ruleset(*rules: Mapping[str, Any] | str) -> RuleSet:
    """Compile rules (data or YAML) and switch them on; ids are r0, r1, ..."""
    made = []
    for number, one in enumerate(rules):
        data = parse_yaml(one) if isinstance(one, str) else one
        made.append(RuleSource(f"r{number}", "v", str(data["title"]), Severity.LOW, compile_rule(data)))
    return RuleSet(made)


def rows_of(rules: RuleSet, events: EventBatch) -> dict[str, list[int]]:
    """Return the matching rows of each rule that matches."""
    return {match.rule_id: match.rows.tolist() for match in rules.examine(events)}


def found(detection: Mapping[str, Any], events: Sequence[Mapping[str, str | None]], **more: Any) -> list[int]:
    """Return the rows on which one detection holds."""
    logsource = more.pop("logsource", None)
    source = more.pop("source", AUTH)
    return rows_of(ruleset(rule_data(detection, logsource)), batch(source, events, **more)).get("r0", [])
