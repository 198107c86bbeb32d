from __future__ import annotations

import pytest

from desktop_app.core.text import ntext, text
from desktop_app.web import i18n


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "zh-Hans", "zh_TW", "ZH-hk"])
def test_every_chinese_reader_gets_chinese(tag: str) -> None:
    assert i18n.choose("auto", [tag, "en"]) == "zh"


def test_the_first_language_that_we_have_is_taken() -> None:
    assert i18n.choose("auto", ["fr-FR", "en-GB", "zh-CN"]) == "en"
    assert i18n.choose("auto", ["fr-FR", "zh-CN", "en"]) == "zh"


def test_a_reader_of_neither_language_gets_english() -> None:
    assert i18n.choose("auto", ["fr"]) == "en"
    assert i18n.choose("auto", []) == "en"


def test_the_setting_outweighs_the_system() -> None:
    assert i18n.choose("en", ["zh-CN"]) == "en"
    assert i18n.choose("zh", ["en-US"]) == "zh"


def test_english_says_one_and_many() -> None:
    say = i18n.translator("en").say
    assert say(ntext("1 rule", "%(num)s rules", num=1)) == "1 rule"
    assert say(ntext("1 rule", "%(num)s rules", num=3)) == "3 rules"


def test_a_sentence_without_a_translation_stays_readable() -> None:
    assert i18n.translator("zh").say(text("no such sentence: %(name)s", name="x")) == "no such sentence: x"
