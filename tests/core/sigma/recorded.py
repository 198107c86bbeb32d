"""The world's rules and recorded attacks, where the folder of test data is there."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import yaml

from desktop_app.core.model import EventBatch, Severity
from desktop_app.core.sigma.documents import Document, documents, read_text
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.extensions.logs.model import Reading, Sample
from desktop_app.extensions.logs.sources.evtx import EVTX
from desktop_app.extensions.logs.sources.recognise import recognise
from tests.core.sigma.oracle import Event, Holds, Texts, reading
from tests.core.sigma.oracle_sources import views

Pairs = set[tuple[str, int]]  # (rule, row of a batch)


def world(data_dir: Path) -> dict[str, Mapping[str, Any]]:
    """Return the rules of the world by id."""
    with zipfile.ZipFile(data_dir / "sigma-rules.zip") as archive:
        files = [archive.read(name) for name in archive.namelist() if name.endswith(".yml")]
    found = [one for file in files for one in documents(read_text(file)) if isinstance(one, Document)]
    return {str(one.data["id"]): one.data for one in found}


def usable(rules: Mapping[str, Mapping[str, Any]]) -> list[RuleSource]:
    """Compile what the engine can use."""
    made = []
    for rule_id, rule in rules.items():
        try:
            made.append(RuleSource(rule_id, "", "", Severity.LOW, compile_rule(rule)))
        except RuleProblem:
            continue
    return made


def decoded(stream: IO[bytes], name: str) -> Iterator[EventBatch]:
    """Read an EVTX file as an import does."""
    about = Reading(name)
    for records in EVTX.collect(stream, about):
        yield from EVTX.normalize(records, about)


def attacks(data_dir: Path) -> Iterator[EventBatch]:
    """Read all recorded attacks."""
    for path in sorted((data_dir / "evtx-attack-samples").rglob("*.evtx")):
        with path.open("rb") as stream:
            yield from decoded(stream, path.name)


def text_log(raw: bytes, name: str) -> Iterator[EventBatch]:
    """Read a text log in the format that its content tells."""
    body = raw.decode()
    form, _ = recognise(Sample(name, raw, body, body.splitlines(), "utf-8"))
    about = Reading(name)
    for records in form.collect(io.BytesIO(raw), about):
        yield from form.normalize(records, about)


def cases(data_dir: Path) -> Iterator[tuple[str, list[EventBatch]]]:
    """Yield the rule and the events of each of SigmaHQ's regression cases that are EVTX files."""
    with zipfile.ZipFile(data_dir / "sigma-regression.zip") as archive:
        by_name = {Path(name).name: name for name in archive.namelist()}
        for name in sorted(archive.namelist()):
            if not name.endswith("info.yml"):
                continue
            info = yaml.safe_load(archive.read(name))
            for test in info.get("regression_tests_info", []):
                with archive.open(by_name[Path(test["path"]).name]) as stream:
                    batches = list(decoded(stream, name))
                yield info["rule_metadata"][0]["id"], batches


class Oracle:
    """All rules of the world, asked one by one about one event after the other."""

    def __init__(self, rules: Mapping[str, Mapping[str, Any]]) -> None:
        self._by_source: dict[tuple[tuple[str, str], ...], list[tuple[str, Holds]]] = defaultdict(list)
        for rule_id, rule in rules.items():
            words = {name: word for name, word in rule["logsource"].items() if name != "definition"}
            self._by_source[tuple(sorted(words.items()))].append((rule_id, reading(rule)))

    def ask(self, batch: EventBatch) -> Pairs:
        """Return the rules that hold of each event of a batch of Windows events."""
        columns = {name.lower(): list(column) for name, column in batch.fields.items()}
        found: Pairs = set()
        for row in range(len(batch)):
            event = {name: column[row] for name, column in columns.items() if column[row] is not None}
            found |= {(rule_id, row) for rule_id in self._of(event, _texts(batch, row))}
        return found

    def _of(self, event: Event, texts: Texts) -> Iterator[str]:
        for words, rules in self._by_source.items():
            for view in views(dict(words), event):
                yield from (rule_id for rule_id, holds in rules if holds(view, texts))


def _texts(batch: EventBatch, row: int) -> Texts:
    raw, message = batch.raw[row] or "", batch.message[row]
    return [one for one in (raw, raw.replace('\\"', '"').replace("\\\\", "\\"), message) if one]


def matched(engine: RuleSet, batch: EventBatch) -> Pairs:
    """Return what the engine says of a batch."""
    return {(match.rule_id, row) for match in engine.examine(batch) for row in match.rows.tolist()}
