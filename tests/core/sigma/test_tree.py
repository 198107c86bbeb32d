from __future__ import annotations

from desktop_app.core.sigma.tree import atom, atoms, conjunction, disjunction, fields, negate, rewrite

A, B, C = atom("A", "eq", "1"), atom("B", "co", "x"), atom("*", "co", "y")


def test_constants_are_folded_away() -> None:
    assert conjunction([A, True]) == A
    assert conjunction([A, False]) is False
    assert disjunction([A, True]) is True
    assert disjunction([False, A]) == A
    assert conjunction([]) is True
    assert disjunction([]) is False


def test_nested_joins_of_one_kind_become_one() -> None:
    assert conjunction([A, conjunction([B, C])]) == ["&", [A, B, C]]
    assert disjunction([conjunction([A, B]), C]) == ["|", [["&", [A, B]], C]]


def test_not_twice_is_nothing() -> None:
    assert negate(negate(A)) == A
    assert negate(True) is False


def test_what_stands_beside_its_own_negation_is_known() -> None:
    a, b, c = (atom(name, "eq", "x") for name in "abc")
    for one in (a, conjunction([a, b]), disjunction([a, b])):
        assert disjunction([c, one, negate(one)]) is True
        assert conjunction([one, c, negate(one)]) is False
    assert disjunction([a, c, negate(disjunction([a, b]))]) == ["|", [a, c, ["!", ["|", [a, b]]]]]
    assert conjunction([a, negate(conjunction([a, b]))]) == ["&", [a, ["!", ["&", [a, b]]]]]


def test_rewriting_folds_what_becomes_known() -> None:
    tree = conjunction([A, negate(B)])
    assert rewrite(tree, lambda one: one if one == A else False) == A
    assert rewrite(tree, lambda one: one if one == A else True) is False


def test_fields_are_named_without_keywords_and_with_references() -> None:
    tree = conjunction([A, C, negate(atom("D", "fr", ["E", False, False]))])
    assert fields(tree) == {"A", "D", "E"}
    assert len(list(atoms(tree))) == 3
