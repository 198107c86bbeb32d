from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.layout import FIXED, VIRTUAL, clean_name, column_of, field_of, fold, quote


@pytest.mark.parametrize("name", [*FIXED, *VIRTUAL, "", "Raw", ".id", "..time"])
def test_a_field_that_would_clash_is_stored_under_another_name(name: str) -> None:
    assert fold(column_of(name)) not in {*FIXED, *VIRTUAL, ""}


@given(st.text(max_size=12) | st.sampled_from([*FIXED, ".id", "..id", ".", ""]))
def test_the_name_of_a_field_survives_its_column(name: str) -> None:
    assert field_of(column_of(name)) == name


@given(st.text(max_size=300))
def test_a_cleaned_name_can_be_printed_and_ends(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= 200
    assert cleaned.replace("\ufffd", "").isprintable()


def test_a_quote_in_a_name_cannot_end_the_identifier() -> None:
    assert quote('a" OR 1=1 --') == '"a"" OR 1=1 --"'
