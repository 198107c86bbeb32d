"""The senders of a syslog listener: a connection each over TCP or TLS, datagrams over UDP.

Who speaks TLS to the plain port, or plain text to that of TLS, is told as such: nothing of it is a message.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from desktop_app.core.errors import SourceUnreadable, WatchdeskError, system_says
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.syslog_frames import Frames
from desktop_app.extensions.logs.sources.syslog_peers import plain

if TYPE_CHECKING:
    from desktop_app.extensions.logs.sources.syslog_listen import SyslogListener

PATIENCE_SECONDS = 60.0  # for the rest of a message, and for the first one
HANDSHAKE = b"\x16\x03"  # a record of TLS that begins a connection (RFC 8446, section 5.1); no message begins so
_RECORD_BYTES = 1 << 16
# What OpenSSL calls the faults that a person can mend.
_DISTRUSTS = ("ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE_UNKNOWN")
_UNKNOWN_SENDER = ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "CERTIFICATE_VERIFY_FAILED")


class Line(asyncio.Protocol):
    """One connection of a sender."""

    def __init__(self, listener: SyslogListener) -> None:
        self._listener = listener
        self._frames = Frames(listener.message_bytes)
        self.peer = ""
        self._entered = False
        self._transport: asyncio.Transport | None = None
        self._since = time.monotonic()  # when the message that is pending began, or the connection
        self._heard = self._spoke = False  # a byte, a whole message

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the sender in, or close at once."""
        self._transport = cast("asyncio.Transport", transport)
        self.peer = plain(str((transport.get_extra_info("peername") or ("",))[0]))
        peers = self._listener.peers
        if peers.full():
            self._make_room()
        if not peers.may_send(self.peer) or not peers.enter(self.peer):
            self._listener.buffer.refuse()
            self._transport.abort()
            return
        self._entered = True
        self._listener.lines.add(self)
        if self._listener.holding:
            self.hold()

    def _make_room(self) -> None:
        """Of many connections the oldest that never said anything goes first."""
        mute = [line for line in self._listener.lines if not line._spoke]  # noqa: SLF001 - of the same kind
        if mute:
            min(mute, key=lambda line: line._since).drop()  # noqa: SLF001 - of the same kind

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        if not self._entered:
            return
        if not self._heard and HANDSHAKE.startswith(data[:2]):
            self.drop(_speaks_tls(self.peer))
            return
        self._heard = True
        before = self._frames.cut
        found = self._frames.feed(data)
        if found or not self._frames.pending:
            self._since = time.monotonic()
            self._spoke = self._spoke or bool(found)
        self._listener.buffer.put(found, self.peer)
        for _ in range(self._frames.cut - before):
            self._listener.buffer.refuse()
        if self._frames.broken:
            self.drop()
        elif self._listener.buffer.full and not self._listener.holding:
            self._listener.hold()

    def eof_received(self) -> bool:
        """Let the connection be closed."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Take what was begun as the last message, and forget the connection."""
        del exc
        if self._entered:
            self._listener.buffer.put(self._frames.end(), self.peer)
        self._leave()

    def look(self, at: float) -> None:
        """End a connection that keeps half a message, or never sends a whole one."""
        if at - self._since > PATIENCE_SECONDS and (self._frames.pending or not self._spoke):
            self.drop()

    def finish(self) -> None:
        """Close as the listener ends."""
        self._listener.buffer.put(self._frames.end(), self.peer)
        self._leave()
        if self._transport is not None:
            self._transport.abort()

    def drop(self, complaint: WatchdeskError | None = None) -> None:
        """Close what is no use; ``complaint`` says what the sender does wrong."""
        self._listener.buffer.refuse(complaint)
        self._leave()
        if self._transport is not None:
            self._transport.abort()

    def _leave(self) -> None:
        if self._entered:
            self._entered = False
            self._listener.lines.discard(self)
            self._listener.peers.leave(self.peer)

    def hold(self) -> None:
        """Read nothing for now: the sender has to wait."""
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def release(self) -> None:
        """Read on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()


class Secured(asyncio.Protocol):
    """A connection to the TLS port: what it says, once it is decrypted, is said by a ``Line``.

    The handshake is done here and not by asyncio, which tells nobody why one failed, nor with whom.
    """

    def __init__(self, listener: SyslogListener, context: ssl.SSLContext) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self._line = Line(listener)
        self._shaken = False
        self._began = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the sender in, or close at once."""
        self._transport = cast("asyncio.Transport", transport)
        self._line.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Decrypt what came."""
        if self._transport is None or self._transport.is_closing():
            return
        self._began = self._began or data[:1]
        self._in.write(data)
        try:
            self._read()
        except ssl.SSLWantReadError:
            self._answer()
        except ssl.SSLError as error:
            self._answer()  # the alert, which the sender's own log shows
            self._line.drop(_insecure(self._line.peer, self._began, error))

    def _read(self) -> None:
        if not self._shaken:
            self._tls.do_handshake()
            self._shaken = True
        while said := self._tls.read(_RECORD_BYTES):
            self._line.data_received(said)
        with suppress(ssl.SSLError):
            self._tls.unwrap()
        self._answer()
        if self._transport is not None:
            self._transport.close()

    def _answer(self) -> None:
        if self._transport is not None and (answer := self._out.read()):
            self._transport.write(answer)

    def eof_received(self) -> bool:
        """Let the connection be closed."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Take what was begun as the last message, and forget the connection."""
        self._line.connection_lost(exc)


class Datagrams(asyncio.DatagramProtocol):
    """What comes over UDP: a message a datagram."""

    def __init__(self, listener: SyslogListener) -> None:
        self._listener = listener

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Take in a message; where too many wait it is dropped and counted."""
        listener, peer = self._listener, plain(str(addr[0]))
        message = data.rstrip(b"\r\n\0")
        if not listener.peers.may_send(peer):
            listener.buffer.refuse()
        elif listener.buffer.full:
            listener.buffer.lose(1)
        elif message:
            listener.buffer.put([message], peer)


def _speaks_tls(peer: str) -> WatchdeskError:
    return SourceUnreadable(
        text("%(peer)s speaks TLS to the port for plain TCP, so nothing of it can be read.", peer=peer),
        fix=text("Let it send to the TLS port of this source, or without TLS."),
    )


def _insecure(peer: str, began: bytes, error: ssl.SSLError) -> WatchdeskError:
    """Say why no secure connection came about, in the words of whoever can mend it; ``began``: its first byte."""
    reason = error.reason or ""
    if not HANDSHAKE.startswith(began):
        return SourceUnreadable(
            text("%(peer)s sends plain text to the TLS port, so nothing of it is kept.", peer=peer),
            fix=text("Switch TLS on at the sender, or let it send to the port for plain TCP."),
        )
    if reason.endswith(_DISTRUSTS):
        return SourceUnreadable(
            text("%(peer)s does not trust the certificate of this listener.", peer=peer),
            fix=text("Save the certificate for the senders and give it to that one."),
        )
    if reason.endswith(_UNKNOWN_SENDER):
        return SourceUnreadable(
            text("%(peer)s has no certificate of the authority that senders must have one of.", peer=peer),
            fix=text("Give that sender one, or let senders come without."),
        )
    return SourceUnreadable(
        text("%(peer)s speaks TLS that this listener does not understand.", peer=peer), why=system_says(error)
    )
