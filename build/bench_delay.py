"""From a line that is written to the finding of it: real sockets and files, the rules of the world, quiet and busy.

The rules of SigmaHQ are no part of the repository; without them our own are measured with.
"""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from build import bench_windows
from build.bench_measure import Figure
from desktop_app import bundled
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.listening import Listening
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.store import live as table

MOST, APART = 40, 0.3  # arrivals, seconds
LEAD = 2.0  # seconds of other events before the first one that is looked for
WITHIN = 2.0  # seconds
BUSY = 1_000  # events a second
LOT = 50
_RULES = """title: A line that was sent
id: 00000000-0000-0000-0000-0000000000aa
level: high
logsource: {product: linux, service: auth}
detection: {s: [delay-line], condition: s}
---
title: A program that was started
id: 00000000-0000-0000-0000-0000000000bb
level: high
logsource: {product: windows, category: process_creation}
detection: {s: {CommandLine|contains: delay-event}, condition: s}
"""
_SOUGHT = ("00000000-0000-0000-0000-0000000000aa", "00000000-0000-0000-0000-0000000000bb")
_NUMBER = re.compile(r'"EventRecordID":\d+')


class _Site:
    """A desk that hears a syslog listener and follows a file of Windows events."""

    def __init__(self, place: Path) -> None:
        self.desk = Desk(DataFolder(place / "desk"), bundled.EXTENSIONS, load=bundled.load)
        self.desk.prepare()
        self.file = place / "events.json"
        self._events = bench_windows.everyday(20_000, 1)
        self._started = next(one for one in self._events if '"EventID":1,' in one and "CommandLine" in one)
        self._record, self._lock = 100_000, threading.Lock()
        self.file.write_text(self._events[0] + "\n", encoding="utf-8")
        (place / "rules.yml").write_text(_RULES, encoding="utf-8")
        with self.desk.connection() as db:
            if bench_windows.DATA.is_dir():
                catalogue.import_rules(db, bench_windows.DATA / "sigma-rules.zip")
            catalogue.import_rules(db, place / "rules.yml")
            self._number, _ = deciding.add(db, "syslog", "lines", {"port": 0, "udp": False})
            deciding.add(db, "follow", "events", {"path": str(self.file)})

    def dial(self) -> socket.socket:
        """Connect to the listener once it listens."""
        for _ in range(600):
            with self.desk.connection() as db:
                address = table.source(db, self._number).address
            if address:
                return socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 10)
            time.sleep(0.1)
        raise TimeoutError

    def write(self, events: list[str]) -> None:
        """Add events to the file, with numbers of their own."""
        with self._lock, self.file.open("a", encoding="utf-8") as stream:
            for one in events:
                self._record += 1
                stream.write(_NUMBER.sub(f'"EventRecordID":{self._record}', one, count=1) + "\n")

    def start_program(self) -> None:
        """Write the event of a program that a rule looks for."""
        self.write([self._started.replace('"CommandLine":"', '"CommandLine":"delay-event ', 1)])

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Write BUSY other events a second meanwhile."""
        over = threading.Event()

        def work() -> None:
            began, done = time.monotonic(), 0
            while not over.wait(max(0.0, began + done / BUSY - time.monotonic())):
                self.write([self._events[(done + n) % len(self._events)] for n in range(LOT)])
                done += LOT

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def delays(arrivals: int = MOST) -> Iterator[Figure]:
    """Yield how long the slowest of some arrivals takes to become a finding."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-bench-") as place:
        site = _Site(Path(place))
        ears = Listening(site.desk)
        ears.start()
        try:
            with site.dial() as line, site.desk.connection() as db:
                told = b"<38>1 2026-11-22T10:00:00Z fw sshd 1 - - delay-line\n"
                yield _slowest(
                    db, "a line to its finding, over TCP, at rest", 0, [lambda: line.sendall(told)] * arrivals
                )
                yield _slowest(
                    db, "an event to its finding, followed file, at rest", 1, [site.start_program] * arrivals
                )
                with site.busy():
                    time.sleep(LEAD)
                    yield _slowest(db, f"the same among {BUSY:,} events a second", 1, [site.start_program] * arrivals)
        finally:
            ears.stop()
            site.desk.events.close()


def _slowest(db: Connection, name: str, sought: int, sending: Sequence[Callable[[], object]]) -> Figure:
    before, sent, took = _found(db, sought), list[float](), list[float]()
    end = time.monotonic() + len(sending) * APART + 60
    while len(took) < len(sending) and time.monotonic() < end:
        if len(sent) < len(sending) and (not sent or time.monotonic() - sent[-1] >= APART):
            sending[len(sent)]()
            sent.append(time.monotonic())
        time.sleep(0.01)
        came = min(len(sent), _found(db, sought) - before)
        took += [time.monotonic() - sent[number] for number in range(len(took), came)]
    took += [float("inf")] * (len(sending) - len(took))
    return Figure(name, max(took), "s", WITHIN, f"median {sorted(took)[len(took) // 2]:.2f}, {len(took)} arrivals")


def _found(db: Connection, sought: int) -> int:
    [row] = db.execute("SELECT COALESCE(SUM(count), 0) FROM findings WHERE rule_id = ?", (_SOUGHT[sought],)).fetchall()
    return int(row[0])
