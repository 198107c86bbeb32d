from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask, Response, request
from werkzeug.wsgi import wrap_file

from desktop_app.shell.server import PortTaken, Server, bind
from desktop_app.web.gate import Gate
from desktop_app.web.security import protect
from tests.web.raw import serving


def test_the_server_listens_on_the_loopback_address_only() -> None:
    with bind(0) as taken:
        assert taken.getsockname()[0] == "127.0.0.1"
        assert taken.getsockname()[1] > 0


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with bind(0) as taken:
        taken.listen()
        with pytest.raises(PortTaken, match=r"cannot be used"):
            bind(taken.getsockname()[1])


def test_the_port_is_free_again_after_the_stop() -> None:
    with serving() as visitor:
        port = int(visitor.gate.host.partition(":")[2])
        assert visitor.ask("GET", "/").status == 403
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_an_endless_stream_does_not_hold_up_the_stop() -> None:
    def make(gate: Gate) -> Flask:
        app = Flask("streams")
        protect(app, gate)

        def endless() -> Iterator[str]:
            while True:
                yield "data: x\n\n" * 100

        @app.get("/stream")
        def stream() -> Response:
            return Response(endless(), content_type="text/event-stream")

        return app

    taken = bind(0)
    port = taken.getsockname()[1]
    gate = Gate(port)
    server = Server(make(gate), taken)
    server.start()
    session = gate.redeem(gate.start_address("browser").partition("token=")[2])
    assert session is not None
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(
            f"GET /stream HTTP/1.1\r\nHost: {gate.host}\r\nCookie: {gate.cookie}={session[0]}\r\n\r\n".encode()
        )
        assert wire.recv(12) == b"HTTP/1.1 200"
        server.stop()
        while wire.recv(65536):
            pass  # what was on its way; then the end


def test_a_file_that_waits_to_be_sent_is_closed_at_the_stop(tmp_path: Path) -> None:
    large = tmp_path / "large.js"
    large.write_bytes(b"x" * 50_000_000)  # more than the connection holds while nobody reads
    opened: list[BinaryIO] = []
    app = Flask("files")

    @app.get("/large")
    def file() -> Response:
        opened.append(large.open("rb"))
        return Response(wrap_file(request.environ, opened[0]), direct_passthrough=True)

    with bind(0) as taken:
        server = Server(app, taken)
        server.start()
        with socket.create_connection(taken.getsockname(), timeout=20) as wire:
            wire.sendall(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
            read = b""
            while b"x" * 1000 not in read:  # its sending has begun
                read += wire.recv(4096)
            assert not opened[0].closed
            server.stop()
    assert opened[0].closed
