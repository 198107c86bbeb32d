from __future__ import annotations

from desktop_app.extensions.logs.sources.pairs import MOST_PAIRS, pairs, share, unescaped


def test_values_are_bare_or_in_quotes_of_either_kind() -> None:
    assert pairs("""a=1, b="two \\"words\\"" c='three words' d= e=x;y""") == {
        "a": "1", "b": 'two "words"', "c": "three words", "e": "x;y",
    }  # fmt: skip


def test_the_first_of_a_name_stays_and_there_is_an_end() -> None:
    assert pairs("a=1 a=2") == {"a": "1"}
    assert len(pairs(" ".join(f"n{number}=1" for number in range(MOST_PAIRS * 2)))) == MOST_PAIRS


def test_a_quote_that_never_closes_costs_only_its_own_value() -> None:
    assert pairs('a=1 b="open c=3')["a"] == "1"


def test_how_much_of_a_line_is_pairs() -> None:
    assert share("a=1 b=2") > 0.8
    assert share("a sentence with one pair a=1") < 0.3


def test_escapes_are_what_they_stand_for() -> None:
    assert unescaped(r"a\"b\\c\nd") == 'a"b\\c\nd'
