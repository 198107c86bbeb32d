"""What a site adds: values of placeholders and processing pipelines, on events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from desktop_app.core.model import Severity
from desktop_app.core.sigma.errors import RuleBroken, RuleUnsupported
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.sigma.site import LEFT_OUT, SUPPORTED, Site, read_pipeline, wanted
from tests.core.sigma.building import AUTH, batch, rows_of, rule_data

EXPAND = {"s": {"User|expand": "%admins%"}, "condition": "s"}
RENAME = """
name: Our names
transformations:
  - id: names
    type: field_name_mapping
    mapping: {User: account, Port: [src_port, dst_port]}
"""
LINUX = "    rule_conditions: [{type: logsource, product: linux}]"
WINDOWS = "    rule_conditions: [{type: logsource, product: windows}]"


def found(detection: dict[str, Any], events: Sequence[dict[str, str | None]], site: Site) -> list[int]:
    rules = RuleSet([RuleSource("r", "v", "T", Severity.LOW, compile_rule(rule_data(detection), site))])
    return rows_of(rules, batch(AUTH, events)).get("r", [])


def one(kind: str, **words: object) -> Site:
    """Return a site with a pipeline of one transformation."""
    lines = "\n".join(f"    {name}: {value}" for name, value in words.items())
    return Site(pipelines=(f"transformations:\n  - type: {kind}\n{lines}\n",))


def test_a_placeholder_stands_for_its_values_and_for_any_of_them() -> None:
    site = Site({"admins": ("root", "adm*")})
    assert found(EXPAND, [{"User": "root"}, {"User": "ADMIN1"}, {"User": "x"}], site) == [0, 1]


def test_placeholders_stand_inside_values_too() -> None:
    detection = {"s": {"Path|expand|startswith": "/srv/%shares%/"}, "condition": "s"}
    assert found(detection, [{"Path": "/srv/a/x"}, {"Path": "/srv/c/x"}], Site({"shares": ("a", "b")})) == [0]


def test_a_rule_waits_for_the_placeholders_that_have_no_values() -> None:
    detection = {"s": {"User|expand": ["%admins%", "%others%"]}, "condition": "s"}
    partly: tuple[dict[str, tuple[str, ...]], ...] = ({}, {"admins": ("a",)}, {"admins": ("a",), "others": ()})
    for values in partly:
        with pytest.raises(RuleUnsupported, match="%others%" if values else "%admins%"):
            compile_rule(rule_data(detection), Site(values))


def test_the_names_that_a_rule_waits_for_are_read_from_its_text() -> None:
    assert wanted("a|expand: '%admins%'\nb|expand: ['%x.y%', '%admins%']") == ("admins", "x.y")
    assert wanted("CommandLine: '%TEMP%'") == ()


def test_names_of_fields_are_mapped_to_one_or_several() -> None:
    events = [{"account": "a"}, {"User": "a"}]
    assert found({"s": {"User": "a"}, "condition": "s"}, events, Site(pipelines=(RENAME,))) == [0]
    ports = [{"src_port": "1"}, {"dst_port": "1"}, {"Port": "1"}]
    assert found({"s": {"Port": 1}, "condition": "s"}, ports, Site(pipelines=(RENAME,))) == [0, 1]


@pytest.mark.parametrize(("condition", "rows"), [(LINUX, [0]), (WINDOWS, [1])])
def test_a_pipeline_may_ask_for_a_log_source(condition: str, rows: list[int]) -> None:
    events = [{"account": "a"}, {"User": "a"}]
    assert found({"s": {"User": "a"}, "condition": "s"}, events, Site(pipelines=(RENAME + condition,))) == rows


@pytest.mark.parametrize(
    ("site", "events", "rows"),
    [
        (one("field_name_prefix", prefix="win."), [{"win.User": "a"}, {"User": "a"}], [0]),
        (one("field_name_suffix", suffix=".name"), [{"User.name": "a"}], [0]),
        (one("field_name_prefix_mapping", mapping="{Us: acco}"), [{"accoer": "a"}], [0]),
        (one("replace_string", regex="^a$", replacement="b"), [{"User": "a"}, {"User": "b"}], [1]),
        (one("map_string", mapping="{a: [b, c]}"), [{"User": "b"}, {"User": "c"}, {"User": "a"}], [0, 1]),
        (one("set_value", value="z"), [{"User": "z"}], [0]),
        (one("case", method="upper"), [{"User": "a"}], [0]),
        (one("add_condition", conditions="{Zone: dmz}"), [{"User": "a"}, {"User": "a", "Zone": "dmz"}], [1]),
        (one("set_state", key="index", val="x"), [{"User": "a"}], [0]),
    ],
)
def test_each_transformation_changes_what_a_rule_looks_for(
    site: Site, events: list[dict[str, str | None]], rows: list[int]
) -> None:
    assert found({"s": {"User": "a"}, "condition": "s"}, events, site) == rows


def test_a_log_source_can_be_changed() -> None:
    site = one("change_logsource", product="windows", service="security")
    assert compile_rule(rule_data(EXPAND | {"s": {"A": "a"}}), site)["source"] == ["windows", "", "security"]


def test_pipelines_run_one_after_the_other() -> None:
    site = Site(pipelines=(RENAME, *one("field_name_prefix", prefix="x.").pipelines))
    assert found({"s": {"User": "a"}, "condition": "s"}, [{"x.account": "a"}], site) == [0]


def test_the_groups_of_correlations_are_renamed_too() -> None:
    data = {
        "title": "C",
        "correlation": {"type": "event_count", "rules": ["a"], "group-by": ["User"], "timespan": "1m",
                        "condition": {"gte": 2}},
    }  # fmt: skip
    assert compile_rule(data, Site(pipelines=(RENAME,)))["group"] == ["account"]


def test_a_rule_that_a_pipeline_leaves_out_says_so() -> None:
    with pytest.raises(RuleUnsupported, match="not here"):
        compile_rule(rule_data({"s": {"A": "a"}, "condition": "s"}), one("rule_failure", message="not here"))


def test_what_would_leave_the_machine_or_run_something_is_left_out_and_named() -> None:
    kinds = [kind for kind in LEFT_OUT if kind not in ("postprocessing", "finalizers")]
    items = "".join(f"  - {{type: {kind}, file: /etc/passwd, url: 'http://x', command: id}}\n" for kind in kinds)
    body = f"name: Bad\ntransformations:\n{items}  - {{type: invented}}\nfinalizers: [{{type: json}}]\n"
    about = read_pipeline(body)
    assert about.items == 0
    assert {one.kind for one in about.left_out} == {*kinds, "invented", "finalizers"}
    assert found({"s": {"User": "a"}, "condition": "s"}, [{"User": "a"}], Site(pipelines=(body,))) == [0]


def test_what_is_left_out_is_left_out_inside_a_nest_too() -> None:
    body = "transformations:\n  - type: nest\n    items: [{type: command_placeholders, command: id}]\n"
    assert [one.kind for one in read_pipeline(body).left_out] == ["command_placeholders"]


def test_every_transformation_of_pysigma_is_either_supported_or_named() -> None:
    from sigma.processing.transformations import transformations

    assert set(transformations) == SUPPORTED | (set(LEFT_OUT) - {"postprocessing", "finalizers"})


@pytest.mark.parametrize(
    "body",
    [
        "- a list", "transformations: 1", "name: [", "transformations: [1]", "unknown_key: 1\ntransformations: []",
        "transformations: [{type: field_name_mapping}]", "transformations: [{type: replace_string, regex: '('}]",
        "a: &a [x]\nb: &b [*a, *a]\ntransformations: [*b]",
    ],
)  # fmt: skip
def test_a_file_that_is_no_pipeline_is_refused_in_one_sentence(body: str) -> None:
    with pytest.raises(RuleBroken):
        read_pipeline(body)


def test_a_pattern_that_backtracks_without_end_harms_nothing() -> None:
    site = one("replace_string", regex="(a+)+$", replacement="b")
    assert found({"s": {"User": "a" * 5000 + "!"}, "condition": "s"}, [{"User": "x"}], site) == []


def test_only_rules_that_a_site_touches_have_another_form() -> None:
    linux, windows = ("linux", "", "auth"), ("windows", "process_creation", "")
    conditioned = Site(pipelines=(RENAME + LINUX,))
    assert conditioned.key(linux, "") != ""
    assert conditioned.key(windows, "") == ""
    assert Site({"admins": ("a",)}).key(linux, "x|expand: '%admins%'") != ""
    assert Site({"admins": ("a",)}).key(linux, "x: '%admins%'") == ""
    assert Site({"a": ("1",)}).key(linux, "expand %a%") != Site({"a": ("2",)}).key(linux, "expand %a%")


def test_what_is_wrong_or_left_out_is_told_with_its_line() -> None:
    body = "name: x\ntransformations:\n  - type: field_name_prefix\n    prefix: a.\n  - type: replace_string\n"
    with pytest.raises(RuleBroken, match="Line 5 is no valid transformation") as told:
        read_pipeline(body)
    assert told.value.line == 5
    nested = "transformations:\n- type: nest\n  items:\n  - type: http_placeholders\n  - type: set_state\n"
    with pytest.raises(RuleBroken, match="Line 2 is no valid transformation"):
        read_pipeline(nested)
    left_out = read_pipeline("finalizers: [{type: concat}]\ntransformations:\n- {type: invented}\n").left_out
    assert [(part.kind, part.line) for part in left_out] == [("finalizers", 1), ("invented", 3)]


def test_a_pipeline_says_which_names_it_changes() -> None:
    body = RENAME + "  - {type: field_name_prefix, prefix: win.}\n  - {type: field_name_suffix, suffix: _s}\n"
    body += "  - type: nest\n    items: [{type: field_name_prefix_mapping, mapping: {user.: account.}}]\n"
    assert read_pipeline(body).renames == (
        ("User", "account"), ("Port", "src_port, dst_port"), ("*", "win.*"), ("*", "*_s"), ("user.*", "account.*"),
    )  # fmt: skip
