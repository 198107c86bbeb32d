from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.sigma import matcher as matching
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.judged import Judged
from desktop_app.core.sigma.tree import Node, atom, conjunction, negate
from tests.core.sigma.building import AUTH, batch
from tests.core.sigma.test_book import book

EVENTS: list[dict[str, str | None]] = [{"A": "x1"}, {"A": "x2"}, {"A": "y"}, {}, {"A": "x1", "B": "z"}]
ROWS = np.arange(len(EVENTS), dtype=np.int64)


def judged(*trees: Node) -> Judged:
    return Judged(book(trees, AUTH, ("linux", "", "auth")), Columns(batch(AUTH, EVENTS)))


def test_atoms_are_told_for_all_rows_and_for_some() -> None:
    one = judged(atom("A", "sw", "x"), atom("A", "eq", "y"))
    hits = one.hits("a")
    assert hits is not None
    assert sorted(hits.among(None, len(EVENTS))) == [0, 1]
    assert hits.among(np.array([0, 3]), len(EVENTS)) == [0]
    assert hits.mask(0, None, len(EVENTS)).tolist() == [True, True, False, False, True]
    assert hits.mask(0, ROWS[1:4], len(EVENTS)).tolist() == [True, False, False]


def test_a_column_of_which_nothing_holds_says_nothing() -> None:
    one = judged(atom("A", "eq", "no"), atom("C", "eq", "x"))
    assert one.hits("a") is None
    assert one.hits("c") is None
    assert one.codes("c", None) is None
    assert one.codes("b", ROWS[:2]) is None


def test_a_dear_atom_is_decided_only_for_values_that_a_rule_still_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[list[str]] = []
    decide = matching.ColumnMatcher.decide

    def noted(self: matching.ColumnMatcher, number: int, values: list[str], codes: matching.Whole) -> matching.Whole:
        looked.append([values[code] for code in codes.tolist()])
        return decide(self, number, values, codes)

    monkeypatch.setattr(matching.ColumnMatcher, "decide", noted)
    made = book([conjunction([atom("A", "re", ["^x[0-9]$", ""]), atom("B", "eq", "z")])], AUTH, ("linux", "", "auth"))
    found = made.plan(None).run(Judged(made, Columns(batch(AUTH, EVENTS))), ROWS)
    assert [(rule, rows.tolist()) for rule, rows in found] == [("r0", [4])]
    assert looked == [["x1"]]


def test_what_was_decided_for_some_rows_is_completed_for_others() -> None:
    pattern = atom("A", "re", ["^x", ""])
    trees = [
        conjunction([atom("B", "eq", "z"), pattern]),
        negate(pattern),
        conjunction([pattern, negate(atom("B", "ex"))]),
    ]
    made = book(trees, AUTH, ("linux", "", "auth"))
    found = made.plan(None).run(Judged(made, Columns(batch(AUTH, EVENTS))), ROWS)
    assert {rule: rows.tolist() for rule, rows in found} == {"r0": [4], "r1": [2, 3], "r2": [0, 1]}


@pytest.mark.parametrize(("known", "found"), [((), []), (("disk",), [0]), (("\u212a",), [0])])
def test_messages_are_not_read_where_nothing_is_known_to_be_in_them(known: tuple[str, ...], found: list[int]) -> None:
    made = book([atom("message", "co", "disk")], AUTH, ("linux", "", "auth"))
    columns = Columns(batch(AUTH, [{}], raw=["x"], message=["dis\u212a full"]), lambda text: text in known)
    hits = Judged(made, columns).hits("message")
    assert (list(hits.among(None, 1)) if hits is not None else []) == found


def test_a_field_that_is_called_message_is_read_whatever_is_known() -> None:
    made = book([atom("message", "co", "disk")], AUTH, ("linux", "", "auth"))
    columns = Columns(batch(AUTH, [{"message": "disk full"}]), lambda _text: False)
    assert Judged(made, columns).hits("message") is not None
