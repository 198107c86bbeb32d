"""20,000 messages a second over TCP: what is stored of them, what it costs, and how the pages answer meanwhile.

``rows`` messages are sent by a process of its own over real sockets; a million is somewhat less than a minute.
"""

from __future__ import annotations

import multiprocessing
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil

from build.bench_delay import MOST, delays
from build.bench_measure import Figure
from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
from desktop_app.core.listening import Listening
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.store import live as table
from desktop_app.web.app import create_app

RATE = 20_000
STEPS = 20  # bursts a second
LINES = 4  # connections
WAIT_SECONDS = 120.0
_MESSAGE = (
    "<134>1 2026-11-22T10:00:00Z fw01 app {line} - - Accepted connection number {line}-{number} from 10.20.4.17\n"
)


def send(port: int, messages: int, told: Any) -> None:
    """Send so many messages at the rate, evenly, over a few connections; run in a process of its own.

    ``told`` holds how many were sent, and in how many seconds.
    """
    lines = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(LINES)]
    burst, sent, began = RATE // STEPS // LINES, 0, time.monotonic()
    while sent < messages:
        number = sent // LINES
        for line, connection in enumerate(lines):
            text = "".join(_MESSAGE.format(line=line, number=number + n) for n in range(burst))
            connection.sendall(text.encode())
        sent += burst * LINES
        told[0], told[1] = sent, time.monotonic() - began
        time.sleep(max(0.0, began + sent / RATE - time.monotonic()))
    for connection in lines:
        connection.close()


def live(rows: int) -> Iterator[Figure]:
    """Say how soon what arrives is found; then send, look at the pages meanwhile, and count."""
    yield from delays(max(1, min(MOST, rows // 1_000)))
    messages = rows // (RATE // STEPS) * (RATE // STEPS)
    root = Path(tempfile.mkdtemp(prefix="watchdesk-bench-"))
    desk = Desk(DataFolder(root), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    with desk.connection() as db:
        number, _ = deciding.add(db, "syslog", "bench", {"port": 0, "udp": False})
    ears = Listening(desk)
    ears.start()
    try:
        yield from _run(desk, number, messages)
    finally:
        ears.stop()
        desk.events.close()
        shutil.rmtree(root, ignore_errors=True)


def _run(desk: Desk, number: int, messages: int) -> Iterator[Figure]:
    port = _port(desk, number)
    ear = next(one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline()))
    before = sum(ear.cpu_times()[:2])
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Array("d", 2)
    sender = spawn.Process(target=send, args=(port, messages, told))
    sender.start()
    answers, most, behind = _watch(desk, number, sender, ear, told)
    ended = time.monotonic()
    stored = _drained(desk, number, messages)
    settled = time.monotonic() - ended
    cpu = sum(ear.cpu_times()[:2]) - before
    found = _different(desk)
    yield Figure("messages sent", messages, "", note=f"{messages / told[1]:,.0f} a second for {told[1]:.0f} s")
    yield Figure("of these not stored", messages - stored, "", 0)
    yield Figure("stored more than once", stored - found, "", 0)
    yield Figure("CPU of the listener, a message", cpu / messages * 1e6, "µs")
    yield Figure("memory of the listener, most", most / 1e6, "MB", 1_500)
    yield Figure("not stored yet, most", behind / RATE, "s of it", note=f"all was stored {settled:.1f} s after the end")
    yield Figure("first rows of the search page, median", statistics.median(answers) * 1000, "ms", 300)
    yield Figure("first rows of the search page, worst", max(answers) * 1000, "ms")


def _port(desk: Desk, number: int) -> int:
    for _ in range(600):
        with desk.connection() as db:
            address = table.source(db, number).address
        if address:
            return int(address.rpartition(":")[2])
        time.sleep(0.1)
    raise TimeoutError


def _watch(
    desk: Desk, number: int, sender: BaseProcess, ear: psutil.Process, told: Any
) -> tuple[list[float], int, float]:
    """Ask for the first rows every second; return how long that took, the listener's memory and what waited."""
    answers, most, behind = list[float](), 0, 0.0
    client = create_app(desk).test_client()
    client.get("/logs/rows")
    while sender.is_alive():
        asked = time.monotonic()
        client.get("/logs/rows")
        answers.append(time.monotonic() - asked)
        most = max(most, ear.memory_info().rss)
        behind = max(behind, told[0] - _stored(desk, number))
        time.sleep(1)
    return answers, most, behind


def _stored(desk: Desk, number: int) -> int:
    with desk.connection() as db:
        return table.source(db, number).events


def _drained(desk: Desk, number: int, messages: int) -> int:
    end = time.monotonic() + WAIT_SECONDS
    while _stored(desk, number) < messages and time.monotonic() < end:
        time.sleep(0.2)
    with desk.connection() as db:
        return desk.events.count(db, Search("Accepted connection"))


def _different(desk: Desk) -> int:
    """Return how many different messages are stored."""
    with desk.connection() as db:
        ids = [one.id for one in catalogue.live(db)]
        return len({raw for _, batch in desk.events.load(db, ids) for raw in batch.raw if raw and "number" in raw})
