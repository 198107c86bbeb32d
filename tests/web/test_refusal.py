from __future__ import annotations

import pytest
from flask import Flask

from desktop_app.web import refusal

ALL = [one for one in vars(refusal).values() if isinstance(one, refusal.Refusal)]


@pytest.mark.parametrize("one", ALL)
def test_a_refusal_says_what_why_and_how_to_go_on(one: refusal.Refusal) -> None:
    with Flask("pages").test_request_context("/start?token=abc"):
        answer = refusal.page(one)
    body = answer.get_data(as_text=True)
    assert answer.status_code == one.status
    assert all(str(part) in body for part in (one.what, one.why, one.fix))
    assert "abc" not in body


def test_nothing_of_the_request_is_shown_again() -> None:
    with Flask("pages").test_request_context("/<script>", headers={"Host": "<b>evil"}):
        assert "<b>evil" not in refusal.page(refusal.WRONG_HOST).get_data(as_text=True)


def test_a_chinese_reader_gets_a_chinese_page() -> None:
    with Flask("pages").test_request_context("/", headers={"Accept-Language": "zh-TW,en;q=0.5"}):
        assert '<html lang="zh-CN">' in refusal.page(refusal.NO_SESSION).get_data(as_text=True)
