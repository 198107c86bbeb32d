"""The syslog listener: UDP, TCP and TLS in one thread, into a buffer that is bounded.

Where the buffer is full, TCP senders wait (their connection is not read) and datagrams are dropped and counted. What
was taken from here and stored is what the desk acknowledges; syslog itself knows no acknowledgement.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop_app.core.errors import SourceUnreadable, WatchdeskError, system_says, unexpected
from desktop_app.core.model import Micros, now
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.certificates import context_of, own_certificate
from desktop_app.extensions.logs.sources.feed import Loss, Portion, texts_of
from desktop_app.extensions.logs.sources.syslog_frames import MESSAGE_BYTES
from desktop_app.extensions.logs.sources.syslog_peers import Peers, dropped_by_system
from desktop_app.extensions.logs.sources.syslog_senders import Datagrams, Line, Secured

HIGH_BYTES = 32 << 20  # that wait to be stored: above, senders wait
LOW_BYTES = 8 << 20
LOOK_SECONDS = 5.0
START_SECONDS = 10.0
FAREWELL_SECONDS = 0.1
_DATAGRAM_BUFFER = 8 << 20


class Buffer:
    """What has arrived and was not taken yet; filled by the thread of the network, emptied by another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()
        self._lost: tuple[Micros, Micros, int] | None = None
        self._refused = 0
        self._complaint: WatchdeskError | None = None

    def _clear(self) -> None:
        self._parts: list[tuple[list[bytes], str]] = []
        self.number = self.bytes = 0
        self._first = self._last = 0

    @property
    def full(self) -> bool:
        """Whether senders have to wait."""
        return self.bytes > HIGH_BYTES

    def put(self, messages: list[bytes], peer: str) -> None:
        """Add messages of one sender."""
        if not messages:
            return
        at = now()
        with self._lock:
            self._parts.append((messages, peer))
            self.number += len(messages)
            self.bytes += sum(map(len, messages))
            self._first = self._first or at
            self._last = at

    def lose(self, number: int) -> None:
        """Count records that could not be kept."""
        at = now()
        with self._lock:
            start, _, before = self._lost or (at, at, 0)
            self._lost = (start, at, before + number)

    def refuse(self, complaint: WatchdeskError | None = None) -> None:
        """Count what was turned away: senders that are not allowed, connections and messages beyond the limits.

        ``complaint``: what the sender does wrong, where a person can mend it.
        """
        with self._lock:
            self._refused += 1
            self._complaint = complaint or self._complaint

    def take(self, most: int) -> Portion | None:
        """Return at most about so many messages, whole parts at a time."""
        with self._lock:
            parts, number = self._cut(most)
            lost, self._lost = self._lost, None
            refused, self._refused = self._refused, 0
            complaint, self._complaint = self._complaint, None
            first, last = self._first, self._last
            if number == self.number:
                self._clear()
            else:
                self._parts = self._parts[len(parts) :]
                self.number -= number
                self.bytes -= sum(len(one) for messages, _ in parts for one in messages)
                self._first = last
        if not parts and lost is None and not refused:
            return None
        records = [one for messages, _ in parts for one in messages]
        losses = [] if lost is None else [Loss(*lost, "flood")]
        return Portion(
            texts_of(records), ("live:syslog", "syslog"), "syslog", first, last, sum(map(len, records)),
            peers=[peer for messages, peer in parts for _ in messages], losses=losses, refused=refused,
            complaint=complaint,
        )  # fmt: skip

    def _cut(self, most: int) -> tuple[list[tuple[list[bytes], str]], int]:
        number = taken = 0
        for messages, _ in self._parts:
            if taken and number + len(messages) > most:
                break
            number += len(messages)
            taken += 1
        return self._parts[:taken], number


