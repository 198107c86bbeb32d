"""Detection: how long rules take to be ready, and how long they take over events."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from build import bench_data, bench_sql, bench_windows
from build.bench_hunt import hunts
from build.bench_import import bring_in
from build.bench_measure import Figure, Took, resident, timed
from desktop_app.core.database import Connection, connect, migrate
from desktop_app.core.extension import Extension
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder, resource
from desktop_app.core.rules import catalogue
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import BATCH_ROWS, Reading, RecordBatch
from desktop_app.extensions.logs.sources.syslog import SYSLOG_FORMAT

_SQL_ROWS = 100_000
_LINES = (
    "Mar 10 {t} gw-{h:02} sshd[{n}]: Failed password for invalid user u{u} from 203.0.113.{a} port {n} ssh2",
    "Mar 10 {t} gw-{h:02} sshd[{n}]: Accepted publickey for anna from 192.168.10.{a} port {n} ssh2: ED25519 SHA256:{n}",
    "Mar 10 {t} gw-{h:02} CRON[{n}]: (root) CMD (/usr/bin/job {n})",
    "Mar 10 {t} hmi-{h:02} opcd[77]: value {n} of tag {u} written in {a} ms",
    "Mar 10 {t} hmi-{h:02} kernel: [{n}.5] eth0: link {u} up",
)


def _syslog(rows: int) -> Iterator[EventBatch]:
    """Make lines as machines of a small site write them, a fifth of them about failed sign-ins."""
    reading = Reading("bench.log", reference=1_800_000_000_000_000)
    for start in range(0, rows, BATCH_ROWS):
        lines = [_line(n) for n in range(start, min(start + BATCH_ROWS, rows))]
        ordinals = np.arange(start + 1, start + len(lines) + 1, dtype=np.int64)
        yield from SYSLOG_FORMAT.normalize(RecordBatch(lines, ordinals, 0), reading)


def _line(n: int) -> str:
    second = n // 20 % 86_400
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return _LINES[n % len(_LINES)].format(t=clock, h=n % 40, n=n, u=n % 50, a=n % 250)


def _matched(rules: RuleSet, batches: Iterable[EventBatch]) -> tuple[int, int]:
    """Return how many rules matched and how many events they matched in all."""
    fired = _counts(rules, batches)
    return len(fired), sum(fired.values())


def _ours(db: Connection, folder: DataFolder, rows: int) -> Iterator[Figure]:
    extension = Extension(id="logs", title=text("Logs"), version="1", rules=resource("extensions", "logs", "rules"))
    catalogue.install_shipped(db, [extension])
    rules = catalogue.load(db, folder)
    cpu, events = 0.0, 0
    for batch in _syslog(rows):
        _, took = timed(lambda batch=batch: _matched(rules, [batch]))  # type: ignore[misc]  # bound at once
        cpu, events = cpu + took.cpu, events + len(batch)
    yield Figure("our rules over 100,000 syslog events", cpu * 100_000 / events, "CPU s", 0.5)


def _world(db: Connection, folder: DataFolder) -> Iterator[Figure]:
    result, took = timed(lambda: catalogue.import_rules(db, bench_windows.DATA / "sigma-rules.zip"))
    count = f"{len(result.new)} rules, {len(result.broken)} broken, {len(result.unsupported)} unsupported"
    yield Figure("import of the SigmaHQ rules", took.cpu, "CPU s", note=count)
    rules, took = timed(lambda: catalogue.load(db, folder))
    yield Figure("rules ready at the second start", took.cpu, "CPU s", 0.3, f"{len(rules.rules)} rules")
    yield from _attacks(rules)
    yield from _against_sql(catalogue.sources(db, folder))


def _attacks(rules: RuleSet) -> Iterator[Figure]:
    batches, took = timed(lambda: list(bench_windows.normalised(bench_windows.attacks())))
    yield Figure("recorded attacks decoded", took.cpu, "CPU s", note=f"{sum(map(len, batches))} events")
    (fired, hits), first = timed(lambda: _matched(rules, batches))
    yield Figure("recorded attacks matched, first pass", first.cpu, "CPU s", 3.0, f"{fired} rules, {hits} matches")
    _, second = timed(lambda: _matched(rules, batches))
    yield Figure("recorded attacks matched, rules folded before", second.cpu, "CPU s", 1.0)


def _against_sql(sources: list[RuleSource]) -> Iterator[Figure]:
    """Match the same events with one indexed query a rule; that both find the same is part of the figure."""
    rules = [one for one in sources if one.compiled["kind"] == "plain"]
    table = bench_sql.Table(bench_sql.fields_of(rules))
    batches = list(bench_windows.batches(_SQL_ROWS))
    for batch in batches:
        table.add(batch)
    table.index()
    asked, queried = timed(lambda: bench_sql.matches(table, rules))
    (first, took), ready = _counted(rules, batches)
    differs = sum(asked.get(one) != first.get(one) for one in {*asked, *first})
    note = f"SQLite {queried.cpu:.1f} CPU s, ours {took.cpu:.2f}, with making ready {ready.cpu:.2f}"
    name = f"matching {_SQL_ROWS:,} events, ours / a query a rule"
    yield Figure(name, took.cpu / queried.cpu, "x", 1 / 20, note)
    yield Figure("the same, rules made ready in it", ready.cpu / queried.cpu, "x", 1 / 15)
    yield Figure("rules whose matches differ", differs, "", 0, f"{sum(first.values()):,} matches")


def _counted(rules: list[RuleSource], batches: list[EventBatch]) -> tuple[tuple[dict[str, int], Took], Took]:
    """Match with rules that are new, then again; return what they match and how long the second and first took."""
    ruleset = RuleSet(rules)
    _, ready = timed(lambda: _counts(ruleset, batches))
    return timed(lambda: _counts(ruleset, batches)), ready


def _counts(rules: RuleSet, batches: Iterable[EventBatch]) -> dict[str, int]:
    fired: dict[str, int] = {}
    for batch in batches:
        for match in rules.examine(batch):
            fired[match.rule_id] = fired.get(match.rule_id, 0) + len(match.rows)
    return fired


def _spread(path: Path, rows: int, addresses: int) -> Path:
    """Write an access log whose lines come from so many addresses in turn."""
    lines = bench_data.lines("access", rows)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for number, line in enumerate(lines):
            n = number % addresses
            stream.write(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255} {line.partition(' ')[2]}\n")
    return path


def _many_groups(rows: int) -> Iterator[Figure]:
    """Import logs in which every group of a correlation is small, with our rules and without any."""
    for lines, addresses in ((rows * 3 // 2, 40_000), (20_000, 20_000)):
        with tempfile.TemporaryDirectory() as temporary:
            place = Path(temporary)
            text = _spread(place / "access.log", lines, addresses)
            bring_in(place / "first", [_spread(place / "few.log", 100, 100)], detect=True)  # loads the libraries
            _, stored = timed(lambda: bring_in(place / "stored", [text], detect=False))  # noqa: B023 - called at once
            _, judged = timed(lambda: bring_in(place / "judged", [text], detect=True))  # noqa: B023 - called at once
        note = f"{judged.cpu:.1f} CPU s with our rules, {stored.cpu:.1f} without"
        name = f"{lines:,} lines of {addresses:,} addresses, rules / none"
        yield Figure(name, judged.cpu / stored.cpu, "x", 1.5, note)


_NOISE = """
title: Any request at all
id: 0b1a3f6e-6a0e-4f4c-9f43-6f2f3c6a9d11
logsource: {category: webserver}
detection: {selection: {c-uri|contains: /}, condition: selection}
level: low
"""


def _noise(rows: int) -> Iterator[Figure]:
    """Import an access log of which every line matches one rule, with that rule and without any."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        text = _spread(place / "access.log", rows // 4, 40_000)
        (place / "noise.yml").write_text(_NOISE, encoding="utf-8")
        desk = bring_in(place / "judged", [_spread(place / "few.log", 100, 100)], detect=True)
        with desk.connection() as db:
            catalogue.import_rules(db, place / "noise.yml")
        _, stored = timed(lambda: bring_in(place / "stored", [text], detect=False))
        before = desk.folder.database.stat().st_size
        _, judged = timed(lambda: bring_in(place / "judged", [text], detect=True))
        with desk.connection() as db:
            grown = (desk.folder.database.stat().st_size - before) / 1e6
            [(findings, most)] = db.execute("SELECT COUNT(*), MAX(count) FROM findings").fetchall()
    note = f"{most:,} matches, {findings} findings"
    yield Figure("a rule that matches every line, rules / none", judged.cpu / stored.cpu, "x", 2.0, note)
    yield Figure("growth of the database by that", grown, "MB", 20)


def detect(rows: int) -> Iterator[Figure]:
    """Yield the figures of detection."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = DataFolder(Path(temporary))
        migrate(folder)
        db = connect(folder)
        with closing(db.conn):
            yield from _ours(db, folder, rows)
            if bench_windows.DATA.is_dir():
                yield from _world(db, folder)
                yield from hunts(rows // 10)
    yield from _many_groups(rows)
    yield from _noise(rows)
    yield Figure("memory while detecting", resident(), "MB", 600)


def run() -> dict[str, float]:
    """Measure with few rows and return the figures by name."""
    return {figure.name: figure.value for figure in detect(100_000)}
