from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import Day, Gap

SECOND = 1_000_000


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as opened, writing(opened):
        yield opened


def test_a_source_is_listed_with_how_it_fares(db: Connection) -> None:
    number = live.add(db, "syslog", "Firewall", {"port": 5514})
    live.tell(db, number, {"state": "listening", "rate": 2.5})
    live.count(db, number, events=3, lost=1)
    live.count(db, number, events=4)
    [one] = live.sources(db)
    assert (one.name, one.state, one.rate, one.events, one.lost, one.paused) == (
        "Firewall", "listening", 2.5, 7, 1, False,
    )  # fmt: skip
    assert live.any_wanted(db)
    live.change(db, number, "Gate", {"paused": True})
    assert live.source(db, number).paused
    assert not live.any_wanted(db)


def test_the_number_of_a_source_is_never_given_again(db: Connection) -> None:
    first = live.add(db, "syslog", "a", {})
    live.remove(db, first)
    assert live.add(db, "syslog", "b", {}) == first + 1
    with pytest.raises(UsageError, match="no live source"):
        live.source(db, first)


def test_how_far_a_source_was_read_is_no_decision(db: Connection) -> None:
    number = live.add(db, "syslog", "a", {})
    live.set_cursor(db, number, {"at": 3})
    assert live.cursor(db, number) == {"at": 3}
    assert "cursor" not in live.decided(db, number)[0]
    assert "cursor" in live.decided(db, number, cursor=True)[0]


def test_a_gap_is_open_once_and_closed_once(db: Connection) -> None:
    live.open_gap(db, 1, "a", 10, "closed")
    live.open_gap(db, 1, "a", 20, "failed")
    assert live.gaps(db) == [Gap(1, "a", 10, None, "closed", 0)]
    assert live.close_gap(db, 1, 30) == [Gap(1, "a", 10, 30, "closed", 0)]
    assert live.close_gap(db, 1, 40) == []
    assert live.gaps(db, start=25, end=50) == [Gap(1, "a", 10, 30, "closed", 0)]
    assert live.gaps(db, start=31) == []
    assert live.gaps(db, source_id=2) == []


def test_losses_in_a_row_are_one_gap(db: Connection) -> None:
    for start in (0, 4, 30):
        live.add_gap(db, Gap(1, "a", start * SECOND, (start + 1) * SECOND, "flood", 5))
    assert [(one.start // SECOND, (one.end or 0) // SECOND, one.lost) for one in live.gaps(db)] == [
        (30, 31, 5), (0, 5, 10),
    ]  # fmt: skip


def test_the_events_of_a_day_go_to_one_import_and_anew_once_it_was_undone(db: Connection) -> None:
    day = Day(1, "a · 2026-11-22", "2026-11-22")
    first = live.place(db, day, ("live:syslog", "syslog"), "syslog")
    assert live.place(db, day, ("live:syslog", "syslog"), "syslog") == first
    live.fill(db, first, records=5, events=4, size=100)
    assert not live.stands(db, first)
    now = live.place(db, day, ("live:syslog", "syslog"), "syslog")
    assert (now.file_id, now.records) == (first.file_id, 5)
    assert live.stands(db, now)
    other = live.place(db, Day(1, "a", "2026-11-23"), ("live:syslog", "syslog"), "syslog")
    assert other.import_id != first.import_id
    db.execute("UPDATE imports SET state = 'undone' WHERE id = ?", (first.import_id,))
    assert not live.stands(db, now)
    assert live.place(db, day, ("live:syslog", "syslog"), "syslog").import_id not in {first.import_id, other.import_id}
