"""Our rules: each fires on its events and on no others, and says so in both languages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from desktop_app.core.model import EventBatch
from desktop_app.core.rules.texts import UNKNOWN, finding_texts
from tests.extensions.logs.rule_cases import Fired, batches, by_name, cases, our_rules, ruleset, run

CASES = list(cases())
GENERATING = sorted(rule.compiled["name"] for rule in our_rules() if ruleset().rules[rule.id].generates)
TOLD = sorted(rule.compiled["name"] for rule in our_rules() if rule.level != "informational")
COLUMNS = ("time", "ordinal", "source", "host", "level", "message", "raw")
HAN = re.compile(r"[\u4e00-\u9fff]")


def names_of(file: str) -> set[str]:
    return {rule.compiled["name"] for rule in our_rules() if rule.path.partition("#")[0] == f"{file}.yml"}


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['case']}" for file, case in CASES])
def test_a_case_fires_exactly_the_rules_it_names(file: str, case: Mapping[str, Any]) -> None:
    ids = {rule.id: name for name, rule in by_name().items()}
    fired = {ids[one.rule_id]: one for one in run(batches(case)) if ids[one.rule_id] in names_of(file)}
    assert sorted(fired) == sorted(case["fires"])
    for name, title in case.get("titles", {}).items():
        assert finding_texts(by_name()[name].body, fired[name].values, "en").title == title


@pytest.mark.parametrize("name", GENERATING)
def test_each_rule_has_events_that_fire_and_events_that_do_not(name: str) -> None:
    file = by_name()[name].path.partition("#")[0].removesuffix(".yml")
    here = [case for one, case in CASES if one == file]
    assert any(name in case["fires"] for case in here)
    assert any(name not in case["fires"] for case in here)


def test_there_are_enough_rules_and_all_can_run() -> None:
    assert [(rule.path, rule.reason) for rule in our_rules() if rule.state != "ready"] == []
    assert not ruleset().problems
    assert len(TOLD) >= 55


@pytest.mark.parametrize("rule", our_rules(), ids=lambda rule: rule.compiled["name"])
class TestEveryRule:
    def test_has_an_id_an_author_and_a_licence(self, rule: Any) -> None:
        data = yaml.safe_load(rule.body)
        assert str(uuid.UUID(data["id"])) == data["id"]
        assert (data["author"], data["license"]) == ("Watchdesk", "Apache-2.0")
        assert data["name"] == rule.compiled["name"]

    def test_speaks_both_languages_at_the_same_length(self, rule: Any) -> None:
        block = yaml.safe_load(rule.body)["watchdesk"]
        # The English name is Sigma's own title.
        assert {*block["en"], "name"} == set(block["zh"])
        assert len(block["en"].get("todo", ())) == len(block["zh"].get("todo", ()))

    def test_names_the_same_values_in_both_languages(self, rule: Any) -> None:
        block = yaml.safe_load(rule.body)["watchdesk"]
        named = [set(re.findall(r"\{([\w.]+)", str(block[one]["title"]))) for one in ("en", "zh")]
        assert named[0] == named[1]

    def test_is_chinese_in_chinese(self, rule: Any) -> None:
        texts = finding_texts(rule.body, {}, "zh")
        assert texts.own_language
        for said in (texts.name, texts.title, texts.why, texts.condition):
            assert HAN.search(said)
        for step, _ in texts.todo:
            assert HAN.search(step)

    def test_never_breaks_when_values_are_missing(self, rule: Any) -> None:
        for language in ("en", "zh"):
            texts = finding_texts(rule.body, {}, language)
            assert texts.title.strip(UNKNOWN + " ")
            assert "{" not in texts.title


@pytest.mark.parametrize("name", TOLD)
def test_a_rule_that_makes_findings_says_why_what_to_do_and_what_it_may_mistake(name: str) -> None:
    rule = by_name()[name]
    for language in ("en", "zh"):
        texts = finding_texts(rule.body, {}, language)
        assert texts.why
        assert texts.how
        assert len(texts.todo) >= 2
        assert texts.check
        assert texts.false_alarms
        assert texts.condition


def test_a_burst_of_errors_never_shouts() -> None:
    assert by_name()["error_burst"].level in ("low", "medium")


def test_guessing_is_told_the_same_for_any_order_of_arrival() -> None:
    case = next(case for file, case in CASES if file == "windows_guessing")
    found = batches(case)
    late_first = [part_of(found[0], slice(6, None)), part_of(found[0], slice(0, 6))]
    assert counts(run(late_first)) == counts(run(found))


def part_of(batch: EventBatch, rows: slice) -> EventBatch:
    columns = {name: getattr(batch, name)[rows] for name in COLUMNS}
    return replace(batch, **columns, fields={name: column[rows] for name, column in batch.fields.items()})


def counts(fired: list[Fired]) -> set[tuple[str, str | None]]:
    return {(one.rule_id, one.values.get("windows_failed_logon")) for one in fired}
