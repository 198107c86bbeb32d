"""How fast the text formats read, in lines a CPU-second, beside a plain parse of the same lines.

The plain parse is what one would write first: one expression a format, a dictionary a line, turned into 14 columns.
Ratios of one run are what counts; the machine's own speed goes into both sides.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from desktop_app.core.model import micros
from desktop_app.extensions.logs.model import Format, Reading
from desktop_app.extensions.logs.sources.recognise import by_id

LINES = 200_000
_START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
_COLUMNS = (
    *("time", "host", "source", "pid", "level", "message", "user", "address", "port", "method", "url", "status"),
    *("bytes", "agent"),
)
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "curl/8.5.0",
)
Rows = dict[str, list[Any]]


def _moments(step: float, count: int) -> Iterator[dt.datetime]:
    for at in range(count):
        yield _START + dt.timedelta(seconds=at * step)


def access_lines(rng: random.Random, count: int = LINES) -> list[str]:
    """Return combined log lines: four requests a second from 40,000 addresses."""
    peers = [f"198.{rng.randint(18, 19)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}" for _ in range(40_000)]
    return [
        f"{rng.choice(peers)} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "
        f'"GET /item/{rng.randint(1, 9999)}?q={rng.getrandbits(20):x} HTTP/1.1" '
        f'{rng.choice((200, 200, 304, 404, 500))} {rng.randint(0, 60_000)} "-" "{rng.choice(_AGENTS)}"'
        for at in _moments(0.25, count)
    ]


def auth_lines(rng: random.Random, count: int = LINES) -> list[str]:
    """Return lines of sshd, half of them failed sign-ins."""
    says = (
        "Failed password for root from 203.0.113.{} port {} ssh2",
        "Failed password for invalid user admin from 203.0.113.{} port {} ssh2",
        "Connection closed by 203.0.113.{} port {} [preauth]",
        "pam_unix(sshd:auth): authentication failure; uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.{}  user=u{}",
    )
    return [
        f"{at:%b %e %H:%M:%S} gate sshd[{rng.randint(1000, 30000)}]: "
        + rng.choice(says).format(rng.randint(1, 254), rng.randint(1024, 65535))
        for at in _moments(0.7, count)
    ]


def syslog_lines(rng: random.Random, count: int = LINES) -> list[str]:
    """Return lines of daemons that say nothing of sign-ins."""
    return [
        f"{at:%b %e %H:%M:%S} node{rng.randint(1, 9)} pump[{rng.randint(100, 999)}]: pressure {rng.randint(1, 9999)} ok"
        for at in _moments(0.4, count)
    ]


def json_lines(rng: random.Random, count: int = LINES) -> list[str]:
    """Return objects of nine values, one of them an object."""
    return [
        orjson.dumps(
            {
                "ts": at.isoformat(),
                "level": rng.choice(("INFO", "WARN", "ERROR")),
                "service": rng.choice(("auth", "cart")),
                "user": f"u{rng.randint(1, 5000)}",
                "src_ip": f"203.0.113.{rng.randint(1, 254)}",
                "latency_ms": rng.randint(1, 900),
                "msg": f"request {rng.getrandbits(30):x} completed",
                "req": {"id": f"{rng.getrandbits(64):x}", "path": rng.choice(("/", "/login"))},
            }
        ).decode()
        for at in _moments(0.3, count)
    ]


_ACCESS = re.compile(r'^(\S+) \S+ (\S+) \[([^\]]+)\] "(\S+) (\S+) ([^"]*)" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"')
_SYSLOG = re.compile(r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) ([^\s:\[]+)(?:\[(\d+)\])?: (.*)$")
_FAILED = re.compile(r"Failed \S+ for (?:invalid user )?(\S+) from (\S+) port (\d+)")


def plain_access(line: str) -> dict[str, Any]:
    """Read one access line."""
    found = _ACCESS.match(line)
    if found is None:
        return {"message": line}
    address, user, stamp, method, url, _, status, size, _, agent = found.groups()
    row = {"time": access_time(stamp), "source": "access", "message": line, "agent": agent}
    return row | {"address": address, "user": user, "method": method, "url": url, "status": status, "bytes": size}


@lru_cache(100_000)
def access_time(stamp: str) -> int:
    """Read a time; the same one comes again and again."""
    return micros(dt.datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z"))


@lru_cache(100_000)
def syslog_time(stamp: str) -> int:
    """Read a time of the year that the lines are from."""
    return micros(dt.datetime.strptime(f"2026 {stamp} +0000", "%Y %b %d %H:%M:%S %z"))


def plain_syslog(line: str) -> dict[str, Any]:
    """Read one syslog line, and what sshd says of a failed sign-in."""
    found = _SYSLOG.match(line)
    if found is None:
        return {"message": line}
    stamp, host, program, pid, message = found.groups()
    row = {"time": syslog_time(stamp), "host": host, "source": program, "pid": pid, "message": message}
    if program == "sshd" and (failed := _FAILED.match(message)):
        row |= dict(zip(("user", "address", "port"), failed.groups(), strict=True))
    return row


def plain_json(line: str) -> dict[str, Any]:
    """Read one object."""
    found = orjson.loads(line)
    row = {"time": micros(dt.datetime.fromisoformat(found["ts"])), "level": found["level"].lower()}
    row |= {"source": found["service"], "user": found["user"], "address": found["src_ip"]}
    return row | {"message": found["msg"], "url": found["req"]["path"]}


def plain_parse(lines: Iterable[str], read: Callable[[str], dict[str, Any]]) -> Rows:
    """Read lines into columns, one dictionary a line."""
    columns: Rows = {name: [] for name in _COLUMNS}
    for row in map(read, lines):
        for name, column in columns.items():
            column.append(row.get(name))
    return columns


def ours(data: bytes, format_: Format) -> int:
    """Read a file's bytes into event batches, as the import does; return the number of events."""
    reading = Reading(name="bench.log", reference=micros(_START) + 400 * 86_400 * 1_000_000)
    return sum(
        len(batch)
        for records in format_.collect(io.BytesIO(data), reading)
        for batch in format_.normalize(records, reading)
    )


def _seconds(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    act()
    return time.process_time() - begun


CASES: tuple[tuple[str, str, Callable[[random.Random, int], list[str]], Callable[[str], dict[str, Any]]], ...] = (
    ("access", "access", access_lines, plain_access),
    ("auth", "syslog", auth_lines, plain_syslog),
    ("syslog", "syslog", syslog_lines, plain_syslog),
    ("json", "json", json_lines, plain_json),
)


def run() -> dict[str, dict[str, float]]:
    """Return for each kind of log: lines a CPU-second of ours and of the plain parse, and their ratio.

    The better of two runs each: the first one also pays for memory that the process did not have yet.
    """
    results = {}
    for name, format_id, make, read in CASES:
        lines = make(random.Random(7), LINES)  # noqa: S311 - made-up lines, no secrets
        data = ("\n".join(lines) + "\n").encode()
        mine = min(_seconds(lambda: ours(data, by_id(format_id))) for _ in range(2))  # noqa: B023 - called at once
        plain = min(_seconds(lambda: plain_parse(lines, read)) for _ in range(2))  # noqa: B023 - called at once
        results[name] = {"ours": LINES / mine, "plain": LINES / plain, "ratio": plain / mine}
    return results


if __name__ == "__main__":
    for name, figures in run().items():
        print(f"{name:8}", *(f"{key} {value:12,.1f}" for key, value in figures.items()))
