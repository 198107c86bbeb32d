from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from desktop_app.core.alerts import robots
from desktop_app.core.alerts.network import Line
from desktop_app.core.notify import Undelivered
from tests.core.alerts.conftest import NOW, item, message, parcel
from tests.core.alerts.servers import Hooks, hooks

SECRET = "SEC0123456789abcdef"
TAKEN = {"wecom": b'{"errcode":0,"errmsg":"ok"}', "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
         "feishu": b'{"code":0,"msg":"success","data":{}}'}  # fmt: skip
KINDS = list(TAKEN)


def send(server: Hooks, kind: str, sign: str = "", **told: object) -> None:
    with Line() as line:
        made = parcel({}, {"url": server.url + "?key=abcdefgh12345678", "sign": sign}, **told)  # type: ignore[arg-type]
        robots.send(made, line, kind)


def refusal(server: Hooks, kind: str) -> str:
    with pytest.raises(Undelivered) as failed:
        send(server, kind)
    return str(failed.value)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_wecom_and_dingtalk_get_their_text(kind: str) -> None:
    with hooks() as server:
        server.answer = (200, TAKEN[kind], {})
        send(server, kind)
    held = orjson.loads(server.requests[0].body)
    assert held["msgtype"] == "text"
    assert held["text"]["content"].startswith("Watchdesk · Plant 3\nHigh: 38 failed sign-ins")
    assert server.requests[0].path == "/hook?key=abcdefgh12345678"


def test_feishu_gets_its_text() -> None:
    with hooks() as server:
        server.answer = (200, TAKEN["feishu"], {})
        send(server, "feishu")
    held = orjson.loads(server.requests[0].body)
    assert held["msg_type"] == "text"
    assert held["content"]["text"].startswith("Watchdesk · Plant 3\n")
    assert "sign" not in held


def test_dingtalk_is_signed_over_milliseconds_in_the_address() -> None:
    with hooks() as server:
        server.answer = (200, TAKEN["dingtalk"], {})
        send(server, "dingtalk", SECRET)
    asked = parse_qs(urlsplit(server.requests[0].path).query)
    stamp = str(NOW // 1000)
    expected = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked == {"key": ["abcdefgh12345678"], "timestamp": [stamp], "sign": [base64.b64encode(expected).decode()]}


def test_feishu_is_signed_over_seconds_in_the_body() -> None:
    with hooks() as server:
        server.answer = (200, TAKEN["feishu"], {})
        send(server, "feishu", SECRET)
    held = orjson.loads(server.requests[0].body)
    stamp = str(NOW // 1_000_000)
    expected = hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert (held["timestamp"], held["sign"]) == (stamp, base64.b64encode(expected).decode())


def test_the_signature_of_dingtalk_is_the_one_reckoned_by_hand() -> None:
    # openssl: printf '1600000000000\nSECx' | openssl dgst -sha256 -hmac SECx -binary | base64
    known = hmac.new(b"SECx", b"1600000000000\nSECx", "sha256").digest()
    assert parse_qs(robots.dingtalk_sign(1_600_000_000_000_000, "SECx"))["sign"] == [base64.b64encode(known).decode()]


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}', "webhook url. The robot was removed"),
        ("wecom", b'{"errcode":45009,"errmsg":"api freq out of limit"}', "choose a digest"),
        ("dingtalk", b'{"errcode":310000,"errmsg":"sign not match"}', "Check the security settings of the robot"),
        ("dingtalk", b'{"errcode":300001,"errmsg":"token is not exist"}', "The robot was removed"),
        ("feishu", b'{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}', "Check the secret"),
        ("feishu", b'{"code":9499,"msg":"too many request"}', "choose a digest"),
        ("feishu", b'{"StatusCode":19001,"StatusMessage":"x"}', "The robot was removed"),
    ],
)  # fmt: skip
def test_a_refusal_in_the_answer_is_a_failure_with_a_hint(kind: str, answer: bytes, words: str) -> None:
    with hooks() as server:
        server.answer = (200, answer, {})
        assert words in refusal(server, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", [b"<html>gateway</html>", b"[]", b"{}", b'{"errcode":"0","code":"0"}', b"", b"\xff"])
def test_a_status_of_200_alone_is_no_acknowledgement(kind: str, answer: bytes) -> None:
    with hooks() as server:
        server.answer = (200, answer, {})
        assert "does not answer as a robot does" in refusal(server, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_error_is_told_and_the_key_is_not(kind: str) -> None:
    with hooks() as server:
        server.answer = (502, b"no upstream for /hook?key=abcdefgh12345678", {})
        said = refusal(server, kind)
    assert "answers with status 502" in said
    assert "abcdefgh12345678" not in said


def test_a_log_mentions_nobody_in_a_chat() -> None:
    told = robots.words(parcel({}, {}, message(item(1, '<at user_id="all">all</at>'))), "feishu")
    assert "<" not in told


@pytest.mark.parametrize("kind", KINDS)
def test_a_storm_fits_into_what_a_robot_takes(kind: str) -> None:
    told = message(*(item(number, "登录失败" * 40) for number in range(100)), named=100)
    assert len(robots.words(parcel({}, {}, told), kind).encode()) <= robots.MOST[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_shows_the_text_and_no_key(kind: str) -> None:
    shown = robots.preview(parcel({}, {"url": "https://example.org/send?key=abcdefgh12345678"}), kind)
    assert shown.target == "example.org:443"
    assert "38 failed sign-ins" in shown.content
    assert "abcdefgh12345678" not in shown.content
