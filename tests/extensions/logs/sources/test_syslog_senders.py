from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme

from desktop_app.core.errors import WatchdeskError
from desktop_app.extensions.logs.sources import syslog_listen, syslog_senders
from desktop_app.extensions.logs.sources.syslog_listen import SyslogListener
from tests.extensions.logs.listening import closed, connect, eventually, listener, received


def complaint(made: SyslogListener) -> str:
    """Return what is told of a sender; nothing of it may be a message."""
    portion = eventually(lambda: made.take(10))
    assert (list(portion.raw), portion.refused) == ([], 1)
    assert isinstance(portion.complaint, WatchdeskError)
    return str(portion.complaint)


def trusting(place: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=place / "syslog.pem")


@contextmanager
def secured(made: SyslogListener, place: Path) -> Iterator[ssl.SSLSocket]:
    """Connect over TLS, trusting the certificate that was made."""
    with connect(made) as plain, trusting(place).wrap_socket(plain, server_hostname="localhost") as line:
        line.settimeout(20)
        yield line


def test_tls_with_the_certificate_that_was_made(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True) as made, secured(made, tmp_path) as line:
        line.sendall(b"8 <34>safe")
        assert list(received(made, 1).raw) == ["<34>safe"]


def test_tls_with_a_certificate_of_the_person_and_of_the_sender(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    paths = {name: tmp_path / f"{name}.pem" for name in ("certificate", "key", "clients")}
    issued.cert_chain_pems[0].write_to_path(paths["certificate"])
    issued.private_key_pem.write_to_path(paths["key"])
    authority.cert_pem.write_to_path(paths["clients"])
    with listener(tmp_path, tls=True, **{name: str(one) for name, one in paths.items()}) as made:
        sender = ssl.create_default_context()
        authority.configure_trust(sender)
        with (
            connect(made) as plain,
            sender.wrap_socket(plain, server_hostname="localhost") as stranger,
            suppress(ssl.SSLError, ConnectionError),  # TLS 1.3 tells at the first word, or just ends
        ):
            stranger.sendall(b"<34>stranger\n")
            stranger.recv(1)
        authority.issue_cert("sender").configure_cert(sender)
        with connect(made) as plain, sender.wrap_socket(plain, server_hostname="localhost") as line:
            line.sendall(b"<34>known\n")
            portion = received(made, 1)
        assert list(portion.raw) == ["<34>known"]
        assert str(portion.complaint).startswith("127.0.0.1 has no certificate of the authority that senders must")


def test_a_sender_that_never_ends_its_message_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog_senders, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(syslog_listen, "LOOK_SECONDS", 0.05)
    with listener(tmp_path, tcp=True) as made, connect(made) as slow, connect(made) as mute:
        slow.sendall(b"<34>never")
        assert closed(slow)
        assert closed(mute)
        assert eventually(lambda: made.take(10)).refused


def test_a_sender_that_speaks_tls_to_the_plain_port_is_told_and_nothing_of_it_is_a_message(tmp_path: Path) -> None:
    with listener(tmp_path, tcp=True) as made:
        stranger = ssl.create_default_context()
        with connect(made) as plain, suppress(ssl.SSLError, ConnectionError):
            stranger.wrap_socket(plain, server_hostname="localhost")
        assert complaint(made) == (
            "127.0.0.1 speaks TLS to the port for plain TCP, so nothing of it can be read."
            " Let it send to the TLS port of this source, or without TLS."
        )


def test_a_sender_of_plain_text_to_the_tls_port_is_told(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True) as made:
        with connect(made) as line:
            line.sendall(b"<34>Oct 11 22:14:15 mymachine su: failed for lonvick\n")
        assert complaint(made).startswith("127.0.0.1 sends plain text to the TLS port, so nothing of it is kept.")


def test_a_sender_that_does_not_trust_our_certificate_is_told(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True) as made:
        doubting = ssl.create_default_context()
        with connect(made) as plain, pytest.raises(ssl.SSLCertVerificationError):
            doubting.wrap_socket(plain, server_hostname="localhost")
        assert complaint(made).startswith("127.0.0.1 does not trust the certificate of this listener.")


def test_a_handshake_that_is_none_is_told_in_the_words_of_the_library(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True) as made:
        with connect(made) as line:
            line.sendall(b"\x16\x03\x01\x00\x05\x63\x00\x00\x01\x00")
        assert "speaks TLS that this listener does not understand. The system says: " in complaint(made)


def test_a_handshake_may_come_byte_by_byte_and_a_message_over_many_records(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True, message_bytes=200_000) as made:
        shaking = trusting(tmp_path)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        spoken = shaking.wrap_bio(incoming, outgoing, server_hostname="localhost")
        with connect(made) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                try:
                    spoken.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    for byte in outgoing.read():
                        line.sendall(bytes([byte]))
                    incoming.write(line.recv(65_536))
            spoken.write(b"<34>" + b"x" * 100_000 + b"\n")
            line.sendall(outgoing.read())
            assert len(received(made, 1).raw[0]) == 100_004


def test_the_end_of_a_secured_connection_is_answered_and_ends_its_last_message(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True) as made:
        with secured(made, tmp_path) as line:
            line.sendall(b"<34>last words")
            line.unwrap().close()
        assert list(received(made, 1).raw) == ["<34>last words"]


def test_a_secured_sender_waits_while_the_buffer_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog_listen, "HIGH_BYTES", 10)
    monkeypatch.setattr(syslog_listen, "LOW_BYTES", 10)
    with listener(tmp_path, tls=True) as made, secured(made, tmp_path) as line:
        line.sendall(b"<34>a message beyond the limit\n")
        eventually(lambda: made.holding)
        line.sendall(b"<34>another\n")
        assert len(received(made, 1).raw) == 1
        assert list(received(made, 1).raw) == ["<34>another"]
