from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from desktop_app.extensions.logs.sources import syslog_listen
from desktop_app.extensions.logs.sources.feed import Portion
from desktop_app.extensions.logs.sources.syslog_listen import Buffer, SyslogListener
from tests.extensions.logs.listening import eventually


@contextmanager
def listener(place: Path, **config: Any) -> Iterator[SyslogListener]:
    made = SyslogListener({"port": 0, "tls_port": 0, "udp": False, "tcp": False, **config}, place)
    made.start()
    assert made.problem is None, made.problem
    yield made
    made.stop()


def port(made: SyslogListener) -> int:
    return int(made.address.rpartition(":")[2])


def received(made: SyslogListener, number: int) -> Portion:
    eventually(lambda: made.waiting() >= number)
    portion = made.take(100_000)
    assert portion is not None
    return portion


def connect(made: SyslogListener) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port(made)), 10)


def closed(line: socket.socket) -> bool:
    line.settimeout(20)
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def test_tcp_takes_counted_messages_and_lines_a_connection_each(tmp_path: Path) -> None:
    with listener(tmp_path, tcp=True) as made:
        with connect(made) as counting, connect(made) as lines:
            counting.sendall(b"8 <34>one\n7 <34>two")
            lines.sendall(b"<34>three\n<34>four")
        portion = received(made, 4)
        assert sorted(portion.raw) == ["<34>four", "<34>one", "<34>three", "<34>two"]
        assert set(portion.peers) == {"127.0.0.1"}
        assert made.take(10) is None


def test_udp_takes_a_message_a_datagram(tmp_path: Path) -> None:
    with listener(tmp_path, udp=True) as made, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for message in (b"<34>one\n", b"\n", b"<34>two"):
            out.sendto(message, ("127.0.0.1", port(made)))
        assert list(received(made, 2).raw) == ["<34>one", "<34>two"]


def test_tls_with_the_certificate_that_was_made(tmp_path: Path) -> None:
    with listener(tmp_path, tls=True) as made:
        trusting = ssl.create_default_context(cafile=tmp_path / "syslog.pem")
        with connect(made) as plain, trusting.wrap_socket(plain, server_hostname="localhost") as line:
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
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        with (
            connect(made) as plain,
            trusting.wrap_socket(plain, server_hostname="localhost") as stranger,
            suppress(ssl.SSLError, ConnectionError),  # TLS 1.3 tells at the first word, or just ends
        ):
            stranger.sendall(b"<34>stranger\n")
            stranger.recv(1)
        authority.issue_cert("sender").configure_cert(trusting)
        with connect(made) as plain, trusting.wrap_socket(plain, server_hostname="localhost") as line:
            line.sendall(b"<34>known\n")
            assert list(received(made, 1).raw) == ["<34>known"]


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        made = SyslogListener({"port": other.getsockname()[1], "udp": False}, tmp_path)
        made.start()
        assert made.problem is not None
        assert "cannot be listened on" in str(made.problem)
        made.stop()


def test_senders_beyond_the_allowed_networks_are_turned_away(tmp_path: Path) -> None:
    with listener(tmp_path, tcp=True, udp=True, allow=["192.0.2.0/24"]) as made:
        with connect(made) as line:
            assert closed(line)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(b"<34>x", ("127.0.0.1", port(made)))
            refused = 1
            while refused < 2:
                portion = eventually(lambda: made.take(10))
                refused += portion.refused - 1
                assert not portion.raw
                out.sendto(b"<34>x", ("127.0.0.1", port(made)))


def test_a_full_buffer_lets_tcp_senders_wait_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog_listen, "HIGH_BYTES", 50_000)
    monkeypatch.setattr(syslog_listen, "LOW_BYTES", 10_000)
    with listener(tmp_path, tcp=True) as made, connect(made) as line:
        line.setblocking(False)
        sent = 0
        data = b"<34>%060d\n"
        while True:  # until the sender has to wait
            try:
                line.send(data % sent)
                sent += 1
            except BlockingIOError:
                break
        eventually(lambda: made.holding)
        line.setblocking(True)
        found: list[str] = []
        line.settimeout(10)

        def taken() -> bool:
            portion = made.take(100_000)
            found.extend(portion.raw if portion is not None else ())
            return len(found) >= sent - 1

        eventually(taken)
        assert found == [f"<34>{number:060d}" for number in range(len(found))]


def test_datagrams_beyond_the_buffer_are_counted_as_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog_listen, "HIGH_BYTES", 10)
    with listener(tmp_path, udp=True) as made, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for _ in range(5):
            out.sendto(b"<34>message", ("127.0.0.1", port(made)))
        lost = eventually(lambda: (portion := made.take(100)) is not None and portion.losses)
        assert lost[0].reason == "flood"
        assert 0 < lost[0].number < 5


def test_a_sender_that_never_ends_its_message_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog_listen, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(syslog_listen, "LOOK_SECONDS", 0.05)
    with listener(tmp_path, tcp=True) as made, connect(made) as slow, connect(made) as mute:
        slow.sendall(b"<34>never")
        assert closed(slow)
        assert closed(mute)
        assert eventually(lambda: made.take(10)).refused


def test_what_stands_in_the_buffer_can_be_taken_in_parts() -> None:
    buffer = Buffer()
    buffer.put([b"a", b"b"], "x")
    buffer.put([b"c"], "y")
    first, second = buffer.take(2), buffer.take(2)
    assert first is not None
    assert second is not None
    assert (first.raw, first.peers, second.raw) == (["a", "b"], ["x", "x"], ["c"])
    assert (buffer.number, buffer.bytes, buffer.take(2)) == (0, 0, None)
