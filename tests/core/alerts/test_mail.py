from __future__ import annotations

import socket
import struct
import time

import pytest

from desktop_app.core.alerts import mail, network
from desktop_app.core.alerts.network import Line
from desktop_app.core.notify import Undelivered
from tests.core.alerts.conftest import item, mail_config, message, parcel
from tests.core.alerts.servers import PASSWORD, Authority, relay, silent

SIGNED_IN = {"user": "desk"}


def send(config: dict[str, str], secrets: dict[str, str] | None = None, **told: object) -> object:
    with Line() as line:
        return mail.send(parcel(config, secrets, **told), line)  # type: ignore[arg-type]


def refusal(config: dict[str, str], secrets: dict[str, str] | None = None) -> str:
    with pytest.raises(Undelivered) as failed:
        send(config, secrets)
    return str(failed.value)


def test_a_mail_goes_out_over_starttls_with_a_checked_certificate_and_a_password(authority: Authority) -> None:
    with relay(authority.server(), login=True) as box:
        assert send(mail_config(box.port, authority, **SIGNED_IN), {"password": PASSWORD}) is None
    (got,) = box.mails
    assert box.secure == [True]
    assert got["Subject"] == "[Plant 3] High: 38 failed sign-ins, then a success"
    assert got["From"] == "Watchdesk <desk@example.org>"
    assert got["To"] == "ops@example.org"
    assert got["Auto-Submitted"] == "auto-generated"


def test_a_mail_goes_out_over_tls_from_the_start(authority: Authority) -> None:
    with relay(whole=authority.server()) as box:
        send(mail_config(box.port, authority, security="tls"))
    assert len(box.mails) == 1


def test_a_mail_goes_out_unencrypted_where_the_relay_is_like_that() -> None:
    with relay() as box:
        send(mail_config(box.port, security="plain"))
    assert box.secure == [False]


def test_text_and_html_say_the_same_and_name_nothing_to_fetch() -> None:
    told = message(item(1), item(2, "Log cleared"), item(3), named=2)
    with relay() as box:
        send(mail_config(box.port, security="plain"), told=told)
    plain = box.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = box.mails[0].get_body(("html",)).get_content()  # type: ignore[union-attr]
    for part in (plain, html):
        assert "3 new findings" in part
        assert "High: Log cleared" in part
        assert "web01 · WD-2 · 38 events" in part
        assert "and 1 more" in part
        assert "Plant 3" in part
    assert not any(word in html for word in ("http", "src=", "href=", "url(", "<img", "<script"))


def test_what_a_log_holds_begins_no_header_and_no_tag() -> None:
    hostile = "Hi\r\nBcc: all@example.org\r\n\r\n<img src=https://evil.example/x>\x00\u202e\u2028end\ud800"
    with relay() as box:
        send(mail_config(box.port, security="plain"), told=message(item(1, hostile)))
    (got,) = box.mails
    assert got["Bcc"] is None
    assert got["Subject"].strip() == "[Plant 3] High: Hi Bcc: all@example.org <img src=https://evil.example/x> end"
    html = got.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<img" not in html
    assert "&lt;img src=https://evil.example/x&gt;" in html


def test_chinese_arrives_whole() -> None:
    with relay() as box:
        send(mail_config(box.port, security="plain"), told=message(item(1, "38 次登录失败后登录成功")))
    assert "38 次登录失败后登录成功" in box.mails[0]["Subject"]
    assert "38 次登录失败后登录成功" in box.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_repeat_has_the_same_message_id() -> None:
    with relay() as box:
        for _ in range(2):
            send(mail_config(box.port, security="plain"), told=message(key="abc"))
    assert [one["Message-ID"] for one in box.mails] == ["<abc@example.org>"] * 2


def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_said(authority: Authority) -> None:
    with relay(authority.server(), login=True) as box:
        said = refusal(mail_config(box.port, **SIGNED_IN), {"password": PASSWORD})
    assert f"The certificate of localhost:{box.port} cannot be trusted." in said
    assert box.mails == []


def test_a_certificate_of_another_name_is_refused(authority: Authority) -> None:
    with relay(authority.server("mail.example.org")) as box:
        assert "cannot be trusted" in refusal(mail_config(box.port, authority))


def test_a_relay_without_starttls_gets_nothing() -> None:
    with relay() as box:
        assert "nothing was sent unencrypted" in refusal(mail_config(box.port))
    assert box.mails == []


def test_a_wrong_password_is_told_and_not_repeated(authority: Authority) -> None:
    with relay(authority.server(), login=True) as box:
        said = refusal(mail_config(box.port, authority, **SIGNED_IN), {"password": "wrong-password-1"})
    assert "refuses the name or the password" in said
    assert "wrong-password-1" not in said


def test_a_refusal_is_told_in_the_relays_words_without_what_it_repeats_of_the_secret() -> None:
    with relay() as box:
        box.refuse["data"] = f"554 no thanks, {PASSWORD}"
        said = refusal(mail_config(box.port, security="plain"), {"password": PASSWORD})
    assert "It says: 554 no thanks, …" in said


def test_recipients_that_are_refused_are_named_when_others_got_it() -> None:
    with relay() as box:
        box.refuse["gone@example.org"] = "550 no such user"
        note = send(mail_config(box.port, security="plain", to="gone@example.org, ops@example.org"))
        assert str(note) == "The relay did not take it for gone@example.org."
        assert "for none of the recipients" in refusal(mail_config(box.port, security="plain", to="gone@example.org"))


@pytest.mark.usefixtures("hurried")
def test_a_relay_that_hangs_is_given_up() -> None:
    with silent() as port:
        assert f"localhost:{port} did not answer in time." in refusal(mail_config(port, security="plain"))


def test_a_relay_that_drips_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "WHOLE_SECONDS", 0.5)

    def drip(one: socket.socket) -> None:
        while True:
            one.sendall(b"220-more to come\r\n")
            time.sleep(0.05)

    with silent(drip) as port:
        assert "did not answer in time" in refusal(mail_config(port, security="plain"))


def test_a_connection_that_breaks_is_told() -> None:
    def reset(one: socket.socket) -> None:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()

    with silent(reset) as port:
        assert "broke the connection off" in refusal(mail_config(port, security="plain"))


def test_nobody_listening_and_no_such_name_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "takes no connections" in refusal(mail_config(port, security="plain"))
    assert "No server of the name" in refusal(mail_config(25, security="plain", host="nobody.invalid"))


def test_the_preview_is_what_is_sent() -> None:
    shown = mail.preview(parcel(mail_config(25)))
    assert shown.target == "localhost:25"
    assert shown.content.startswith(
        "Recipients: ops@example.org\n[Plant 3] High: 38 failed sign-ins, then a success\n\n"
    )
