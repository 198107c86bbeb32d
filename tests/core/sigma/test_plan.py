from __future__ import annotations

from dataclasses import replace

import numpy as np

from desktop_app.core.sigma.binding import Binder
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.judged import Judged
from desktop_app.core.sigma.plan import Plan
from desktop_app.core.sigma.tree import Node, atom, conjunction, disjunction, negate
from desktop_app.core.spans import Coded, Spans
from tests.core.sigma.building import AUTH, batch
from tests.core.sigma.test_book import book

A, B = atom("A", "eq", "1"), atom("B", "eq", "1")


def run(tree: Node, events: list[dict[str, str | None]], rows: list[int] | None = None) -> list[int]:
    chosen = np.array(rows if rows is not None else range(len(events)), dtype=np.int64)
    made = book([tree], AUTH, ("linux", "", "auth"))
    found = dict(made.plan(None).run(Judged(made, Columns(batch(AUTH, events))), chosen))
    return found["r0"].tolist() if "r0" in found else []


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
    assert not Plan(Binder(), [("r", False)])


def test_only_the_rows_asked_for_are_looked_at() -> None:
    assert run(A, EVENTS, [1, 2]) == [2]


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
    tree = conjunction([atom("message", "co", "disk"), negate(atom("message", "co", "now"))])
    rules = book([tree], AUTH, ("linux", "", "auth"))
    rows = np.arange(len(said), dtype=np.int64)
    nothing = Coded.constant(None, len(said))
    for raw in (said, Spans.of(said)):
        lines = replace(made, raw=raw, message=nothing)
        ran = rules.plan(None).run(Judged(rules, Columns(lines)), rows)
        assert [(name, found.tolist()) for name, found in ran] == [("r0", [30])]
