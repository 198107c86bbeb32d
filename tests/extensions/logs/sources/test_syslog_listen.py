from __future__ import annotations

import socket
from pathlib import Path

import pytest

from desktop_app.extensions.logs.sources import syslog_listen
from desktop_app.extensions.logs.sources.syslog_listen import Buffer, SyslogListener
from tests.extensions.logs.listening import closed, connect, eventually, listener, port, received


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


def test_what_stands_in_the_buffer_can_be_taken_in_parts() -> None:
    buffer = Buffer()
    buffer.put([b"a", b"b"], "x")
    buffer.put([b"c"], "y")
    first, second = buffer.take(2), buffer.take(2)
    assert first is not None
    assert second is not None
    assert (first.raw, first.peers, second.raw) == (["a", "b"], ["x", "x"], ["c"])
    assert (buffer.number, buffer.bytes, buffer.take(2)) == (0, 0, None)
