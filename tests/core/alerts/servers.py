"""Real servers on free ports of this machine: a mail relay, an HTTP server that answers as told, a syslog collector."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Authority:
    """An authority of the site: its certificate as a file, and contexts of servers that it signed."""

    path: Path
    made: trustme.CA

    def server(self, name: str = "localhost") -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.made.issue_cert(name).configure_cert(context)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return Authority(path, made)


# --- mail ------------------------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What a relay took; ``refuse`` maps a stage (``data``, a recipient) to its answer."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    secure: list[bool] = field(default_factory=list)
    taken: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if "data" in self.refuse:
            return self.refuse["data"]
        content = bytes(envelope.original_content or b"")
        self.raw.append(content)
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.secure.append(session.ssl is not None)
        self.taken.set()
        return "250 OK"


def _sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    held = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=held, handled=held)


class _OnAFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def relay(
    tls: ssl.SSLContext | None = None, *, whole: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[Mailbox]:
    """Serve a relay: ``tls`` offers STARTTLS, ``whole`` begins with TLS, ``login`` wants a password."""
    box = Mailbox()
    asked = {"authenticator": _sign_in, "auth_required": True, "auth_require_tls": True} if login else {}
    made = _OnAFreePort(
        box, hostname="127.0.0.1", port=0, ssl_context=whole, server_hostname="relay.example", tls_context=tls,
        require_starttls=tls is not None, **asked,
    )  # fmt: skip
    made.start()
    box.port = made.port
    try:
        yield box
    finally:
        made.stop()


# --- http ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Hooks:
    """What an HTTP server was sent. ``answer``: status, body and headers of the next answers; ``act``: instead."""

    url: str = ""
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    answer: tuple[int, bytes, dict[str, str]] = (200, b'{"errcode":0,"code":0}', {})
    act: Callable[[BaseHTTPRequestHandler], None] | None = None
    done: threading.Event = field(default_factory=threading.Event)


@contextmanager
def hooks(tls: ssl.SSLContext | None = None) -> Iterator[Hooks]:
    """Serve HTTP, or HTTPS."""
    made = Hooks()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.requests.append(Request(self.path, dict(self.headers.items()), body))
            if made.act is not None:
                made.act(self)
                return
            status, content, headers = made.answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *words: object) -> None:
            """A client that breaks off is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    made.url = f"{'https://localhost' if tls else 'http://127.0.0.1'}:{made.port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        made.done.set()
        server.shutdown()
        thread.join()
        server.server_close()


# --- plain sockets ---------------------------------------------------------------------------------------------------


@dataclass
class Sink:
    """What a collector was sent, a connection or a datagram each."""

    port: int
    received: list[bytes] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)


@contextmanager
def collector(tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """Take syslog over TCP, or TLS."""
    listening = socket.create_server(("127.0.0.1", 0))
    sink = Sink(listening.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            with suppress(OSError), tls.wrap_socket(plain, server_side=True) if tls else plain as one:
                content = b"".join(iter(lambda: one.recv(65536), b""))
                sink.received.append(content)
            plain.close()
            sink.arrived.set()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield sink
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@contextmanager
def silent(act: Callable[[socket.socket], None] | None = None) -> Iterator[int]:
    """Take connections on a port and say nothing, or do something else with the first."""
    listening = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                one, _ = listening.accept()
            except OSError:
                return
            held.append(one)
            if act is not None:
                with suppress(OSError):
                    act(one)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for one in held:
            one.close()
