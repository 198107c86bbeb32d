"""The matcher against the oracle: rules and events that hypothesis makes, and the world's rules on recorded attacks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.model import EventBatch, LogSource, Severity
from desktop_app.core.sigma.documents import Document, documents, read_text
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.evtx import EVTX
from tests.core.sigma import oracle
from tests.core.sigma.building import AUTH, batch, rows_of, rule_data, ruleset

LETTERS = st.sampled_from(["a", "B", "ab", "é", "\\", "*", "?", "-x", "/y", "1", "10.0.0.1", " ", ".exe", "Ä"])
WORDS = st.lists(LETTERS, max_size=4).map("".join)
FIELDS = st.sampled_from(["Image", "User.Name", "port"])
EVENTS = st.lists(st.dictionaries(FIELDS, WORDS, max_size=3), min_size=1, max_size=6)
PLAIN = st.sampled_from(["", "|contains", "|startswith", "|endswith", "|cased", "|contains|all", "|contains|cased",
                         "|startswith|windash", "|endswith|all"])  # fmt: skip
NUMBERS = st.sampled_from(["|lt", "|lte", "|gt", "|gte"])


ITEMS = st.one_of(
    *[st.tuples(FIELDS.flatmap(lambda f: PLAIN.map(f.__add__)), st.lists(WORDS, min_size=1, max_size=3))] * 3,
    st.tuples(FIELDS.flatmap(lambda f: NUMBERS.map(f.__add__)), st.integers(-2, 12)),
    st.tuples(FIELDS, st.none()),
    st.tuples(FIELDS.map("{}|exists".format), st.booleans()),
    st.tuples(FIELDS.map("{}|fieldref".format), FIELDS),
    st.tuples(FIELDS.map("{}|re".format), st.sampled_from(["a", "^a", "B+$", "[a-b]1", "(?i)AB", r"\.exe$", "x?"])),
    st.tuples(FIELDS.map("{}|cidr".format), st.sampled_from(["10.0.0.0/8", "192.168.0.0/16", "::1/128"])),
    st.tuples(FIELDS, st.one_of(st.integers(0, 2), st.booleans())),
)


@st.composite
def detections(draw: st.DrawFn) -> dict[str, Any]:
    one = {}
    for name in ("sel_a", "sel_b", "filter"):
        maps = draw(st.lists(st.lists(ITEMS, min_size=1, max_size=2).map(dict), min_size=1, max_size=2))
        one[name] = maps if len(maps) > 1 else maps[0]
    if draw(st.booleans()):
        one["words"] = draw(st.lists(WORDS.filter(bool), min_size=1, max_size=2))
    shapes = ["sel_a", "sel_a and not filter", "1 of sel_*", "all of sel_* and not filter", "not sel_a or filter",
              "not (sel_a or sel_b)", "1 of them", "all of them"]  # fmt: skip
    if "words" in one:
        shapes.append("words and not filter")
    return {**one, "condition": draw(st.sampled_from(shapes))}


@settings(max_examples=120, deadline=None)
@given(detection=detections(), events=EVENTS, raws=st.lists(WORDS, min_size=6, max_size=6))
def test_the_matcher_and_the_oracle_agree_on_made_up_rules(
    detection: dict[str, Any], events: list[dict[str, str]], raws: list[str]
) -> None:
    data = rule_data(detection)
    try:
        rules = ruleset(data)
    except RuleProblem:
        return  # pySigma refuses some of them, which says nothing about matching
    raw = raws[: len(events)]
    wanted = [row for row, event in enumerate(events) if oracle.matches(data, event, [raw[row]])]
    assert rows_of(rules, batch(AUTH, events, raw=raw)).get("r0", []) == wanted


# --- recorded attacks ------------------------------------------------------------------------------------------------

SYSMON = "microsoft-windows-sysmon/operational"
CATEGORIES = {
    "process_creation": {(SYSMON, "1")}, "file_change": {(SYSMON, "2")}, "network_connection": {(SYSMON, "3")},
    "driver_load": {(SYSMON, "6")}, "image_load": {(SYSMON, "7")}, "create_remote_thread": {(SYSMON, "8")},
    "raw_access_thread": {(SYSMON, "9")}, "process_access": {(SYSMON, "10")}, "file_event": {(SYSMON, "11")},
    "registry_add": {(SYSMON, "12")}, "registry_delete": {(SYSMON, "12")}, "registry_set": {(SYSMON, "13")},
    "registry_event": {(SYSMON, "12"), (SYSMON, "13"), (SYSMON, "14")}, "create_stream_hash": {(SYSMON, "15")},
    "pipe_created": {(SYSMON, "17"), (SYSMON, "18")}, "dns_query": {(SYSMON, "22")},
    "file_delete": {(SYSMON, "23"), (SYSMON, "26")},
}  # fmt: skip
SERVICES = {"security": "security", "system": "system", "application": "application", "sysmon": SYSMON}
ROWS = 1  # of each batch; all rows agree too but take minutes


def windows_rules(data_dir: Path) -> Iterator[Mapping[str, Any]]:
    with zipfile.ZipFile(data_dir / "sigma-rules.zip") as archive:
        for name in archive.namelist():
            if name.endswith(".yml"):
                for one in documents(read_text(archive.read(name))):
                    if isinstance(one, Document) and one.data["logsource"].get("product") == "windows":
                        yield one.data


def asked(rule: Mapping[str, Any], channel: str, event_id: str) -> bool:
    source = rule["logsource"]
    if "category" in source:
        return (channel, event_id) in CATEGORIES.get(source["category"], ())
    return SERVICES.get(source.get("service", ""), "?") == channel


def evtx_batches(data_dir: Path) -> Iterator[EventBatch]:
    for path in sorted((data_dir / "evtx-attack-samples").rglob("*.evtx")):
        with path.open("rb") as stream:
            reading = Reading(path.name)
            for records in EVTX.collect(stream, reading):
                yield from EVTX.normalize(records, reading)


def test_the_matcher_and_the_oracle_agree_on_recorded_attacks(data_dir: Path) -> None:
    rules = {rule["id"]: rule for rule in windows_rules(data_dir)}
    compiled = {}
    for rule_id, rule in rules.items():
        try:
            compiled[rule_id] = RuleSource(rule_id, "", "", Severity.LOW, compile_rule(rule))
        except RuleProblem:
            continue
    engine = RuleSet(compiled.values())
    fired = 0
    for one in evtx_batches(data_dir):
        got = {(match.rule_id, row) for match in engine.examine(one) for row in match.rows.tolist()}
        for row in range(min(ROWS, len(one))):
            event = {name: value for name, column in one.fields.items() if (value := column[row]) is not None}
            channel, event_id = event.get("Channel", "").lower(), event.get("EventID", "")
            texts = [text for text in (one.raw[row], one.message[row]) if text]
            texts.append(texts[0].replace('\\"', '"').replace("\\\\", "\\"))
            for rule_id in compiled:
                if asked(rules[rule_id], channel, event_id):
                    wanted = oracle.matches(rules[rule_id], event, texts)
                    assert ((rule_id, row) in got) == wanted, (rule_id, one.ordinal[row])
                    fired += wanted
    assert fired > 50


def test_a_log_source_that_nothing_maps_is_matched_by_its_own_words() -> None:
    source = LogSource("aws", "", "cloudtrail")
    rules = ruleset(
        rule_data({"s": {"eventName": "StopLogging"}, "condition": "s"}, {"product": "aws", "service": "cloudtrail"})
    )
    assert rows_of(rules, batch(source, [{"eventName": "stoplogging"}])) == {"r0": [0]}
    assert rows_of(rules, batch(AUTH, [{"eventName": "StopLogging"}])) == {}
