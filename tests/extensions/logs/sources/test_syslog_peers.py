from __future__ import annotations

import os
import socket
import sys

import pytest

from desktop_app.extensions.logs.sources.syslog_peers import Peers, dropped_by_system, plain


def test_without_a_list_everybody_may_send() -> None:
    assert Peers([]).may_send("203.0.113.9")


def test_only_allowed_networks_may_send() -> None:
    peers = Peers(["10.0.0.0/8", "fd00::/8"])
    assert peers.may_send("10.4.4.4")
    assert peers.may_send("::ffff:10.4.4.4")
    assert peers.may_send("fd00::1%eth0")
    assert not peers.may_send("192.0.2.1")
    assert not peers.may_send("::1")


def test_a_sender_has_so_many_connections_and_all_together_so_many() -> None:
    peers = Peers([], most=3, most_of_one=2)
    assert [peers.enter("a"), peers.enter("a"), peers.enter("a"), peers.enter("b"), peers.enter("c")] == [
        True, True, False, True, False,
    ]  # fmt: skip
    assert peers.full()
    peers.leave("a")
    assert peers.enter("c")


def test_an_address_seen_through_ipv6_is_written_plainly() -> None:
    assert plain("::ffff:10.0.0.1") == "10.0.0.1"
    assert plain("fe80::1") == "fe80::1"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what it dropped")
def test_datagrams_that_the_system_dropped_are_counted() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out,
    ):
        here.bind(("127.0.0.1", 0))
        here.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(400):
            out.sendto(b"x" * 500, here.getsockname())
        assert dropped_by_system(os.fstat(here.fileno()).st_ino) > 100
    assert dropped_by_system(-1) == 0
