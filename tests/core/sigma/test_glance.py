from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.glance import Glance
from tests.core.sigma.building import AUTH, SECURITY, batch, rows_of, rule_data, ruleset
from tests.core.sigma.test_oracle import EVENTS, detections

SERVICE = {"product": "windows", "service": "security"}
PROCESS = {"product": "windows", "category": "process_creation"}


def possible(
    detection: dict[str, Any], columns: dict[str, list[str] | None], logsource: dict[str, str] | None = None,
    source: LogSource = AUTH,
) -> bool:  # fmt: skip
    known = {name.lower(): values for name, values in columns.items() if values is not None}
    return ruleset(rule_data(detection, logsource)).possible(source, Glance(columns, known))


def test_a_field_that_no_event_has_rules_matches_out() -> None:
    assert not possible({"s": {"User": "x", "Image": "y"}, "condition": "s"}, {"User": None})
    assert possible({"s": {"User": "x"}, "condition": "s"}, {"user": None})
    assert not possible({"s": {"Image|exists": True}, "condition": "s"}, {"User": None})
    assert not possible({"s": {"User|fieldref": "Image"}, "condition": "s"}, {"User": None})


def test_values_that_are_known_rule_matches_out() -> None:
    asked = {"s": {"User|contains": "root", "Port|gt": 1000}, "condition": "s"}
    assert possible(asked, {"User": ["ROOTS"], "Port": None})
    assert not possible(asked, {"User": ["anna"], "Port": None})
    assert not possible(asked, {"User": ["root"], "Port": ["22"]})


def test_what_is_not_may_be() -> None:
    assert possible({"s": {"User": "x"}, "condition": "not s"}, {"User": ["x"]})


def test_a_log_source_that_no_rule_is_about_holds_no_match() -> None:
    assert not possible({"s": {"User": "x"}, "condition": "s"}, {"User": ["x"]}, source=SECURITY)


def test_channels_and_event_ids_tell_whether_a_rule_can_apply() -> None:
    kinds: dict[str, list[str] | None] = {"Channel": ["Security"], "EventID": ["4624"], "NewProcessName": None}
    asked = {"s": {"Image": "x"}, "condition": "s"}
    assert not possible(asked, kinds, PROCESS, SECURITY)
    assert possible(asked, kinds | {"EventID": ["4688", "4624"]}, PROCESS, SECURITY)
    assert not possible({"s": {"EventID": 4688}, "condition": "s"}, kinds, SERVICE, SECURITY)


def test_columns_that_are_made_of_others_are_glanced_at_through_these() -> None:
    web = {"category": "webserver"}
    asked = {"s": {"cs-uri-stem": "/admin"}, "condition": "s"}
    source = LogSource("", "webserver", "access")
    assert possible(asked, {"url.original": ["/admin?x=1"]}, web, source)
    assert not possible(asked, {"url.original": ["/?/admin"]}, web, source)
    assert possible(asked, {"url.original": None}, web, source)


@settings(max_examples=200, deadline=None)
@given(detection=detections(), events=EVENTS)
def test_whatever_matches_was_possible(detection: dict[str, Any], events: list[dict[str, str]]) -> None:
    data = rule_data(detection)
    try:
        rules = ruleset(data)
    except RuleProblem:
        return  # pySigma refuses some of them, which says nothing about matching
    columns = {name for event in events for name in event}
    values = {name.lower(): sorted({one[name] for one in events if name in one}) for name in columns}
    if rows_of(rules, batch(AUTH, events)):
        assert rules.possible(AUTH, Glance(columns, values))
        assert rules.possible(AUTH, Glance(columns, {}))
