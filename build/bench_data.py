"""Realistic log lines for measurements, generated: nothing here comes from anybody's real log.

``lines(kind, count)`` gives text as a program would have written it; ``batch(kind, count, start)`` gives the same
events already normalised, so that the store can be measured without a parser. Kinds: access, auth, syslog, json.

    python build/bench_data.py access 100000 > access.log
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desktop_app.core.model import EventBatch, LogSource

FIRST = 1_772_323_200  # 2026-03-01 00:00:00 UTC, in seconds
SITE = "plant.example"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Fields = dict[str, list[str | None]]
Picked = list[str]


class Dice:
    """Random choices in bulk; the same seed gives the same lines."""

    def __init__(self, seed: int, count: int) -> None:
        self.random = np.random.default_rng(seed)
        self.count = count

    def pick(self, values: list[str], weights: list[float] | None = None) -> Picked:
        """Choose ``count`` of ``values``."""
        shares = None if weights is None else np.array(weights) / sum(weights)
        return [values[i] for i in self.random.choice(len(values), self.count, p=shares).tolist()]

    def zipf(self, values: list[str], power: float = 0.8) -> Picked:
        """Choose as the world does: a few often, most of them rarely."""
        return self.pick(values, [1 / (i + 1) ** power for i in range(len(values))])

    def numbers(self, low: int, high: int) -> list[int]:
        """Draw whole numbers from ``low`` to ``high - 1``."""
        return [int(n) for n in self.random.integers(low, high, self.count)]

    def hexes(self, bits: int) -> Picked:
        """Draw random identifiers of up to 62 bits."""
        return [f"{n:0{bits // 4}x}" for n in self.random.integers(0, 1 << bits, self.count).tolist()]

    def times(self, first: int, per_second: float) -> npt.NDArray[np.int64]:
        """Arrival times in microseconds: busy by day, quiet at night, whole seconds as most logs have them."""
        gaps = self.random.exponential(1 / per_second, self.count)
        seconds = first + np.cumsum(gaps)
        hour = (seconds // 3600) % 24
        slow = np.where((hour < 6) | (hour > 20), 2.5, 0.7)
        return ((first + np.cumsum(gaps * slow)).astype(np.int64)) * 1_000_000


def _stamps(times: npt.NDArray[np.int64], pattern: Callable[[dt.datetime], str]) -> list[str]:
    # One strftime a distinct second, as the times repeat.
    known = {t: pattern(dt.datetime.fromtimestamp(t / 1e6, dt.UTC)) for t in np.unique(times).tolist()}
    return [known[t] for t in times.tolist()]


def _addresses() -> list[str]:
    rng = np.random.default_rng(4)
    parts = rng.integers(1, 254, (20_000, 4)).tolist()
    return [f"10.{b % 32}.{c}.{d}" if n % 3 else f"{a}.{b}.{c}.{d}" for n, (a, b, c, d) in enumerate(parts)]


ADDRESSES = _addresses()
USERS = ["root", "admin", "operator", "backup", "svc_historian", "svc_opc", "m.chen", "a.novak", "guest", "test"]
USERS += [f"u{n:04d}" for n in range(400)]
HOSTS = [f"{name}-{n:02d}" for name in ("opc-gw", "hist", "hmi", "eng-ws", "mes") for n in range(1, 5)]
AGENTS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.{n * 31 % 9}.0 Safari/537.36"
    for n in range(96, 140)
    for system in ("Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7")
] + ["curl/8.5.0", "python-requests/2.31.0", "sqlmap/1.8.3#stable (https://sqlmap.example)", "-"]
PAGES = ["/", "/login", "/api/v1/tags", "/api/v1/trend", "/static/app.js", "/static/site.css", "/favicon.ico"]
PAGES += [f"/reports/{n}/line-{n % 7}.html" for n in range(200)] + [f"/images/part-{n}.png" for n in range(300)]
PAGES += ["/wp-login.php", "/.env", "/admin/config.php", "/cgi-bin/test.sh"]
STATUSES = ["200", "304", "404", "403", "500", "301"]


def _batch(source: LogSource, times: npt.NDArray[np.int64], start: int, columns: Fields, fields: Fields) -> EventBatch:
    ordinal = np.arange(start, start + len(times), dtype=np.int64)
    return EventBatch(source, times, ordinal, columns["source"], columns["host"], columns["level"],
                      columns["message"], columns["raw"], fields)  # fmt: skip


def _access(dice: Dice, start: int) -> EventBatch:
    times = dice.times(FIRST + start // 3, 3)
    stamp = _stamps(times, lambda t: t.strftime("%d/%b/%Y:%H:%M:%S +0000"))
    address, method = dice.zipf(ADDRESSES), dice.pick(["GET", "POST", "HEAD"], [85, 13, 2])
    asked = [f"?tag={n}" if n % 3 == 0 else "" for n in dice.numbers(0, 100_000)]
    url = [page + query for page, query in zip(dice.zipf(PAGES), asked, strict=True)]
    status, agent = dice.pick(STATUSES, [78, 8, 7, 2, 1, 4]), dice.zipf(AGENTS)
    # A static page has one size; an answer to a query has any.
    size = [str(n if "?" in u else len(u) * 977 % 60_000) for u, n in zip(url, dice.numbers(80, 60_000), strict=True)]
    referrer = dice.pick(["-", f"https://{SITE}/", f"https://{SITE}/login"], [60, 30, 10])
    user = dice.pick(["-", *USERS[:8]], [92, *([1] * 8)])
    message = [f'{m} {u} HTTP/1.1" {s} {b}' for m, u, s, b in zip(method, url, status, size, strict=True)]
    raw = [
        f'{a} - {w} [{t}] "{m} "{r}" "{g}"'
        for a, w, t, m, r, g in zip(address, user, stamp, message, referrer, agent, strict=True)
    ]
    level = ["error" if s == "500" else "warning" if s in {"403", "404"} else "info" for s in status]
    fields: Fields = {
        "source.ip": list(address), "user.name": [None if u == "-" else u for u in user],
        "http.request.method": list(method), "url.original": list(url), "http.version": ["1.1"] * dice.count,
        "http.response.status_code": list(status), "http.response.body.bytes": list(size),
        "http.request.referrer": [None if r == "-" else r for r in referrer],
        "user_agent.original": [None if a == "-" else a for a in agent],
    }  # fmt: skip
    same: dict[str, list[str | None]] = {
        "source": ["nginx"] * dice.count, "host": [None] * dice.count, "level": list(level),
        "message": [None] * dice.count, "raw": list(raw),
    }  # fmt: skip
    return _batch(LogSource(category="webserver", service="access"), times, start, same, fields)


AUTH = (
    ("sshd", "Failed password for invalid user {user} from {address} port {port} ssh2", "warning", 30),
    ("sshd", "Failed password for {user} from {address} port {port} ssh2", "warning", 20),
    ("sshd", "Accepted publickey for {user} from {address} port {port} ssh2: ED25519 SHA256:{digest}", "info", 8),
    ("sshd", "Connection closed by authenticating user {user} {address} port {port} [preauth]", "info", 15),
    ("sshd", "Received disconnect from {address} port {port}:11: Bye Bye [preauth]", "info", 12),
    ("sudo", "{user} : TTY=pts/{few} ; PWD=/home/{user} ; USER=root ; COMMAND=/usr/bin/systemctl status", "info", 5),
    ("CRON", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", "info", 10),
)
SYSLOG = (
    ("kernel", "[{uptime}.{port}] usb 1-{few}: new high-speed USB device number {few} using xhci_hcd", "info", 6),
    ("systemd", "Started session-{number}.scope - Session {number} of User {user}.", "info", 20),
    ("systemd", "logrotate.service: Deactivated successfully.", "info", 8),
    ("CRON", "(root) CMD (   cd / && run-parts --report /etc/cron.hourly)", "info", 20),
    ("dhclient", "DHCPREQUEST for {address} on eth0 to 10.0.0.1 port 67 (xid=0x{xid})", "info", 12),
    ("historiand", "tag {number} of line {few} stored in {port} us", "debug", 25),
    ("smartd", "Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed to {few}", "warning", 5),
    ("historiand", "write failed for tag {number}: connection to {address} timed out", "error", 4),
)


def _syslog(shapes: tuple[tuple[str, str, str, int], ...], service: str, dice: Dice, start: int) -> EventBatch:
    times = dice.times(FIRST + start, 1)
    stamp = _stamps(times, lambda t: f"{MONTHS[t.month - 1]} {t.day:2d} {t:%H:%M:%S}")
    kind = [int(n) for n in dice.pick([str(n) for n in range(len(shapes))], [shape[3] for shape in shapes])]
    values = {
        "user": dice.zipf(USERS), "address": dice.zipf(ADDRESSES, 1.1), "port": dice.numbers(1024, 65_535),
        "few": dice.numbers(1, 9), "number": dice.numbers(1, 4_000), "uptime": dice.numbers(1_000, 999_999),
        "digest": dice.pick([f"{n * 7919:043x}" for n in range(40)]), "xid": dice.hexes(32),
    }  # fmt: skip
    named = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    program, host = [shapes[k][0] for k in kind], dice.pick(HOSTS)
    pid = [str(n) for n in dice.numbers(300, 40_000)]
    message = [shapes[k][1].format(**row) for k, row in zip(kind, named, strict=True)]
    raw = [
        f"{t} {h} {p}[{i}]: {m}" for t, h, p, i, m in zip(stamp, host, program, pid, message, strict=True)
    ]  # fmt: skip
    used = [shapes[k][1] for k in kind]
    fields: Fields = {
        "process.name": list(program), "process.pid": list(pid),
        **{
            field: [str(row[key]) if f"{{{key}}}" in shape else None for row, shape in zip(named, used, strict=True)]
            for field, key in (("user.name", "user"), ("source.ip", "address"), ("source.port", "port"))
        },
        "event.outcome": ["failure" if "Failed" in m else "success" if "Accepted" in m else None for m in message],
    }  # fmt: skip
    columns: Fields = {
        "source": list(program), "host": list(host), "level": [shapes[k][2] for k in kind],
        "message": list(message), "raw": list(raw),
    }  # fmt: skip
    return _batch(LogSource("linux", "", service), times, start, columns, fields)


def _json(dice: Dice, start: int) -> EventBatch:
    times = dice.times(FIRST + start // 2, 2) + np.array(dice.numbers(0, 1000), dtype=np.int64) * 1000
    times.sort()
    stamp = _stamps(times, lambda t: t.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    level = dice.pick(["info", "warning", "error", "debug"], [70, 15, 5, 10])
    message = dice.pick(["request completed", "batch released", "recipe loaded", "token refreshed", "value clamped"])
    fields: Fields = {
        "service.name": list(dice.pick(["mes", "auth", "recipes", "gateway"])), "user.name": list(dice.zipf(USERS)),
        "source.ip": list(dice.zipf(ADDRESSES)), "event.duration": [str(n) for n in dice.numbers(1, 900)],
        "url.path": list(dice.zipf(PAGES)), "trace.id": list(dice.hexes(60)), "host.name": list(dice.pick(HOSTS)),
    }  # fmt: skip
    rows = zip(*fields.values(), strict=True)
    raw = [
        json.dumps({"@timestamp": t, "log.level": v, "message": m, **dict(zip(fields, row, strict=True))})
        for t, v, m, row in zip(stamp, level, message, rows, strict=True)
    ]
    columns: Fields = {
        "source": fields["service.name"], "host": fields["host.name"], "level": list(level),
        "message": list(message), "raw": list(raw),
    }  # fmt: skip
    return _batch(LogSource("application", "", "json"), times, start, columns, fields)


def _auth(dice: Dice, start: int) -> EventBatch:
    return _syslog(AUTH, "auth", dice, start)


def _system(dice: Dice, start: int) -> EventBatch:
    return _syslog(SYSLOG, "syslog", dice, start)


KINDS: dict[str, Callable[[Dice, int], EventBatch]] = {
    "access": _access, "auth": _auth, "syslog": _system, "json": _json,
}  # fmt: skip
MIX = {"access": 0.55, "auth": 0.15, "syslog": 0.15, "json": 0.15}  # what a small site's million lines are made of
ROWS = 100_000


def batch(kind: str, count: int, start: int = 1) -> EventBatch:
    """Return ``count`` normalised events of one kind whose ordinals begin at ``start``."""
    return KINDS[kind](Dice(start, count), start)


def batches(kind: str, count: int) -> Iterator[EventBatch]:
    """Return ``count`` events in batches of at most ``ROWS``."""
    for start in range(0, count, ROWS):
        yield batch(kind, min(ROWS, count - start), start + 1)


def mixed(count: int) -> Iterator[EventBatch]:
    """Return ``count`` events of all kinds, in the shares of ``MIX``."""
    for kind, share in MIX.items():
        yield from batches(kind, round(count * share))


def lines(kind: str, count: int) -> Iterator[str]:
    """Return ``count`` lines of text without their line ends."""
    for one in batches(kind, count):
        yield from (line or "" for line in one.raw)


def write(kind: str, count: int, path: Path) -> int:
    """Write ``count`` lines to ``path`` and return its size in bytes."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(line + "\n" for line in lines(kind, count))
    return path.stat().st_size


if __name__ == "__main__":
    sys.stdout.writelines(line + "\n" for line in lines(sys.argv[1], int(sys.argv[2])))
