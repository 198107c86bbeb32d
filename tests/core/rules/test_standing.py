"""Plain words stand where no event fills a value."""

from __future__ import annotations

from desktop_app.core.rules.standing import begun, plain_words, standing_texts


def test_a_value_that_only_a_match_fills_is_said_in_plain_words() -> None:
    body = "title: '{count} of {user.name} at {host|this machine}, {never.heard}, {own.words|its own}'"
    assert {name: str(words) for name, words in plain_words(body).items()} == {
        "count": "several",
        "user.name": "the account",
        "host": "this computer",
        "never.heard": "what the event names",
    }


def test_sentences_begin_with_a_capital_letter_where_plain_words_stand_first() -> None:
    said = begun("the account signed in. this computer let it; the end.")
    assert said == "The account signed in. This computer let it; the end."


def test_chinese_words_that_stand_for_values_leave_no_gaps() -> None:
    assert begun("该地址 在 5 分钟内试了 多个 次，用了 多个 个用户名") == "该地址在 5 分钟内试了多次，用了多个用户名"
    assert begun("以 root 登录") == "以 root 登录"


def test_the_texts_of_a_rule_stand_by_themselves() -> None:
    body = (
        "title: T\nwatchdesk:\n  en:\n    title: '{user.name} did it'\n    how: '{host|X} was reached.'\n    why: W\n"
    )
    texts = standing_texts(body, "en", str)
    assert (texts.title, texts.how) == ("The account did it", "This computer was reached.")
