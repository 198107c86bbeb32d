from __future__ import annotations

from desktop_app.extensions.logs.sources.feed import texts_of


def test_messages_become_text_each_in_its_own_encoding() -> None:
    sent = [b"plain", "größer".encode(), "登录失败".encode("gb18030"), b"caf\xe9"]
    assert texts_of(sent) == ["plain", "größer", "登录失败", "café"]


def test_a_message_of_several_lines_stays_one() -> None:
    assert texts_of([b"one\ntwo", b"three"]) == ["one\ntwo", "three"]


def test_nul_and_a_mark_are_left_out() -> None:
    assert texts_of([b"\xef\xbb\xbfa\0b"]) == ["ab"]
