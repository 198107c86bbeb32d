from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.pairs import MOST_PAIRS, made_of, pairs, unescaped


def test_values_are_bare_or_in_quotes_of_either_kind() -> None:
    assert pairs("""a=1, b="two \\"words\\"" c='three words' d= e=x;y""") == {
        "a": "1", "b": 'two "words"', "c": "three words", "e": "x;y",
    }  # fmt: skip


def test_the_first_of_a_name_stays_and_there_is_an_end() -> None:
    assert pairs("a=1 a=2") == {"a": "1"}
    assert len(pairs(" ".join(f"n{number}=1" for number in range(MOST_PAIRS * 2)))) == MOST_PAIRS


def test_a_quote_that_never_closes_costs_only_its_own_value() -> None:
    assert pairs('a=1 b="open c=3')["a"] == "1"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a=1 b=2 c=3", True),
        ("a=1 b=2", False),
        ("fw a=1 b=2 c=33", True),
        ("a sentence with some pairs a=1 b=2 c=3", False),
        ("a=1 b=2 c=3 " + "x" * 10_000, False),
        ("a=1 b=2 c=3 " * 341 + "x" * 10_000, True),  # judged by its beginning
    ],
)
def test_a_text_is_made_of_pairs_where_most_of_it_is_three_or_more(text: str, *, made: bool) -> None:
    assert (made_of(text) is not None) is made


def test_escapes_are_what_they_stand_for() -> None:
    assert unescaped(r"a\"b\\c\nd") == 'a"b\\c\nd'
