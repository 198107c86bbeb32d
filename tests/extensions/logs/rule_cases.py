"""The test events that stand beside our rules, turned into batches and put through the rules."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from desktop_app.core.model import EventBatch, micros
from desktop_app.core.paths import resource
from desktop_app.core.rules.catalogue import severity_of
from desktop_app.core.rules.packs import read_pack
from desktop_app.core.rules.reading import ReadRule, read_rules
from desktop_app.core.sigma.model import RuleSource, Tally
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.extensions.logs.jobs.landing import OWN
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.recognise import by_id
from desktop_app.extensions.logs.sources.winchannels import log_source

FOLDER = resource("extensions", "logs", "rules")
START = micros(dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC))


@dataclass(frozen=True)
class Fired:
    """A rule that fired: its id, and the values of the first time."""

    rule_id: str
    values: Mapping[str, str]


@cache
def our_rules() -> tuple[ReadRule, ...]:
    """Return our rules as the catalogue would."""
    return tuple(read_rules("watchdesk", read_pack(FOLDER)))


def by_name() -> dict[str, ReadRule]:
    """Return our rules by their Sigma names."""
    return {rule.compiled["name"]: rule for rule in our_rules() if rule.compiled is not None}


@cache
def ruleset() -> RuleSet:
    """Return our rules, all switched on."""
    return RuleSet(
        RuleSource(rule.id, rule.version, rule.title, severity_of(rule.level), rule.compiled)
        for rule in our_rules()
        if rule.compiled is not None
    )


def cases() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (file, case) of all files of test events."""
    for path in sorted(Path(FOLDER).glob("*.events.yml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            yield path.name.removesuffix(".events.yml"), case


def _lines(case: Mapping[str, Any]) -> list[EventBatch]:
    lines = case["lines"].splitlines()
    if "repeat" in case:
        lines = [line.format(n=n) for n in range(case["repeat"]) for line in lines]
    reading, chosen = Reading("case.log", reference=START + 86_400_000_000), by_id(case["format"])
    stream = io.BytesIO("".join(f"{line}\n" for line in lines).encode())
    return [one for records in chosen.collect(stream, reading) for one in chosen.normalize(records, reading)]


def _windows(events: list[dict[str, Any]]) -> list[EventBatch]:
    rows: list[tuple[int, dict[str, str]]] = []
    now = START
    for event in events:
        fields = dict(event)
        repeat, every, after = (fields.pop(name, 1) for name in ("repeat", "every", "after"))
        for n in range(repeat):
            now += (every if n else after) * 1_000_000
            rows.append((now, {name: str(value).format(n=n) for name, value in fields.items()}))
    by_channel: dict[str, list[tuple[int, tuple[int, dict[str, str]]]]] = defaultdict(list)
    for ordinal, row in enumerate(rows, start=1):
        by_channel[row[1]["Channel"]].append((ordinal, row))
    return [_batch(channel, members) for channel, members in by_channel.items()]


def _batch(channel: str, members: list[tuple[int, tuple[int, dict[str, str]]]]) -> EventBatch:
    events = [fields for _, (_, fields) in members]
    names = {name for fields in events for name in fields}
    return EventBatch(
        log_source=log_source(channel),
        time=np.array([time for _, (time, _) in members], dtype=np.int64),
        ordinal=np.array([ordinal for ordinal, _ in members], dtype=np.int64),
        source=[channel] * len(members),
        host=[fields.get("Computer") for fields in events],
        level=["info"] * len(members),
        message=[None] * len(members),
        raw=[str(fields) for fields in events],
        fields={name: [fields.get(name) for fields in events] for name in sorted(names)},
    )


def _noted(events: list[dict[str, str]]) -> list[EventBatch]:
    return [
        EventBatch(
            OWN, np.array([START], np.int64), np.array([ordinal], np.int64), ["watchdesk"], [None], ["warning"],
            [str(fields)], [str(fields)], {name: [value] for name, value in fields.items()},
        )
        for ordinal, fields in enumerate(events, start=1)
    ]  # fmt: skip


def batches(case: Mapping[str, Any]) -> list[EventBatch]:
    """Return the events of a case."""
    if "noted" in case:
        return _noted(case["noted"])
    return _lines(case) if "lines" in case else _windows(case["events"])


def _values(batch: EventBatch, row: int) -> dict[str, str]:
    fields = {name: value for name, column in batch.fields.items() if (value := column[row]) is not None}
    return {"host": batch.host[row] or "", "source": batch.source[row] or ""} | fields


def run(found: list[EventBatch]) -> list[Fired]:
    """Put batches through our rules the way the pipeline does, and return what generates findings."""
    rules = ruleset()
    fired: list[Fired] = []
    tallies: dict[tuple[str, tuple[str, ...]], list[Tally]] = defaultdict(list)
    last: dict[int, dict[str, str]] = {}
    for number, batch in enumerate(found):
        for match in rules.examine(batch):
            if rules.rules[match.rule_id].generates:
                fired.append(Fired(match.rule_id, _values(batch, int(match.rows[-1]))))
            for group in rules.correlation_rows(match, batch):
                for place, row in enumerate(group.rows.tolist()):
                    event = number << 32 | int(batch.ordinal[row])
                    last[event] = _values(batch, row)
                    value = group.distinct[group.codes[place]] if group.distinct else None
                    tally = Tally(int(batch.time[row]), event, number, group.base_id, value)
                    tallies[group.rule_id, group.keys[group.groups[place]]].append(tally)
    for (rule_id, key), members in tallies.items():
        if rules.rules[rule_id].generates:
            for firing in rules.correlate(rule_id, members):
                group = dict(zip(rules.group_by(rule_id), key, strict=True))
                fired.append(Fired(rule_id, last[firing.tallies[-1].event_id] | group | dict(firing.values)))
    return fired
