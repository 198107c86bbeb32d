"""Checking values against their schemas."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import is_valid

from desktop_app.core import schema_check
from desktop_app.core.errors import UsageError
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Parameter,
    Schema,
    array,
    integer,
    mapping,
    maybe,
    one_of,
    record,
    string,
)

SCHEMAS: list[Schema] = [
    BOOLEAN, integer(1, 5), string(1, 3), one_of("a", "b"), array(integer(0, 3), 2, 1), maybe(string(0, 2)),
    mapping(integer(0, 9)), record(("b",), a=BOOLEAN, b=array(string(0, 1))), record(c=mapping(maybe(BOOLEAN))),
]  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.sampled_from(["", "a", "b", "abcd", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(SCHEMAS), ANY)
def test_what_it_lets_through_is_what_the_schema_means(schema: Schema, value: Any) -> None:
    # Another reader of JSON Schema judges the same.
    assert (schema_check.problem(schema, value, "it") is None) == is_valid(dict(schema), value)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("2026-01-31T14:00:00Z", True),
        ("2026-01-31t14:00:00.123456+08:00", True),
        ("2026-02-30T14:00:00Z", False),
        ("2026-01-31", False),
        ("2026-01-31T14:00:00", False),
        ("2026-13-01T00:00:00Z", False),
        ("٢٠٢٦-01-31T14:00:00Z", False),
    ],
)
def test_a_time_is_a_date_and_a_time_with_an_offset(written: str, right: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert (schema_check.problem(TIME, written, "since") is None) is right


def test_values_of_an_address_get_their_types() -> None:
    parameters = (
        Parameter("limit", integer(1, 9)), Parameter("sev", array(integer(1, 5))), Parameter("ended", BOOLEAN),
        Parameter("q", string()),
    )  # fmt: skip
    given_ = {"limit": ["7"], "sev": ["1", "2"], "ended": ["true"], "q": ["7"]}
    assert schema_check.values(parameters, given_) == {"limit": 7, "sev": [1, 2], "ended": True, "q": "7"}


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"colour": ["red"], "n": ["1"]}, "There is no parameter colour."),
        ({}, "The parameter n is missing."),
        ({"n": ["1", "2"]}, "The parameter n stands more than once."),
        ({"n": ["x"]}, "n must be of the type integer."),
        ({"n": ["01"]}, "n must be of the type integer."),
        ({"n": ["12"]}, "n must lie between 1 and 9."),
    ],
)
def test_a_wrong_address_is_refused_in_one_sentence(given_: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        schema_check.values((Parameter("n", integer(1, 9), required=True),), given_)
    assert str(refused.value.what) == sentence
