from __future__ import annotations

import socket
import struct
from http.server import BaseHTTPRequestHandler

import orjson
import pytest

from desktop_app.core.alerts import network, posting
from desktop_app.core.alerts.network import Line
from desktop_app.core.errors import UsageError
from desktop_app.core.notify import Undelivered
from tests.core.alerts.conftest import item, message, parcel
from tests.core.alerts.servers import Authority, hooks, silent

TOKEN = "Bearer 0123456789abcdef"


def send(url: str, header: str = "", ca: str = "") -> None:
    with Line() as line:
        posting.send(parcel({"ca": ca}, {"url": url, "header": header}), line)


def refusal(url: str, header: str = "", ca: str = "") -> str:
    with pytest.raises(Undelivered) as failed:
        send(url, header, ca)
    return str(failed.value)


def test_one_document_is_posted_and_any_200_is_an_acknowledgement() -> None:
    with hooks() as server:
        server.answer = (204, b"", {})
        send(server.url + "?team=ops", TOKEN)
    (got,) = server.requests
    assert got.path == "/hook?team=ops"
    assert got.headers["Authorization"] == TOKEN
    assert got.headers["Content-Type"] == "application/json; charset=utf-8"
    sent = orjson.loads(got.body)
    assert sent["schema"] == "watchdesk-alert"
    assert sent["id"] == "k1"
    assert sent["site"] == "Plant 3"
    assert sent["total"] == 1
    assert sent["findings"][0] | {"first_seen": "", "last_seen": ""} == {
        "id": 7, "rule": "r-1", "severity": 4, "title": "38 failed sign-ins, then a success", "asset": "web01",
        "extension": "logs", "count": 38, "first_seen": "", "last_seen": "",
    }  # fmt: skip


def test_https_is_spoken_only_to_a_certificate_that_holds(authority: Authority) -> None:
    with hooks(authority.server()) as server:
        send(server.url, ca=str(authority.path))
        assert "cannot be trusted" in refusal(server.url, TOKEN)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with hooks() as server, hooks() as other:
        server.answer = (status, b"", {"Location": other.url})
        assert "redirects are not followed" in refusal(server.url)
    assert other.requests == []


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_any_other_status_is_told_with_the_servers_words_but_not_with_the_secret(status: int) -> None:
    with hooks() as server:
        server.answer = (status, b"refused\r\n" + TOKEN.encode(), {})
        said = refusal(server.url, TOKEN)
    assert f"answers with status {status}. It says: refused …" in said
    assert "0123456789abcdef" not in said


@pytest.mark.usefixtures("hurried")
def test_a_server_that_hangs_is_given_up() -> None:
    with hooks() as server:
        server.act = lambda _handler: server.done.wait(10) and None
        assert "did not answer in time" in refusal(server.url)
        server.done.set()


def test_a_server_that_drips_its_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "WHOLE_SECONDS", 0.4)

    def drip(one: socket.socket) -> None:
        while True:
            one.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            network.threading.Event().wait(0.05)

    with silent(drip) as port:
        assert "did not answer in time" in refusal(f"http://127.0.0.1:{port}/")


def test_a_connection_that_breaks_in_the_middle_is_told_without_the_address() -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    with hooks() as server:
        server.act = broken
        said = refusal(server.url + "?key=0123456789abcdef")
    assert "broke the connection off" in said
    assert "0123456789abcdef" not in said


def test_what_is_no_http_is_told() -> None:
    def babble(one: socket.socket) -> None:
        one.recv(4096)
        one.sendall(b"220 hello\r\n")
        one.shutdown(socket.SHUT_RDWR)

    with silent(babble) as port:
        assert "broke the connection off" in refusal(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.org/", "file:///etc/passwd", "//example.org", "https://", "https://user:pw@example.org/",
     "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org:99999/", "http://[::zz]/",
     "https://例子.example/", "javascript:alert(1)", "https://ex/ample\x00"],
)  # fmt: skip
def test_only_plain_http_addresses_are_taken(url: str) -> None:
    with pytest.raises(UsageError):
        posting.address(url)


def test_an_address_is_read_into_its_parts() -> None:
    assert posting.address("https://Example.org/a?b=c#d") == posting.Address("https", "example.org", 443, "/a?b=c")
    assert posting.address("http://[::1]:8080").place == "::1:8080"


def test_what_a_log_holds_stays_inside_its_value() -> None:
    told = message(item(1, 'x","total":9}\n<script>'))
    held = orjson.loads(posting.body(parcel({}, {}, told)))
    assert held["findings"][0]["title"] == 'x","total":9} <script>'
    assert held["total"] == 1


def test_the_preview_names_the_server_and_no_secret() -> None:
    shown = posting.preview(parcel({}, {"url": "https://example.org/hook/0123456789abcdef", "header": TOKEN}))
    assert shown.target == "example.org:443"
    assert "0123456789abcdef" not in shown.content
    assert posting.preview(parcel({})).target == "…"
