from __future__ import annotations

import contextlib
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.model import LogSource, Severity
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.sigma.building import AUTH, SECURITY, WEB, batch, found, rows_of, rule_data, ruleset

SELECTION = {"s": {"A": "x"}, "condition": "s"}


def test_no_rules_match_nothing() -> None:
    assert RuleSet.empty().examine(batch(AUTH, [{"A": "x"}])) == []


def test_an_empty_batch_matches_nothing() -> None:
    assert ruleset(rule_data(SELECTION)).examine(batch(AUTH, [])) == []
    assert ruleset(rule_data(SELECTION, {"product": "windows"})).examine(batch(SECURITY, [])) == []


def test_rows_are_ascending_numbers() -> None:
    [match] = ruleset(rule_data(SELECTION)).examine(batch(AUTH, [{"A": "x"}, {}, {"A": "X"}]))
    assert match.rows.dtype == np.int64
    assert match.rows.tolist() == [0, 2]


def test_a_batch_that_is_forgotten_is_read_again_when_it_is_asked_about() -> None:
    rules, made = ruleset(rule_data(SELECTION)), batch(AUTH, [{"A": "x"}])
    rules.examine(made)
    kept = rules.values(made)
    assert rules.values(made)["a"] is kept["a"]
    rules.forget()
    assert rules.values(made) == {}


def test_events_of_many_channels_and_ids_in_one_batch_are_told_apart() -> None:
    rules = ruleset(
        rule_data({"s": {"EventID": 1}, "condition": "s"}, {"product": "windows", "service": "security"}),
        rule_data({"s": {"EventID": [1, 2]}, "condition": "s"}, {"product": "windows"}),
    )
    events = [("Security", "1"), ("System", "1"), ("Security", "2"), ("Security", "1"), (None, "2"), ("System", None)]
    made = batch(replace(SECURITY, service=""), [{"Channel": channel, "EventID": one} for channel, one in events])
    assert rows_of(rules, made) == {"r0": [0, 3], "r1": [0, 1, 2, 3, 4]}


def test_a_rule_that_matches_everything_stays_one_match() -> None:
    rules = ruleset(rule_data({"s": {"A": "*"}, "n": {"B": None}, "condition": "s or n"}))
    [match] = rules.examine(batch(AUTH, [{"A": "x"}] * 5000))
    assert len(match.rows) == 5000


def test_the_same_rules_serve_batch_after_batch() -> None:
    rules = ruleset(rule_data(SELECTION), rule_data(SELECTION, {"category": "webserver"}))
    for _ in range(2):
        assert rows_of(rules, batch(AUTH, [{"A": "x"}])) == {"r0": [0]}
        assert rows_of(rules, batch(WEB, [{}, {"A": "x"}])) == {"r1": [1]}


def test_rules_are_described_for_the_pipeline_and_the_pages() -> None:
    data = rule_data(SELECTION, watchdesk={"fingerprint": ["A"]})
    info = RuleSet([RuleSource("i", "v", "T", Severity.HIGH, compile_rule(data), "ours")]).rules["i"]
    assert (info.version, info.title, info.severity, info.pack) == ("v", "T", Severity.HIGH, "ours")
    assert (info.fingerprint, info.generates, info.is_correlation) == (("A",), True, False)


def test_a_rule_that_is_off_does_not_run() -> None:
    source = RuleSource("i", "v", "T", Severity.HIGH, compile_rule(rule_data(SELECTION)), enabled=False)
    rules = RuleSet([source])
    assert rules.examine(batch(AUTH, [{"A": "x"}])) == []
    assert not rules.rules["i"].generates


def test_only_the_columns_that_rules_ask_for_are_needed() -> None:
    detection = {"s": {"cs-uri-query|contains": "x"}, "condition": "s"}
    rules = ruleset(rule_data(detection, {"category": "webserver"}), rule_data(SELECTION))
    assert {"url.query", "url.original"} <= rules.needed(WEB)
    assert "a" not in rules.needed(WEB)
    assert "a" in rules.needed(AUTH)


@pytest.mark.parametrize("value", ["x" * 2_000_000, "\ud800\udfff", "\0", "İ" * 1000, "a" * 100_000 + "!"])
def test_hostile_values_are_examined_like_others(value: str) -> None:
    detection = {"c": {"A|contains": "needle"}, "w": {"A": "*a*b*c*d*e*f"}, "r": {"A|re": "(a+)+$"}, "k": ["needle"],
                 "condition": "c or w or k or r"}  # fmt: skip
    rows = found(detection, [{"A": value}, {"A": value + "needle"}], raw=[value, value])
    assert 1 in rows


def test_a_rule_of_many_thousand_values_works() -> None:
    values = [f"value{n}x" for n in range(20_000)]
    assert found({"s": {"A|contains": values}, "condition": "s"}, [{"A": "..value19999x.."}, {"A": "none"}]) == [0]


def test_deeply_nested_conditions_are_refused_or_work_but_never_crash() -> None:
    condition = "(" * 300 + "s" + ")" * 300
    with contextlib.suppress(RuleProblem):
        assert found({"s": {"A": "x"}, "condition": condition}, [{"A": "x"}]) == [0]


def test_a_column_that_no_event_has_loses_no_rule_that_does_not_need_it() -> None:
    detection = {"s": {"Image": "x"}, "other": {"Absent": "y"}, "not_this": {"AlsoAbsent": "z"}}
    for condition in ("s and not not_this", "s or other", "1 of s*", "s and not (other or not_this)"):
        assert found({**detection, "condition": condition}, [{"Image": "x"}, {"Image": "n"}]) == [0]


@pytest.mark.parametrize("written", ["true", "True", "1"])
def test_a_truth_value_is_the_same_however_the_log_spells_it(written: str) -> None:
    assert found({"s": {"Initiated": True}, "condition": "s"}, [{"Initiated": written}, {"Initiated": "false"}]) == [0]
    assert found({"s": {"Initiated": "true"}, "condition": "s"}, [{"Initiated": "true"}]) == [0]


def test_in_a_file_of_anything_only_what_has_an_event_id_is_a_windows_event() -> None:
    trail = {"eventSource": "s", "eventName": "StopLogging", "awsRegion": "eu-1"}
    rules = ruleset(
        rule_data({"s": {"eventName": "StopLogging"}, "condition": "s"}, {"product": "aws", "service": "cloudtrail"}),
        rule_data({"s": {"EventID": 1}, "condition": "s"}, {"product": "windows"}),
    )
    made = batch(LogSource("", "application", "json"), [{"EventID": "1"}, trail])
    assert rows_of(rules, made) == {"r0": [1], "r1": [0]}
