"""Section ``search``: what the search page asks, over a million generated events in the usual mix of sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from io import BytesIO

from build import bench_data
from build.bench_measure import Figure, best, resident, timed
from build.bench_store import desk, write
from desktop_app.core.database import Connection
from desktop_app.core.events.beside.grams import Sieve
from desktop_app.core.events.search import EventStore, Search

FIRST_ROWS = 300  # ms, also for a page
JUMP = 50  # ms
RARE = 100  # ms
SUBSTRING = 1.0  # CPU-s a million events
LAST = 50  # ms, for the newest hundred events that meet a filter
SIX_FACETS = 200  # ms
HISTOGRAM = 1 / 15  # of SQLite's CPU time
FACETS = ("level", "host", "source", "user.name", "source.ip", "http.response.status_code")
QUERIES = {
    "everything": "",
    "common word": "failed password",
    "either of two": "historian or 10.20.4.17",
    "rare word": "sqlmap -curl",
    "absent word": "qzxwvq",
    "field": "http.response.status_code:500",
    "field and word": "user.name:root failed",
    "range": "http.response.status_code:[400 TO 499]",
    "not": "NOT source:(nginx or sshd)",
}


def _milliseconds(name: str, work: Callable[[], object], limit: float | None = None) -> Figure:
    _, took = best(work)
    return Figure(name, took.wall * 1000, "ms", limit, f"{took.cpu * 1000:.0f} ms CPU")


def search(rows: int) -> Iterable[Figure]:
    """Ask everything that the page asks, query by query."""
    with desk() as (folder, db):
        for batch in bench_data.mixed(rows):
            write(folder, db, batch)
        events = EventStore(folder)
        _, took = timed(lambda: events.page(db, Search()))
        yield Figure("first page of a fresh process", took.wall * 1000, "ms", None, "with loading DuckDB")
        for name, query in QUERIES.items():
            yield from _query(events, db, name, Search(query))
        yield from promises(events, db, rows, named="trace.id", filtered="http.response.status_code:500")
        yield from _lookups(events, db)
        yield Figure("memory while searching", resident(), "MB", 700)
        events.close()


def _anew(events: EventStore, work: Callable[[], object]) -> Callable[[], object]:
    """Return work that is done without what was counted before: what is kept would be measured otherwise."""

    def done() -> object:
        events.forget()
        return work()

    return done


def promises(events: EventStore, db: Connection, rows: int, *, named: str, filtered: str) -> Iterable[Figure]:
    """What has a limit of its own, whatever the number of events; ``named`` is a field of identifiers."""
    absent = Search("qzxwvq")
    yield _milliseconds("a term that is absent: found so", _anew(events, lambda: events.count(db, absent)), RARE)
    one = events.page(db, Search(f"{named}:*"), limit=1).rows[0]["fields"][named]
    rare = Search(one)
    yield _milliseconds("a term that stands in one line", lambda: events.page(db, rare), RARE)
    # Without the bit sets every text is looked through: what a term costs that is everywhere but nowhere whole.
    plain = EventStore(events.folder, Sieve(events.folder.root / "nowhere"))
    _, took = best(_anew(plain, lambda: plain.count(db, absent)))
    plain.close()
    yield Figure("any substring of raw and message", took.cpu / rows * 1e6, "CPU-s a million", SUBSTRING)
    yield _milliseconds("last 100 of a filter", lambda: events.page(db, Search(filtered)), LAST)
    yield _milliseconds(
        "six facets of everything", _anew(events, lambda: events.facets(db, Search(), FACETS)), SIX_FACETS
    )
    yield from _histograms(events, db)


def _histograms(events: EventStore, db: Connection) -> Iterable[Figure]:
    """The histogram of everything, beside the same question to a table of SQLite that holds its two columns."""
    segments = [row["id"] for row in db.query("SELECT id FROM segments")]
    with closing(sqlite3.connect(":memory:")) as rival:
        rival.execute("CREATE TABLE events (time INTEGER, level TEXT)")
        for _, batch in events.load(db, segments):
            rival.executemany("INSERT INTO events VALUES (?, ?)", zip(batch.time.tolist(), batch.level, strict=True))
        query = "SELECT time / 3600000000 AS hour, level, count(*) FROM events GROUP BY hour, level"
        _, theirs = best(lambda: rival.execute(query).fetchall())
    _, ours = best(_anew(events, lambda: events.histogram(db, Search())))
    yield Figure("histogram of everything, CPU of ours / SQLite's", ours.cpu / theirs.cpu, "x", HISTOGRAM)


def _query(events: EventStore, db: Connection, name: str, wanted: Search) -> Iterable[Figure]:
    found = events.count(db, wanted)
    yield _milliseconds(f"{name}: first rows", lambda: events.page(db, wanted), FIRST_ROWS)
    yield _milliseconds(f"{name}: count ({found:,})", lambda: events.count(db, wanted))
    yield _milliseconds(f"{name}: histogram", lambda: events.histogram(db, wanted))
    yield _milliseconds(f"{name}: six facets", lambda: events.facets(db, wanted, FACETS))
    yield _milliseconds(f"{name}: fields", lambda: events.fields(db, wanted))
    if found:
        key = events.seek(db, wanted, found // 2)
        yield _milliseconds(f"{name}: jump to the middle", lambda: events.seek(db, wanted, found // 2), JUMP)
        yield _milliseconds(f"{name}: page there", lambda: events.page(db, wanted, after=key), FIRST_ROWS)


def _lookups(events: EventStore, db: Connection) -> Iterable[Figure]:
    one = events.page(db, Search(), limit=1).rows[0]["id"]
    yield _milliseconds("one event by id", lambda: events.event(db, one), FIRST_ROWS)
    written, took = timed(lambda: events.export(db, Search("user.name:root"), "csv", BytesIO()))
    yield Figure("export CSV", took.cpu / written * 1e6, "CPU-s a million", None, f"{written:,} events")
    ids = [row["id"] for row in db.query("SELECT id FROM segments ORDER BY events DESC LIMIT 1")]
    _, took = timed(lambda: [len(batch.raw[:]) for _, batch in events.load(db, ids)])
    yield Figure("load raw of one segment for detection", took.wall * 1000, "ms")
