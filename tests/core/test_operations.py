"""Describing operations."""

from __future__ import annotations

import pytest

from desktop_app.core.operations import BOOLEAN, Operation, integer, maybe, record


@pytest.mark.parametrize(("method", "writes"), [("GET", False), ("POST", True), ("PATCH", True), ("DELETE", True)])
def test_only_reading_leaves_the_desk_as_it_is(method: str, writes: bool) -> None:  # noqa: FBT001 - a parameter of the test
    made = Operation("x", method, "/logs/events/{id}", "", {}, lambda _call: None)  # type: ignore[arg-type] # the four of them
    assert (made.writes, made.tag) == (writes, "logs")


def test_a_record_wants_all_but_the_optional_properties_and_no_others() -> None:
    made = record(("b",), a=BOOLEAN, b=maybe(integer()))
    assert (made["required"], made["additionalProperties"]) == (["a"], False)
    assert made["properties"]["b"]["type"] == ["integer", "null"]
