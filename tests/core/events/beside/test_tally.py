from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.beside.tally import Tally, added
from desktop_app.core.spans import Spans

values = st.sampled_from(["", "a", "b", "10.0.0.1", "10.0.0.2", "administrator", "fe80::1", "日本", "9" * 15, "9" * 16])
many = st.lists(st.lists(values, max_size=40), max_size=5)


@given(many, st.integers(1, 12))
def test_tallies_add_up_to_a_plain_count(columns: list[list[str]], limit: int) -> None:
    whole = Counter(value for column in columns for value in column)
    found = added([Tally.of(Counter(column)) for column in columns])
    assert found.values() == dict(whole)
    assert (len(found), found.events) == (len(whole), whole.total())
    assert found.commonest(limit) == sorted(whole.items(), key=lambda one: (-one[1], one[0]))[:limit]


def test_nothing_is_a_tally_of_nothing() -> None:
    assert added([]).values() == Tally.of({}).values() == Tally().values() == {}
    assert Tally().commonest(5) == []


def test_what_is_no_text_cannot_be_counted() -> None:
    with pytest.raises(UnicodeEncodeError):
        Tally.of({"\ud800": 1})


def test_values_may_stand_twice_or_be_missing() -> None:
    texts = ["GET", None, "a longer text", "GET", "a longer text", ""]
    found = Tally.of_values(texts, Spans.of(texts), np.array([1, 2, 4, 8, 16, 32]))
    assert found.values() == {"GET": 9, "a longer text": 20, "": 32}
    assert found.events == 61
