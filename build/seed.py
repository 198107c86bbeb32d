"""Seed a desk with made-up events and findings, so that pages can be seen and measured as they are at a busy site.

    python build/seed.py FOLDER --events 1000000 --findings 10000 [--decided 0.1]

Everything goes through the real import: lines are generated, read, stored and judged by our own rules. The same
numbers give the same desk, but for the moments at which it was read. The desk must be new.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from build import bench_data
from build.bench_import import bring_in
from desktop_app.core import triage, undo
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.desk import Desk

DAYS = 14
FILE_LINES = 250_000
LATEST = bench_data.FIRST + (DAYS + 1) * 86_400  # when the files were last written, in seconds
HOSTS = [f"{kind}-{n:02}" for n in range(1, 41) for kind in ("gw", "hmi", "hist", "mes", "eng-ws")]
USERS = ("svc2", "backup2", "helpdesk", "contractor", "m.chen", "a.novak", "operator", "historian")
_ACCOUNT = "UID=1004, GID=1004, home=/home/x, shell=/bin/bash"
_AS_ROOT = "TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/bin/sh"


@dataclass(frozen=True, slots=True)
class Incident:
    """Lines about one thing that happened, as (seconds after its start, text after the stamp), and what is found."""

    lines: tuple[tuple[int, str], ...]
    findings: int
    access: bool = False


def _address(n: int) -> str:
    # TEST-NET-like ranges hold too few addresses; these are private, and the lines of bench_data never use them.
    return f"172.{16 + n // 62_500 % 16}.{n // 250 % 250}.{n % 250 + 1}"


def _guessing(n: int, host: str, *, succeeds: bool = False) -> Incident:
    said = [(2 * k, f"Failed password for root from {_address(n)} port {40_000 + k} ssh2") for k in range(12)]
    if succeeds:
        said.append((60, f"Accepted password for operator from {_address(n)} port 41000 ssh2"))
    lines = tuple((second, f"{host} sshd[{300 + second}]: {one}") for second, one in said)
    return Incident(lines, 1 + succeeds)


def _one(line: str) -> Incident:
    return Incident(((0, line),), 1)


def _web(n: int, _host: str) -> Incident:
    line = f'{_address(n)} - - [{{}}] "GET /.git/config?n={n % 97} HTTP/1.1" 200 {n % 900} "-" "curl/8.5.0"'
    return Incident(((0, line),), 1, access=True)


_MAKERS: tuple[Callable[[int, str], Incident], ...] = (
    _web,
    lambda n, host: _one(f"{host} useradd[{n}]: new user: name={USERS[n % 8]}{n}, {_ACCOUNT}"),
    lambda n, host: _one(f"{host} sudo[{n}]: {USERS[n % 8]}{n} : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/bash"),
    _web,
    _guessing,
    lambda n, host: _one(f"{host} usermod[{n}]: add '{USERS[n % 8]}{n}' to group 'sudo'"),
    lambda n, host: _one(f"{host} crontab[{n}]: ({USERS[n % 8]}{n}) REPLACE ({USERS[n % 8]}{n})"),
    lambda n, host: _one(f"{host} sshd[{n}]: Accepted password for root from {_address(n)} port 40001 ssh2"),
    lambda n, host: _one(f"{host} kernel: [{n}.678] blk_update_request: I/O error, dev sd{n}, sector 1 op 0x0"),
    lambda n, host: _one(f"{host} sudo[{n}]: www{n} : user NOT in sudoers ; {_AS_ROOT}"),
    _web,
    lambda n, host: _guessing(n, host, succeeds=True),
)  # fmt: skip


def incidents(wanted: int) -> list[Incident]:
    """Return incidents of all kinds that make exactly so many findings."""
    made: list[Incident] = []
    left = wanted
    for n, make in zip(itertools.count(), itertools.cycle(_MAKERS)):
        if left <= 0:
            return made
        one = make(n, HOSTS[n * 7 % len(HOSTS)])
        made.append(one if one.findings <= left else _web(n, ""))
        left -= made[-1].findings
    return made


def _spread(found: Sequence[Incident], *, access: bool) -> Iterator[tuple[int, str]]:
    """Give the incidents of one kind of file their times, spread over all days in a fixed disorder."""
    for n, one in enumerate(found):
        start = bench_data.FIRST + (n * 7_919 * 61) % (DAYS * 86_400)
        for second, line in one.lines if one.access is access else ():
            moment = dt.datetime.fromtimestamp(start + second, dt.UTC)
            stamp = f"{moment:%d/%b/%Y:%H:%M:%S +0000}"
            yield start + second, line.format(stamp) if access else f"{moment.isoformat()} {line}"


def _write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.utime(path, (LATEST, LATEST))  # lines without a year are of the year in which their file was written
    return path


def _background(place: Path, events: int) -> Iterator[Path]:
    for kind, share in bench_data.MIX.items():
        lines = bench_data.lines(kind, round(events * share))
        for number in itertools.count(1):
            if not (some := list(itertools.islice(lines, FILE_LINES))):
                break
            yield _write(place / f"{kind}-{number:02}.log", some)


def _attacks(place: Path, found: Sequence[Incident]) -> Iterator[Path]:
    for name, access in (("proxy-access.log", True), ("servers-auth.log", False)):
        if lines := [line for _, line in sorted(_spread(found, access=access))]:
            yield _write(place / name, lines)


def _hide(db: Connection, ids: Sequence[int]) -> undo.Decision:
    return triage.suppress(db, ids, "A planned test", None)


_ACTS: tuple[Callable[[Connection, Sequence[int]], undo.Decision], ...] = (triage.confirm, triage.resolve, _hide)


def _decide(desk: Desk, share: float) -> None:
    """Decide about a share of the findings: a third each is confirmed, resolved and suppressed."""
    with desk.connection() as db:
        ids = [row["id"] for row in rows(db, "SELECT id FROM findings ORDER BY fingerprint")]
        decided = ids[: round(len(ids) * share)]
        for place, act in enumerate(_ACTS):
            if some := decided[place :: len(_ACTS)]:
                act(db, some)


def seed(folder: Path, *, events: int, findings: int, decided: float = 0.0) -> Desk:
    """Fill a new desk with about ``events`` events and ``findings`` findings (more, where the events alone make more).

    ``decided``: the share of findings that somebody has decided about.
    """
    place = folder.with_name(folder.name + "-logs")
    place.mkdir(parents=True, exist_ok=True)
    try:
        lines = sum(len(one.lines) for one in incidents(findings))
        desk = bring_in(folder, list(_background(place, max(0, events - lines))), detect=True, zone="UTC")
        with desk.connection() as db:
            missing = findings - int(value(db, "SELECT COUNT(*) FROM findings"))
        # Whoever asks for hidden files is one finding more, of the whole access log.
        if found := incidents(missing - 1):
            bring_in(folder, list(_attacks(place, found)), detect=True, zone="UTC")
        _decide(desk, decided)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return desk


def main() -> None:
    """Seed the folder that the command line names and say what is in it."""
    parser = argparse.ArgumentParser(description="Seed a new desk with made-up events and findings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--findings", type=int, default=1_000)
    parser.add_argument("--decided", type=float, default=0.0, help="share of findings that were decided about")
    options = parser.parse_args()
    if options.folder.exists() and any(options.folder.iterdir()):
        parser.error(f"{options.folder} is not empty")
    desk = seed(options.folder, events=options.events, findings=options.findings, decided=options.decided)
    with desk.connection() as db:
        stored = value(db, "SELECT COALESCE(SUM(events), 0) FROM segments WHERE state = 'live'")
        print(f"{stored} events, {value(db, 'SELECT COUNT(*) FROM findings')} findings in {options.folder}")


if __name__ == "__main__":
    main()
