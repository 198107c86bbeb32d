from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.sigma.lots import LOT, LOT_LETTERS, PIECE, Literals, Lot, lots


@given(st.lists(st.text("aÉİ\n\ud800", max_size=4), min_size=1, max_size=8))
def test_each_value_of_a_lot_ends_where_its_text_says(values: list[str]) -> None:
    lot = Lot(values)
    starts = [0, *(lot.ends[:-1] + 1).tolist()]
    texts = [lot.text[start:end] for start, end in zip(starts, lot.ends.tolist(), strict=True)]
    assert [one.decode("utf-8", "surrogatepass") for one in texts] == [one.lower() for one in values]


def test_lots_are_bounded_in_number_and_in_letters() -> None:
    assert [(start, len(lot.values)) for start, lot in lots(["x"] * (LOT + 1))] == [(0, LOT), (LOT, 1)]
    long = "x" * (LOT_LETTERS // 2 + 1)
    assert [start for start, _ in lots([long] * 3)] == [0, 1, 2]
    assert not list(lots([]))


def test_literals_are_found_across_the_border_of_two_pieces() -> None:
    text = b"x" * (PIECE - 2) + b"needle"
    literal, begin, end = Literals(["needle", "le"]).find(text)
    found = set(zip(literal.tolist(), begin.tolist(), end.tolist(), strict=True))
    assert found == {(0, PIECE - 2, PIECE + 4), (1, PIECE + 2, PIECE + 4)}


def test_no_literals_stand_nowhere() -> None:
    assert not len(Literals([]).find(b"text")[0])
