from __future__ import annotations

import pytest

from desktop_app.bundled import EXTENSIONS
from desktop_app.core.keys import clashes, folded, keymap
from desktop_app.core.settings import CORE, SINGLE_KEYS, problem

MADE = {one.key: str(one.default) for one in SINGLE_KEYS}


def test_each_key_is_made_for_one_meaning() -> None:
    declared = [*CORE, *(one for extension in EXTENSIONS for one in extension.settings)]
    defaults = [one.default for one in declared if one.kind == "key"]
    assert len(set(defaults)) == len(defaults)
    assert all(folded(str(one)) == one and len(str(one)) == 1 for one in defaults)


@pytest.mark.parametrize(("value", "right"), [("q", True), ("", True), ("é", True), ("ab", False), ("\t", False)])
def test_a_key_is_one_character_or_none(value: str, *, right: bool) -> None:
    assert (problem(SINGLE_KEYS[0], value) is None) is right


def test_a_key_that_another_one_has_is_refused_with_its_name() -> None:
    sent = {"key_note": "C"}
    found = clashes(SINGLE_KEYS, MADE | sent, sent)
    assert {key: str(said) for key, said in found.items()} == {
        "key_note": "This key is taken: Confirm the finding. Free it first, or choose another."
    }


def test_two_keys_may_change_places_and_several_may_be_off() -> None:
    swapped = {"key_note": "c", "key_confirm": "n", "key_undo": "", "key_help": ""}
    assert clashes(SINGLE_KEYS, MADE | swapped, swapped) == {}


def test_the_map_tells_only_what_was_changed() -> None:
    assert keymap(SINGLE_KEYS, MADE) == {}
    assert keymap(SINGLE_KEYS, MADE | {"key_note": "m", "key_undo": ""}) == {"n": "m", "z": ""}
