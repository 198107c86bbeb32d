from __future__ import annotations

from collections.abc import Sequence

import pytest

from desktop_app.core.database import Connection, writing
from desktop_app.core.events.segment import Segment
from desktop_app.core.keeping import retention
from desktop_app.core.keeping.retention import DAY, Limits, Standing
from desktop_app.core.model import LogSource
from desktop_app.core.settings import store
from tests.core.helpers import add_segment

NOW = 1000 * DAY


def standing(number: int, days: int, *names: str, size: int = 10, read: int = 0) -> Standing:
    """A segment whose last event is so many days old, and that was read so many days ago."""
    time = NOW - days * DAY
    made = Segment(number, f"{number}.parquet", number, number, LogSource(), time, time, 0, 0, 1, size, "", False)
    return Standing(made, names or ("auth.log",), NOW - read * DAY)


def gone(found: Sequence[Standing], limits: Limits) -> list[int]:
    return [one.id for one in retention.expired(found, limits, NOW)]


FOUND = (standing(1, 99), standing(2, 60), standing(3, 31, "firewall", "any-any-any"), standing(4, 1, "firewall"))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(), []),
        (Limits(days=60), [1]),
        (Limits(days=59), [1, 2]),
        (Limits(sources=(("firewall", 30),)), [3]),
        (Limits(days=30, sources=(("firewall", 0),)), [1, 2]),
        (Limits(days=30, sources=(("any-any-any", 0),)), [1, 2]),
        (Limits(bytes=25), [1, 2]),
        (Limits(bytes=40), []),
        (Limits(days=98, bytes=25), [1, 2]),
        (Limits(bytes=10, sources=(("firewall", 0),)), [1, 2]),
        (Limits(days=5, since="read"), []),
    ],
)
def test_what_is_beyond_the_limits_goes_the_oldest_first(limits: Limits, expected: list[int]) -> None:
    assert gone(FOUND, limits) == expected
    assert Limits.from_json(limits.to_json()) == limits


def test_age_may_count_from_the_reading() -> None:
    old_log = standing(1, 900, read=2)
    assert gone([old_log], Limits(days=30)) == [1]
    assert gone([old_log], Limits(days=30, since="read")) == []
    assert gone([old_log], Limits(days=1, since="read")) == [1]


def test_limits_are_those_of_the_settings(db: Connection) -> None:
    assert not retention.limits(db).any
    with writing(db):
        store(db, {"retention_days": "90", "retention_megabytes": "5", "retention_sources": "Firewall = 30",
                   "retention_since": "read", "retention_grace": "0"})  # fmt: skip
    assert retention.limits(db) == Limits(90, 5_000_000, (("firewall", 30),), "read", 0)
    assert not Limits(sources=(("x", 0),)).any


def test_a_segment_goes_by_the_names_of_its_source(db: Connection) -> None:
    add_segment(db, 1)
    with writing(db):
        db.execute("INSERT INTO sources (id, extension, kind, name, created) VALUES (1, 'logs', 'syslog', 'Plant', 0)")
        db.execute("UPDATE imports SET options = '{\"live\":1}', label = 'Today'")
    [one] = retention.standing(db)
    assert one.names == ("plant", "today", "linux-any-auth")


def test_an_outlook_counts_what_would_go_by_source(db: Connection) -> None:
    for number in (1, 2, 3):
        add_segment(db, number, state="hidden" if number == 3 else "live")
    with writing(db):
        db.execute("UPDATE imports SET label = 'B' WHERE id = 2")
        db.execute("UPDATE segments SET max_time = ? WHERE id = 2", (NOW,))
        db.execute(
            "INSERT INTO event_marks (event_id, time, raw, fields, pinned, tags, note, changed)"
            " VALUES (?, 0, 'x', '{}', 1, '[]', '', 0)",
            ((1 << 32) + 5,),
        )
    seen = retention.outlook(db, Limits(days=30), NOW)
    assert [(one.source, one.events, one.stays) for one in seen.parts] == [("x", 1, 0)]
    assert (seen.events, seen.bytes, seen.marked, seen.findings) == (1, 1, 1, 0)
