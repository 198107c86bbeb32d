from __future__ import annotations

import socket
import struct

import pytest

from desktop_app.core.alerts import syslog
from desktop_app.core.alerts.network import Line
from desktop_app.core.notify import Undelivered
from tests.core.alerts.conftest import item, message, parcel
from tests.core.alerts.servers import Authority, collector, silent


def config(port: int, transport: str = "tcp", ca: str = "", host: str = "localhost") -> dict[str, str]:
    return {"host": host, "port": str(port), "transport": transport, "ca": ca}


def send(held: dict[str, str], **told: object) -> None:
    with Line() as line:
        syslog.send(parcel(held, **told), line)  # type: ignore[arg-type]


def taken_apart(stream: bytes) -> list[bytes]:
    """Read messages by their counted octets."""
    found = []
    while stream:
        length, _, rest = stream.partition(b" ")
        found.append(rest[: int(length)])
        stream = rest[int(length) :]
    return found


def test_each_finding_is_a_message_of_counted_octets_over_tcp() -> None:
    with collector() as sink:
        send(config(sink.port), told=message(item(1, "登录失败"), item(2, "b\n0 forged")))
        assert sink.arrived.wait(10)
    first, second = taken_apart(sink.received[0])
    assert "|登录失败|8|externalId=WD-1 " in first.decode()
    assert "|b 0 forged|8|externalId=WD-2 " in second.decode()


def test_tls_is_spoken_only_to_a_certificate_that_holds(authority: Authority) -> None:
    with collector(authority.server()) as sink:
        send(config(sink.port, "tls", str(authority.path)))
        assert sink.arrived.wait(10)
        assert len(taken_apart(sink.received[0])) == 1
        with pytest.raises(Undelivered, match="cannot be trusted"):
            send(config(sink.port, "tls"))


def test_a_datagram_a_finding_goes_over_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind(("127.0.0.1", 0))
        sink.settimeout(10)
        send(config(sink.getsockname()[1], "udp", host="127.0.0.1"), told=message(item(1), item(2)))
        got = [sink.recv(65536) for _ in range(2)]
    assert [one.startswith(b"<131>1 ") for one in got] == [True, True]


def test_a_reset_in_the_middle_is_a_failure() -> None:
    def reset(one: socket.socket) -> None:
        one.recv(1)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()

    with silent(reset) as port, pytest.raises(Undelivered, match="broke the connection off"):
        send(config(port))


def test_a_collector_that_goes_on_listening_has_taken_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog, "CLOSE_SECONDS", 0.1)
    got: list[bytes] = []
    # It answers nothing and closes nothing: only that it takes the message tells that it has it.
    with silent(lambda one: got.append(one.recv(65536))) as port:
        send(config(port))
    assert [one.startswith(b"<131>1 ") for one in taken_apart(b"".join(got))] == [True]


def test_nobody_listening_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Undelivered, match="takes no connections"):
        send(config(port))
    with pytest.raises(Undelivered, match="No server of the name"):
        send(config(514, "udp", host="nobody.invalid"))


def test_the_preview_shows_the_lines() -> None:
    shown = syslog.preview(parcel(config(514)))
    assert shown.target == "localhost:514 (TCP)"
    assert shown.content.startswith("<131>1 ")
