from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.matcher import ColumnMatcher
from desktop_app.core.sigma.tree import atom
from desktop_app.core.spans import Spans


def matched(values: list[str], *nodes: list[object]) -> dict[int, list[int]]:
    return {number: sorted(codes) for number, codes in ColumnMatcher(dict(enumerate(nodes))).match(values).items()}


def test_each_kind_is_found_at_its_place() -> None:
    nodes = [atom("f", kind, "ab") for kind in ("eq", "co", "sw", "ew")]
    assert matched(["ab", "xabx", "abx", "xab", "x"], *nodes) == {0: [0], 1: [0, 1, 2, 3], 2: [0, 2], 3: [0, 3]}


def test_overlapping_literals_are_all_found() -> None:
    assert matched(["abcd"], atom("f", "co", "abc"), atom("f", "co", "bcd"), atom("f", "co", "b")) == {
        0: [0], 1: [0], 2: [0]
    }  # fmt: skip


def test_case_counts_only_where_the_rule_says_so() -> None:
    nodes = [atom("f", "co", "Ab"), atom("f", "co", "Ab", cased=True), atom("f", "eq", "Ab", cased=True)]
    assert matched(["AB", "Ab"], *nodes) == {0: [0, 1], 1: [1], 2: [1]}


def test_an_empty_literal_is_part_of_everything() -> None:
    assert matched(["", "x"], atom("f", "co", ""), atom("f", "eq", "")) == {0: [0, 1], 1: [0]}


def test_a_match_across_the_border_of_two_pieces_of_a_long_value_is_found() -> None:
    long = "x" * ((1 << 16) - 2) + "needle" + "y" * 100
    nodes = [atom("f", "co", "needle"), atom("f", "ew", "y"), atom("f", "sw", "x"), atom("f", "sw", "needle")]
    assert matched([long], *nodes) == {0: [0], 1: [0], 2: [0]}


def test_an_atom_is_told_once_for_a_value_that_holds_it_again_and_again() -> None:
    assert matched(["abab", "ab"], atom("f", "co", "ab"), atom("f", "re", ["abab|aba", ""])) == {0: [0, 1], 1: [0]}


def test_dear_atoms_are_left_open_at_first() -> None:
    matcher = ColumnMatcher({0: atom("f", "re", ["^abcx*$", ""]), 1: atom("f", "gt", 3.0)})
    values = ["xabc", "abc", "5"]
    assert {number: codes.tolist() for number, codes in matcher.look(values).items()} == {0: [0, 1], 1: [0, 1, 2]}
    assert matcher.decide(0, values, np.array([0, 1])).tolist() == [1]
    assert matched(values, atom("f", "re", ["^abcx*$", ""]), atom("f", "gt", 3.0)) == {0: [1], 1: [2]}


def test_text_that_is_no_unicode_does_not_stop_the_search() -> None:
    assert matched(["a\ud800b"], atom("f", "ew", "b"), atom("f", "sw", "a")) == {0: [0], 1: [0]}


def test_letters_whose_lower_case_is_longer_do_not_move_the_end() -> None:
    assert matched(["İx.exe"], atom("f", "ew", ".exe")) == {0: [0]}


ATOMS = [
    atom("f", "co", "ab"), atom("f", "sw", "b", cased=True), atom("f", "ew", "AB"), atom("f", "co", "ba\nab"),
    atom("f", "re", ["(abx|bay).*c", ""]), atom("f", "re", ["^[ab]+$", "i"]), atom("f", "co", "a"),
    atom("f", "sw", "B"), atom("f", "ew", "y"), atom("f", "ew", "é"),
    atom("f", "co", "é"), atom("f", "eq", "AB"), atom("f", "eq", "ab", cased=True),
    atom("f", "wi", [r"(?s)\A(?:a.*b)\z", "a"]),
]  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.text("abAxyc\né", max_size=6), max_size=30, unique=True), st.sets(st.sampled_from(range(len(ATOMS))))
)
def test_many_values_are_matched_as_each_alone(values: list[str], chosen: set[int]) -> None:
    atoms = {number: ATOMS[number] for number in chosen}
    found = ColumnMatcher(atoms).match(values)
    alone = {number: [code for code, one in enumerate(values) if check_of(node)(one, one.lower())]
             for number, node in atoms.items()}  # fmt: skip
    assert {number: sorted(codes) for number, codes in found.items()} == {n: one for n, one in alone.items() if one}


def test_long_values_are_not_put_together() -> None:
    values = ["x" * 100_000 + str(number) for number in range(20)] + ["needle"]
    assert matched(values, atom("f", "co", "needle")) == {0: [20]}


@settings(deadline=None)
@given(st.lists(st.text("abAxc", min_size=1, max_size=6), min_size=1, max_size=20))
def test_lines_are_searched_as_they_lie_in_their_file(values: list[str]) -> None:
    matcher = ColumnMatcher({0: atom("f", "co", "ab"), 1: atom("f", "re", ["(abx|bac)", ""])})
    rows = matcher.holding(Spans.of(values))
    assert rows is not None
    assert rows.tolist() == [row for row, one in enumerate(values) if "ab" in one.lower() or "bac" in one.lower()]


def test_lines_that_must_be_looked_at_one_by_one_are_not_searched_as_one_text() -> None:
    literal = ColumnMatcher({0: atom("f", "co", "ab")})
    assert literal.holding(Spans.of(["é"])) is None
    assert literal.holding(Spans.of(["a", None])) is None
    assert literal.holding(Spans.of(["a"] * 3).take(np.array([2, 0]))) is None
    assert ColumnMatcher({0: atom("f", "eq", "ab")}).holding(Spans.of(["ab"])) is None
    assert ColumnMatcher({0: atom("f", "re", ["^[ab]$", ""])}).holding(Spans.of(["ab"])) is None
