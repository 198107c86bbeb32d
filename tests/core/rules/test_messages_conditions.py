from __future__ import annotations

import re
import string

from desktop_app.core.rules.messages_conditions import PHRASES


def names(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_have_the_same_phrases_with_the_same_values() -> None:
    assert PHRASES["en"].keys() == PHRASES["zh"].keys()
    for key, english in PHRASES["en"].items():
        assert names(english) == names(PHRASES["zh"][key]), key


def test_chinese_phrases_use_chinese_punctuation() -> None:
    for phrase in PHRASES["zh"].values():
        assert not re.search(r"[\u4e00-\u9fff][,:;()]", phrase), phrase
