from __future__ import annotations

import pytest

from desktop_app.core.matching import INITIALS, INSIDE, LOOSE, START, WHOLE, WORD, WORDS, Name, best, fold


def score(asked: str, name: str, *, loose: bool = True) -> float:
    return Name.of(name).score(fold(asked), loose=loose)


@pytest.mark.parametrize(
    ("asked", "name", "worth"),
    [
        ("settings", "Settings", WHOLE),
        ("sett", "Settings", START),
        ("LOGS", "Import logs", WORD),
        ("logs import", "Import logs", WORDS),
        ("port", "Import logs", INSIDE),
        ("il", "Import logs", INITIALS + 5),
        ("日志", "导入日志", WORD),
        ("drrz", "导入日志", INITIALS + 5),
        ("rz", "导入日志", INITIALS),
        ("ＳＥＴＴ", "Settings", START),
        ("zone", "Users", 0),
        ("", "Users", 0),
    ],
)
def test_the_better_a_name_answers_the_higher_it_scores(asked: str, name: str, worth: float) -> None:
    assert score(asked, name) == worth


def test_letters_in_their_order_and_close_together_are_enough_when_asked_loosely() -> None:
    assert 0 < score("impt", "Import logs") < LOOSE
    assert score("impt", "Import logs", loose=False) == 0
    assert score("disk", "What was done on this desk") == 0


def test_two_letters_are_too_few_to_answer_loosely() -> None:
    assert score("is", "Import rules later on this desk".replace("is", "xx")) == 0


def test_a_han_character_without_a_known_initial_is_passed_over() -> None:
    # Beyond the first level of GB2312, where the order no longer follows the sound; and not in it at all.
    assert Name.of("鑫日").initials == "r"
    assert Name.of("龘日").initials == "r"


def test_of_several_names_the_best_counts() -> None:
    names = (Name.of("Import logs"), Name.of("导入日志"))
    assert best("导入", *names) == START
    assert best("import logs", *names) == WHOLE
    assert best("x") == 0
