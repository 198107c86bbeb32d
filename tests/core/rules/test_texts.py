from __future__ import annotations

import pytest

from desktop_app.core.rules.texts import LONGEST_VALUE, fill, finding_texts, finding_title, names
from tests.core.rules.writing import correlation_of, yaml_of

OURS = """watchdesk:
  en:
    title: "{count} failures from {source.ip}"
    why: Because of {user.name|somebody}.
    todo:
      - step: Ask {user.name}
        detail: Today.
      - Look at the log
    check: See.
    false_alarms: None known.
    references: [https://example.org/a]
  zh:
    title: "来自 {source.ip} 的失败 {count} 次"
    why: 因为 {user.name|某人}。
"""
VALUES = {"count": "38", "source.ip": "10.0.0.1", "user.name": "anna"}


def test_titles_state_the_fact_in_the_language_of_the_reader() -> None:
    body = yaml_of(1, more=OURS)
    english, chinese = (finding_texts(body, VALUES, language) for language in ("en", "zh"))
    assert (english.title, english.language) == ("38 failures from 10.0.0.1", "en")
    assert (chinese.title, chinese.language) == ("来自 10.0.0.1 的失败 38 次", "zh")
    assert english.todo == (("Ask anna", "Today."), ("Look at the log", ""))
    assert english.references == ("https://example.org/a",)
    assert english.own_language
    assert chinese.own_language


def test_missing_values_never_break_a_sentence() -> None:
    texts = finding_texts(yaml_of(1, more=OURS), {}, "en")
    assert texts.title == "… failures from …"
    assert texts.why == "Because of somebody."


def test_values_cannot_bring_more_values_or_lines_in() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "x\ny"}) == "{b} x y"
    assert len(fill("{a}", {"a": "x" * 1000})) == LONGEST_VALUE


def test_imported_rules_keep_the_words_of_their_author_and_say_so() -> None:
    more = "description: What it means.\nfalsepositives: [Backup, Scanner]\nreferences: [https://example.org/b]\n"
    texts = finding_texts(yaml_of(1, more=more), {}, "zh")
    assert (texts.title, texts.why, texts.false_alarms) == ("Rule 1", "What it means.", "Backup\nScanner")
    assert (texts.language, texts.own_language) == ("en", False)
    assert "user.name 等于" in texts.condition


def test_the_condition_is_told_in_words() -> None:
    assert finding_texts(yaml_of(1), {}, "en").condition == "user.name is “x”"
    assert "rule_1" in finding_texts(correlation_of(2, "rule_1"), {}, "en").condition


def test_a_rule_that_is_gone_or_broken_has_empty_texts() -> None:
    for body in ("", "title: [", "just words"):
        assert finding_texts(body, VALUES, "en").title == ""


def test_a_block_in_one_language_serves_the_other() -> None:
    body = yaml_of(1, more="watchdesk:\n  en:\n    title: Only English\n")
    texts = finding_texts(body, {}, "zh")
    assert (texts.title, texts.own_language) == ("Only English", False)


def test_the_names_of_a_rule_are_told_by_language() -> None:
    assert names(yaml_of(1, more=OURS)) == {"en": ("Rule 1", "… failures from …"), "zh": ("来自 … 的失败 … 次",)}
    assert names(yaml_of(2)) == {"en": ("Rule 2",)}
    assert names("") == {"en": ()}


@pytest.mark.parametrize("more", [OURS, ""])
def test_the_title_alone_is_the_title_of_all_texts(more: str) -> None:
    body = yaml_of(1, more=more)
    for language in ("en", "zh"):
        assert finding_title(body, VALUES, language) == finding_texts(body, VALUES, language).title != ""
