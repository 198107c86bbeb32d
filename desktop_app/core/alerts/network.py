"""Connections of channels: checked certificates, an end that no server can put off, failures told in sentences."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from types import TracebackType
from typing import Self

from desktop_app.core.errors import system_says
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import Text, text

STEP_SECONDS = 10.0  # for one answer of a server
WHOLE_SECONDS = 30.0  # for a delivery from beginning to end, however slowly a server drips


class Line:
    """Holds the socket of one delivery, so that time or another thread can break it off."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: socket.socket | None = None
        self._timer = threading.Timer(WHOLE_SECONDS, self._expire)
        self.broken = False
        self.expired = False

    def __enter__(self) -> Self:
        """Begin to count the time."""
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go of the socket and close it."""
        self._timer.cancel()
        with self._guard:
            if self._held is not None:
                self._held.close()
            self._held = None

    def _expire(self) -> None:
        self.expired = True
        self.abort()

    def abort(self) -> None:
        """Break the delivery off, now or as soon as it has a socket."""
        with self._guard:
            self.broken = True
            self._shut()

    def _shut(self) -> None:
        if self._held is not None:
            try:
                # The plain socket's own way: that of a TLS socket takes away what its reading thread works with.
                socket.socket.shutdown(self._held, socket.SHUT_RDWR)
            except OSError:
                return  # it is closed already, which is what was wanted

    def hold(self, held: socket.socket) -> None:
        """Take charge of a socket."""
        with self._guard:
            self._held = held
            if self.broken:
                self._shut()

    def connect(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> socket.socket:
        """Return a connection, with TLS where a context is given. Raises OSError."""
        raw = socket.create_connection((host, port), timeout=STEP_SECONDS)
        self.hold(raw)
        if tls is None:
            return raw
        wrapped = tls.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)
        self.hold(wrapped)
        wrapped.do_handshake()
        return wrapped


def tls_context(authority: str = "") -> ssl.SSLContext:
    """Return a context that checks certificates: against the system's authorities, or against those of a PEM file."""
    try:
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ssl.SSLError) as error:
        raise Undelivered(
            text("Cannot read the certificate file %(path)s", path=authority),
            fix=text("Name a PEM file with the certificate of the authority that signed the server's."),
        ) from error


def told(error: Exception, host: str, port: int, line: Line) -> Undelivered:
    """Say in sentences why a delivery failed; what the server itself said is left to the callers, who know secrets."""
    place = f"{host}:{port}"
    if isinstance(error, Undelivered):
        return error
    if line.expired or isinstance(error, TimeoutError):
        return Undelivered(text("%(place)s did not answer in time.", place=place))
    if isinstance(error, ssl.SSLCertVerificationError):
        return Undelivered(
            text("The certificate of %(place)s cannot be trusted.", place=place),
            why=text("The check says: %(reason)s", reason=error.verify_message),
            fix=text("Correct the name of the server, or name the certificate file of your own authority."),
        )
    if isinstance(error, ssl.SSLError):
        return Undelivered(
            text(
                "%(place)s does not speak TLS as it should: %(reason)s",
                place=place,
                reason=str(getattr(error, "reason", "TLS")),
            ),
            fix=text("Check the port and the kind of encryption."),
        )
    return _of_the_system(error, host, place)


def _of_the_system(error: Exception, host: str, place: str) -> Undelivered:
    if isinstance(error, socket.gaierror):
        return Undelivered(
            text("No server of the name %(host)s is known.", host=host), fix=text("Check the name and the network.")
        )
    if isinstance(error, ConnectionRefusedError):
        return Undelivered(text("%(place)s takes no connections.", place=place), fix=text("Check the port."))
    if isinstance(error, ConnectionError) or (isinstance(error, OSError) and error.errno == errno.ENOTCONN):
        return Undelivered(text("%(place)s broke the connection off.", place=place))
    why: Text | None = None
    if isinstance(error, OSError) and error.strerror:
        why = system_says(error)
    return Undelivered(text("Nothing could be sent to %(place)s.", place=place), why=why)
