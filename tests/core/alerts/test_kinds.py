from __future__ import annotations

import pytest

from desktop_app.core.alerts.kinds import KINDS, problems

GOOD = {
    "host": "mail.example.org", "port": "587", "security": "starttls", "user": "", "sender": "a@example.org",
    "to": "b@example.org, c@example.org", "ca": "",
}  # fmt: skip


def test_what_is_complete_has_no_problem() -> None:
    assert problems(KINDS["mail"], GOOD, {}) == {}
    assert problems(KINDS["mail"], {**GOOD, "user": "a"}, {"password": "x"}) == {}
    assert problems(KINDS["wecom"], {"ca": ""}, {"url": "https://example.org/send?key=1"}) == {}
    assert problems(KINDS["syslog"], {"host": "::1", "port": "514", "transport": "tcp", "ca": ""}, {}) == {}


@pytest.mark.parametrize(
    ("changed", "held", "key"),
    [
        ({"host": ""}, {}, "host"),
        ({"host": "a b"}, {}, "host"),
        ({"host": "-oProxy"}, {}, "host"),
        ({"port": "0"}, {}, "port"),
        ({"port": "٣"}, {}, "port"),
        ({"security": "none"}, {}, "security"),
        ({"sender": "a@b@c"}, {}, "sender"),
        ({"sender": "a@example.org, b@example.org"}, {}, "sender"),
        ({"to": ","}, {}, "to"),
        ({"to": "a@example.org\nx"}, {}, "to"),
        ({"user": "a"}, {}, "password"),
        ({"user": "a", "security": "plain"}, {"password": "x"}, "security"),
        ({"user": "a" * 501}, {"password": "x"}, "user"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(changed: dict[str, str], held: dict[str, str], key: str) -> None:
    assert key in problems(KINDS["mail"], {**GOOD, **changed}, held)


@pytest.mark.parametrize("url", ["", "ftp://x", "https://a:b@c/", "https://x/\n"])
def test_a_webhook_wants_an_http_address(url: str) -> None:
    assert "url" in problems(KINDS["webhook"], {"ca": ""}, {"url": url})


def test_a_header_is_plain() -> None:
    held = {"url": "https://example.org/", "header": "Bearer x\r\nHost: y"}
    assert "header" in problems(KINDS["webhook"], {"ca": ""}, held)


def test_the_chief_secret_stands_first() -> None:
    assert KINDS["mail"].secrets({"user": ""}) == ()
    assert KINDS["mail"].secrets({"user": "a"}) == ("password",)
    assert KINDS["dingtalk"].secrets({}) == ("url", "sign")
    assert KINDS["syslog"].secrets({}) == ()
