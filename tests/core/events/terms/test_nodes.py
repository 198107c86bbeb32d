from __future__ import annotations

from desktop_app.core.events.terms.nodes import And, Exists, Not, Or, Range, Value, Word, fields_of


def test_a_tree_names_every_field_it_asks_about() -> None:
    tree = And((Word("w"), Not(Value("a", "1")), Or((Exists("b"), Range("c")))))
    assert list(fields_of(tree)) == ["a", "b", "c"]
