from __future__ import annotations

from desktop_app.core.sigma.binding import Binder, Names, numbers_in, renamed
from desktop_app.core.sigma.tree import atom, conjunction, disjunction, negate

A, B, C = atom("A", "eq", "1"), atom("B", "co", "2"), atom("C", "re", ["3", ""])


def test_fields_get_the_names_of_their_columns() -> None:
    names = Names({"image": "newprocessname", "user": "subjectusername"})
    assert renamed(atom("Image", "ew", "x"), names) == ["a", "newprocessname", "ew", "x", False]
    assert renamed(atom("Image", "fr", ["User", True, False]), names)[3] == ["subjectusername", True, False]
    assert renamed(atom("Other", "ex"), names)[1] == "other"


def test_equal_nodes_are_one_object_wherever_they_stand() -> None:
    binder, names = Binder(), Names({})
    one = binder.bind(conjunction([A, disjunction([A, B])]), names)
    assert binder.bind(conjunction([atom("a", "eq", "1"), disjunction([A, B])]), names) is one
    assert binder.bind(disjunction([A, B]), names) in one[1]
    assert binder.shared(["&", list(one[1])]) is one
    assert [node[1] for node in binder.atoms] == ["a", "b"]
    assert numbers_in([one, True]) == {0, 1}


def test_what_is_dear_or_negated_comes_last() -> None:
    binder = Binder()
    node = binder.bind(conjunction([C, negate(A), disjunction([A, B]), B]), Names({}))
    assert [(one[0], binder.is_dear(one)) for one in node[1]] == [("a", False), ("|", False), ("!", False), ("a", True)]
    assert binder.is_dear(node)
    assert binder.columns.keys() == {"a", "b", "c"}


def test_a_node_knows_whether_channel_or_event_id_decide_a_part_of_it() -> None:
    binder, names = Binder(), Names({})
    assert binder.is_known(binder.bind(disjunction([A, negate(atom("EventID", "eq", "1"))]), names))
    assert not binder.is_known(binder.bind(disjunction([A, negate(B)]), names))


def test_the_gate_of_a_node_is_what_must_hold_for_it_to_hold() -> None:
    binder, names = Binder(), Names({})
    number = {name: binder.bind(one, names)[1] for name, one in (("a", A), ("b", B), ("c", C))}
    gate = {
        "either": frozenset((number["a"], number["b"])),
        "cheap": frozenset((number["a"],)),
        "dear": frozenset((number["a"], number["c"])),
    }
    assert binder.gate(binder.bind(disjunction([A, B]), names)) == gate["either"]
    assert binder.gate(binder.bind(conjunction([C, A]), names)) == gate["cheap"]
    assert binder.gate(binder.bind(conjunction([disjunction([A, B]), C]), names)) == gate["either"]
    assert binder.gate(binder.bind(disjunction([A, C]), names)) == gate["dear"]
    assert binder.gate(binder.bind(conjunction([negate(B), A]), names)) == gate["cheap"]
    assert binder.gate(binder.bind(disjunction([A, negate(B)]), names)) is None
    assert binder.gate(True) is None
