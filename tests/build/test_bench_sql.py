from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from build import bench_sql
from desktop_app.core.model import Severity
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.sigma.building import SECURITY, batch, rows_of, rule_data

EVENTS: list[dict[str, str | None]] = [
    {"Channel": "Security", "EventID": "4688", "NewProcessName": r"C:\Windows\a_b%.exe", "Elevated": "true"},
    {"Channel": "Security", "EventID": "4688", "NewProcessName": r"C:\Windows\axbx.exe"},
    {"Channel": "Security", "EventID": "4624", "LogonType": "10", "IpAddress": "10.0.0.1"},
    {"Channel": "security", "EventID": "4624"},
]
SERVICE = {"product": "windows", "service": "security"}


@pytest.mark.parametrize(
    ("logsource", "selection", "condition"),
    [
        ({"product": "windows", "category": "process_creation"}, {"Image|endswith": "A_B%.exe"}, "s"),
        (SERVICE, {"Elevated": True}, "s"),
        (SERVICE, {"LogonType": 10}, "not s"),
        (SERVICE, {"LogonType|gt": 3, "IpAddress|cidr": "10.0.0.0/8"}, "s"),
        (SERVICE, {"EventID": [4624, 4688], "LogonType": None}, "s"),
        (SERVICE, {"NewProcessName|re": "a.b"}, "s"),
        (SERVICE, {"NewProcessName|exists": False}, "s"),
        ({"product": "windows"}, ["line 2", r"\a_b"], "s"),
    ],
)
def test_a_query_and_the_matcher_find_the_same_events(
    logsource: Mapping[str, str], selection: Any, condition: str
) -> None:
    compiled = compile_rule(rule_data({"s": selection, "condition": condition}, logsource))
    rule = RuleSource("r", "v", "", Severity.LOW, compiled)
    table = bench_sql.Table(bench_sql.fields_of([rule]))
    events = batch(SECURITY, EVENTS)
    table.add(events)
    table.index()
    said = {name: len(rows) for name, rows in rows_of(RuleSet([rule]), events).items()}
    assert bench_sql.matches(table, [rule]) == said != {}
    assert bench_sql.has_keywords(rule) == isinstance(selection, list)