class SyslogListener:
    """A live source of kind ``syslog``. ``folder``: where a certificate of our own is kept."""

    gapless = False

    def __init__(self, config: Mapping[str, Any], folder: Path) -> None:
        self._config = config
        self._folder = folder
        self.buffer = Buffer()
        self.peers = Peers(config.get("allow", ()))
        self.message_bytes = int(config.get("message_bytes", MESSAGE_BYTES))
        self.problem: WatchdeskError | None = None
        self.address = ""
        self.lines: set[Line] = set()
        self._loop: asyncio.AbstractEventLoop
        self._ending: asyncio.Event
        self._thread = threading.Thread(target=self._run, name="syslog", daemon=True)
        self._ready = threading.Event()
        self._servers: list[asyncio.Server] = []
        self._datagrams: asyncio.DatagramTransport | None = None
        self._dropped = 0
        self.holding = False

    def start(self) -> None:
        """Bind the ports; ``problem`` says why that did not go."""
        self._thread.start()
        self._ready.wait(START_SECONDS)

    def stop(self) -> None:
        """Close all connections and ports."""
        if self._thread.is_alive():
            with suppress(RuntimeError):  # the loop has ended in this moment
                self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(START_SECONDS)

    def waiting(self) -> int:
        """Return how many messages wait."""
        return self.buffer.number

    def take(self, most: int) -> Portion | None:
        """Return what has arrived, and let senders go on where they had to wait."""
        portion = self.buffer.take(most)
        if self.holding and self.buffer.bytes < LOW_BYTES:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.release)
        return portion

    def hold(self) -> None:
        """Let senders wait; in the thread of the network."""
        self.holding = True
        for line in self.lines:
            line.hold()

    def release(self) -> None:
        """Let senders go on; in the thread of the network."""
        self.holding = False
        for line in self.lines:
            line.release()

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self._open()
        except Exception as error:  # noqa: BLE001 - the boundary of a listener: whatever keeps it from listening is told
            self.problem = error if isinstance(error, WatchdeskError) else _no_port(error, self._config)
            self._ending.set()
        self._ready.set()
        self._loop.call_later(LOOK_SECONDS, self._look)
        await self._ending.wait()
        await self._close()

    async def _open(self) -> None:
        config, bind = self._config, str(self._config.get("bind", "127.0.0.1"))
        port, said = int(config.get("port", 5514)), list[str]()
        if config.get("tcp", True):
            port = await self._serve(bind, port, None)
            said.append(f"TCP {shown(bind, port)}")
        if config.get("udp", True):
            said.append(f"UDP {shown(bind, await self._receive(bind, port))}")
        if config.get("tls"):
            port = await self._serve(bind, int(config.get("tls_port", 6514)), self._secured())
            said.append(f"TLS {shown(bind, port)}")
        self.address = ", ".join(said)

    def _secured(self) -> ssl.SSLContext:
        config = self._config
        if config.get("certificate"):
            certificate, key = Path(config["certificate"]), Path(config.get("key") or config["certificate"])
        else:
            certificate, key = own_certificate(self._folder)
        return context_of(certificate, key, Path(config["clients"]) if config.get("clients") else None)

    async def _serve(self, bind: str, port: int, secured: ssl.SSLContext | None) -> int:
        server = await self._loop.create_server(
            lambda: Line(self) if secured is None else Secured(self, secured), bind, port
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _receive(self, bind: str, port: int) -> int:
        transport, _ = await self._loop.create_datagram_endpoint(lambda: Datagrams(self), (bind, port))
        self._datagrams = transport
        held: socket.socket = transport.get_extra_info("socket")
        with suppress(OSError):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _DATAGRAM_BUFFER)
        return int(held.getsockname()[1])

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        self.release()
        await asyncio.sleep(FAREWELL_SECONDS)  # what has reached this computer is still read
        for line in list(self.lines):
            line.finish()
        if self._datagrams is not None:
            self._count_dropped()
            self._datagrams.close()
        await asyncio.sleep(0)  # transports close in the next turn
        await asyncio.sleep(0)

    def _look(self) -> None:
        """End what only holds a connection, and ask the system what it had to drop."""
        for line in list(self.lines):
            line.look(time.monotonic())
        self._count_dropped()
        self._loop.call_later(LOOK_SECONDS, self._look)

    def _count_dropped(self) -> None:
        if self._datagrams is None:
            return
        number = dropped_by_system(os.fstat(self._datagrams.get_extra_info("socket").fileno()).st_ino)
        if number > self._dropped:
            self.buffer.lose(number - self._dropped)
            self._dropped = number


def shown(bind: str, port: int) -> str:
    """Return an address and its port as people write them: ``127.0.0.1:5514``, ``[::1]:5514``."""
    return f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}"


def _no_port(error: Exception, config: Mapping[str, Any]) -> WatchdeskError:
    if not isinstance(error, OSError):
        return unexpected(error)
    return SourceUnreadable(
        text("Port %(port)s cannot be listened on.", port=int(config.get("port", 5514))),
        why=system_says(error),
        fix=text("Choose another port or address, or end the program that uses this one."),
    )
