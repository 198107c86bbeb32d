"""Whom and what events name."""

from __future__ import annotations

import pytest

from desktop_app.core.entities import LONGEST_VALUE, MOST, common, entities, entity, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("source.ip", "address"),
        ("TargetUserName", "account"),
        ("Image", "file"),
        ("Computer", "host"),
        ("EventID", None),
    ],
)
def test_a_field_is_known_by_its_name(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("address", "10.20.4.17", "10.20.4.17"),
        ("address", "::ffff:10.20.4.17", "10.20.4.17"),
        ("address", "FE80::1%eth0", "fe80::1"),
        ("address", "127.0.0.1", None),
        ("address", "::1", None),
        ("address", "0.0.0.0", None),
        ("address", "gateway", None),
        ("account", "SVC_Historian", "svc_historian"),
        ("account", "SYSTEM", None),
        ("account", "-", None),
        ("account", " ", None),
        ("file", r"C:\Temp\A9.tmp", r"c:\temp\a9.tmp"),
        ("file", "x" * (LONGEST_VALUE + 1), None),
    ],
)  # fmt: skip
def test_values_are_compared_in_one_form_and_those_that_name_nothing_are_left_out(
    kind: str, value: str, told: str | None
) -> None:
    assert entity(kind, value) == told  # type: ignore[arg-type]


def test_each_entity_is_named_once_whatever_field_it_stands_in() -> None:
    pairs = [("source.ip", "10.0.0.1"), ("IpAddress", "10.0.0.1"), ("user.name", "Root"), ("EventID", "4625")]
    assert entities(pairs, ["GW", None, "gw"]) == [("host", "gw"), ("address", "10.0.0.1"), ("account", "root")]


def test_a_finding_names_no_more_than_a_page_can_hold() -> None:
    assert len(entities([("source.ip", f"10.0.{one // 250}.{one % 250 + 1}") for one in range(1000)])) == MOST


def test_common_are_the_fields_with_one_value_in_all_events() -> None:
    copies = [{"a": "1", "b": "1", "c": "", "e": "x" * 501}, {"a": "1", "b": "2", "c": "", "d": "1", "e": "x" * 501}]
    assert common(copies) == {"a": "1"}
    assert common([]) == {}
