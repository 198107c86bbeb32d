from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from desktop_app.core.model import LogSource, Severity
from desktop_app.core.sigma.book import Book
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.judged import Judged
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.tree import Node, atom, conjunction, disjunction, negate
from tests.core.sigma.building import AUTH, SECURITY, batch

WINDOWS = ("windows", "", "security")


def book(trees: Sequence[Node], source: LogSource = SECURITY, words: tuple[str, ...] = WINDOWS) -> Book:
    rules = [
        RuleSource(f"r{number}", "v", "", Severity.LOW, {"kind": "plain", "tree": tree})
        for number, tree in enumerate(trees)
    ]
    return Book(source, {words: rules})


def said(
    made: Book, channel: str | None, event_id: str | None, events: Sequence[Mapping[str, str | None]]
) -> list[str]:
    judged = Judged(made, Columns(batch(SECURITY, events)))
    plan = made.plan((channel, event_id))
    return [rule_id for rule_id, _ in plan.run(judged, np.arange(len(events), dtype=np.int64))]


def test_rules_are_folded_for_a_channel_and_an_event_id() -> None:
    image = atom("Image", "ew", "x")
    made = book([
        conjunction([atom("EventID", "eq", "4688"), image]),
        conjunction([disjunction([atom("EventID", "eq", "4624"), atom("EventID", "eq", "1")]), image]),
        negate(atom("EventID", "eq", "4688")),
        conjunction([atom("EventID", "sw", "46"), atom("Channel", "eq", "SECURITY")]),
    ])  # fmt: skip
    events = [{"Image": "x"}]
    assert said(made, "Security", "4688", events) == ["r3", "r0"]
    assert sorted(said(made, "Security", "4624", events)) == ["r1", "r2", "r3"]
    assert said(made, "Security", None, events) == ["r2"]
    assert not made.plan(("Application", "4688"))


def test_equal_atoms_of_several_rules_are_one() -> None:
    same = atom("Image", "ew", "x")
    made = book([conjunction([same, atom("User", "eq", "a")]), conjunction([atom("IMAGE", "ew", "x"), negate(same)])])
    assert [one[1] for one in made.atoms] == ["image", "user"]


def test_a_rule_that_another_log_source_is_about_is_not_in_the_book() -> None:
    assert not book([atom("Image", "ew", "x")], source=AUTH).plan(None)
    assert book([atom("Image", "ew", "x")], AUTH, ("linux", "", "auth")).plan(None)
