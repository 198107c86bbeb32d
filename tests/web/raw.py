"""A protected application behind a real server, and requests exactly as they are written."""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, request
from flask_wtf.csrf import generate_csrf

from desktop_app.shell.server import Server, bind
from desktop_app.web.gate import Gate
from desktop_app.web.security import protect, takes_uploads


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: str


def pages(gate: Gate | None) -> Flask:
    """An application of four pages, as small as it can be."""
    app = Flask("pages", static_folder=None)
    protect(app, gate)

    @app.get("/")
    def home() -> str:
        return "the desk"

    @app.get("/csrf")
    def mark() -> str:
        return str(generate_csrf())

    @app.post("/write")
    def write() -> str:
        return f"wrote {len(request.get_data())}"

    @app.post("/upload")
    @takes_uploads
    def upload() -> str:
        return f"took {len(request.get_data())}"

    return app


class Visitor:
    """Speaks HTTP with the server by hand: what is not said is not sent."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.address = ("127.0.0.1", int(gate.host.partition(":")[2]))

    def raw(self, request_bytes: bytes) -> Answer:
        with socket.create_connection(self.address, timeout=20) as wire:
            wire.sendall(request_bytes)
            answer = http.client.HTTPResponse(wire, method=request_bytes.partition(b" ")[0].decode())
            answer.begin()
            body = answer.read().decode()
            headers = dict(answer.getheaders())
            cookies = tuple(answer.headers.get_all("Set-Cookie", []))
            return Answer(answer.status, headers, cookies, body)

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        lines = {"Host": self.gate.host, "Connection": "close", **(headers or {})}
        if body or method == "POST":
            lines.setdefault("Content-Length", str(len(body)))
        text = io.StringIO()
        text.write(f"{method} {path} HTTP/1.1\r\n")
        for name, value in lines.items():
            text.write(f"{name}: {value}\r\n")
        text.write("\r\n")
        return self.raw(text.getvalue().encode() + body)

    def enter(self, kind: str = "browser") -> dict[str, str]:
        """Redeem a start token; return the header with the cookie."""
        address = self.gate.start_address("window" if kind == "window" else "browser")
        answer = self.ask("GET", address.removeprefix(self.gate.origin))
        return {"Cookie": "; ".join(one.partition(";")[0] for one in answer.cookies)}

    def writer(self, kind: str = "browser") -> dict[str, str]:
        """Return all that a write of our own page carries."""
        cookie = self.enter(kind)
        answer = self.ask("GET", "/csrf", cookie)
        cookie["Cookie"] += "; " + answer.cookies[0].partition(";")[0]
        return {**cookie, "Origin": self.gate.origin, "Sec-Fetch-Site": "same-origin", "X-CSRFToken": answer.body}


@contextmanager
def serving(make: object = pages) -> Iterator[Visitor]:
    """Serve an application on a free port while the block lasts."""
    assert callable(make)
    taken = bind(0)
    gate = Gate(taken.getsockname()[1])
    server = Server(make(gate), taken)
    server.start()
    try:
        yield Visitor(gate)
    finally:
        server.stop()
