from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from desktop_app.core.alerts import network
from desktop_app.core.alerts.network import Line
from desktop_app.core.notify import Undelivered
from tests.core.alerts.servers import Authority, collector, silent


def test_a_delivery_is_broken_off_from_another_thread() -> None:
    with silent() as port, Line() as line:
        connection = line.connect("127.0.0.1", port)
        threading.Timer(0.05, line.abort).start()
        assert connection.recv(1) == b""
        assert line.broken


def test_what_was_broken_off_before_it_had_a_socket_is_closed_as_soon_as_it_has_one() -> None:
    with silent() as port, Line() as line:
        line.abort()
        assert line.connect("127.0.0.1", port).recv(1) == b""


def test_time_breaks_off_what_a_server_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "WHOLE_SECONDS", 0.1)
    with silent() as port, Line() as line:
        assert line.connect("127.0.0.1", port).recv(1) == b""
        assert line.expired


def test_a_tls_connection_is_made_only_to_a_certificate_that_holds(authority: Authority) -> None:
    with collector(authority.server()) as sink:
        with Line() as line:
            assert line.connect("localhost", sink.port, network.tls_context(str(authority.path)))
        with Line() as line, pytest.raises(ssl.SSLCertVerificationError):
            line.connect("localhost", sink.port, network.tls_context())


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("none")
    for path in (tmp_path / "ca.pem", tmp_path / "absent.pem"):
        with pytest.raises(Undelivered, match=f"Cannot read the certificate file {path}"):
            network.tls_context(str(path))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "did not answer in time"),
        (socket.gaierror(), "No server of the name db is known"),
        (ConnectionRefusedError(), "takes no connections"),
        (ConnectionResetError(), "broke the connection off"),
        (OSError(113, "No route to host"), "The system says: No route to host"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "does not speak TLS"),
    ],
)
def test_each_failure_is_told_in_a_sentence(error: Exception, words: str) -> None:
    with Line() as line:
        assert words in str(network.told(error, "db", 1, line))


def test_what_was_told_already_stays() -> None:
    from desktop_app.core.text import text

    told = Undelivered(text("x"))
    with Line() as line:
        assert network.told(told, "db", 1, line) is told
