from __future__ import annotations

from dataclasses import replace

import numpy as np

from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.plan import Plan, fold
from desktop_app.core.sigma.tree import Node, atom, conjunction, disjunction, negate
from desktop_app.core.spans import Coded, Spans
from tests.core.sigma.building import AUTH, batch

A, B = atom("A", "eq", "1"), atom("B", "eq", "1")


def run(tree: Node, events: list[dict[str, str | None]], rows: list[int] | None = None) -> list[int]:
    chosen = np.array(rows if rows is not None else range(len(events)), dtype=np.int64)
    bound = fold(tree, {}, {})
    found = dict(Plan([("r", bound)]).run(Columns(batch(AUTH, events)), chosen))
    return found["r"].tolist() if "r" in found else []


EVENTS: list[dict[str, str | None]] = [{"A": "1"}, {"B": "1"}, {"A": "1", "B": "1"}, {}]


def test_a_tree_is_evaluated_over_all_rows_at_once() -> None:
    assert run(conjunction([A, B]), EVENTS) == [2]
    assert run(disjunction([A, B]), EVENTS) == [0, 1, 2]
    assert run(conjunction([A, negate(B)]), EVENTS) == [0]


def test_a_rule_of_negations_alone_is_evaluated_too() -> None:
    assert run(negate(A), EVENTS) == [1, 3]
    assert run(negate(atom("A", "ex")), EVENTS) == [1, 3]


def test_a_rule_that_is_always_true_matches_every_row() -> None:
    assert run(True, EVENTS) == [0, 1, 2, 3]
    assert not Plan([("r", False)])


def test_only_the_rows_asked_for_are_looked_at() -> None:
    assert run(A, EVENTS, [1, 2]) == [2]


def test_folding_gives_fields_the_names_of_columns_and_decides_what_is_known() -> None:
    names = {"image": "newprocessname"}
    tree = conjunction([atom("EventID", "eq", "4688"), atom("Image", "ew", "x")])
    assert fold(tree, {"eventid": "4688"}, names) == ["a", "newprocessname", "ew", "x", False]
    assert fold(tree, {"eventid": "1"}, names) is False
    assert fold(negate(tree), {"eventid": None}, names) is True
    assert fold(atom("EventID", "ex"), {"eventid": "1"}, {}) is True


def test_two_fields_are_compared_row_by_row() -> None:
    events: list[dict[str, str | None]] = [{"A": "x", "B": "X"}, {"A": "x", "B": "y"}, {"A": "x"}]
    assert run(atom("A", "fr", ["B", False, False]), events) == [0]
    assert run(atom("A", "fr", ["B", True, True]), events) == [0]


def test_keywords_and_fields_work_together() -> None:
    events: list[dict[str, str | None]] = [{"A": "1"}, {"A": "1"}, {}]
    assert run(conjunction([A, atom("*", "co", "line 1")]), events) == [1]


def test_rules_over_whole_lines_say_the_same_whether_lines_lie_in_a_file_or_are_texts() -> None:
    said = [f"line {number} is fine" for number in range(40)]
    said[7], said[30] = "Disk FULL now", "the disk is full"
    made = batch(AUTH, [{}] * len(said))
    tree = fold(conjunction([atom("message", "co", "disk"), negate(atom("message", "co", "now"))]), {}, {})
    rows = np.arange(len(said), dtype=np.int64)
    nothing = Coded.constant(None, len(said))
    for raw in (said, Spans.of(said)):
        lines = replace(made, raw=raw, message=nothing)
        assert [(name, found.tolist()) for name, found in Plan([("r", tree)]).run(Columns(lines), rows)] == [
            ("r", [30])
        ]
