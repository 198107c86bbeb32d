"""Live sources in tests: one made and run here, senders with real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.extensions.logs.jobs.live import run
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.sources.feed import Portion
from desktop_app.extensions.logs.sources.syslog_listen import SyslogListener
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import LiveSource

T = TypeVar("T")
SYSLOG: dict[str, Any] = {"port": 0, "udp": False}


def eventually(look: Callable[[], T], seconds: float = 30.0) -> T:
    """Wait until something is true and return it."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
    return found


def add(desk: Desk, kind: str = "syslog", **config: Any) -> int:
    """Add a live source and return its number."""
    with desk.connection() as db:
        return deciding.add(db, kind, kind, {**(SYSLOG if kind == "syslog" else {}), **config})[0]


def source(desk: Desk, source_id: int = 1) -> LiveSource:
    with desk.connection() as db:
        return live.source(db, source_id)


@contextmanager
def listening(desk: Desk, *, turns: Callable[[], bool] | None = None) -> Iterator[None]:
    """Run the listener of the logs extension in a thread while the block lasts."""
    import threading

    stop, failed = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            run(desk, lambda seconds: stop.wait(seconds / 10) or (turns is not None and turns()))
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not failed, failed


def port_of(desk: Desk, kind: str = "TCP", source_id: int = 1) -> int:
    """Return where a syslog listener listens, once it does."""
    told = eventually(lambda: [one for one in source(desk, source_id).address.split(", ") if one.startswith(kind)])
    return int(told[0].rpartition(":")[2])


def send(port: int, data: bytes) -> None:
    """Send over TCP as ``logger`` does, and close."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(data)


def raws(desk: Desk, query: str = "") -> list[str]:
    """Return the stored records, oldest first."""
    found: list[str] = []
    after = None
    with desk.connection() as db:
        while True:
            page = desk.events.page(db, Search(query), after=after, limit=1000)
            found += [row["raw"] for row in page.rows]
            after = page.older_key
            if after is None or not page.rows:
                return found[::-1]


# --- a syslog listener alone ----------------------------------------------------------------------------------------


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
