from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.core.events.answers import held, tables
from desktop_app.core.events.answers.facets import tallies
from desktop_app.core.events.answers.remembered import Remembered
from desktop_app.core.events.answers.tables import Statistics
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms.scope import plan
from tests.core.events.made import ACCESS, HOUR, SECOND, START, Store, batch

ODD = ["7", "-7", "+3", " 4 ", "1e3", "1_0", "1__0", ".5", "5.", ".", "1.2.3", "10.0.0.9", "nan", "inf", "1e400",
       "0x10", "", "a", "\u0663", "12345678901234567890", "1:2", "00012", "3.14159265358979", "-", None]  # fmt: skip


def fill(store: Store) -> None:
    """Make segments that overlap in time: in some every event has the field, in one it begins late and ends early."""
    store.add([{"time": START + n * SECOND, "fields": {"v": one, "all": str(n % 7)}}
               for n, one in enumerate([None, None, *ODD * 3, None])])  # fmt: skip
    store.add([{"time": START + HOUR + n, "fields": {"v": str(n * n % 91), "all": "x"}} for n in range(300)])
    store.add(batch([{"time": START - n * SECOND, "fields": {"V": None if n % 50 else "late", "w": "1"}}
                     for n in range(1, 120)], ACCESS))  # fmt: skip


def counted(store: Store, field: str, query: str = "") -> Statistics | None:
    search, events = Search(query), store.events
    made = plan(store.db, search, also=[field])
    [tally] = tallies(events.engine, store.db, made, search, [field], kept=Remembered())
    return held.statistics(events.engine, store.db, plan(store.db, search, also=[field]), field, limit=5, tally=tally)


def read(store: Store, field: str) -> Statistics:
    made = plan(store.db, Search(), also=[field])
    return tables.statistics(store.events.engine, store.db, made, field, limit=5, tally=None)


@pytest.mark.parametrize("field", ["v", "V", "all", "w", "host", "raw", "absent"])
def test_what_is_worked_out_of_counts_is_what_the_events_say(store: Store, field: str) -> None:
    fill(store)
    found, said = counted(store, field), read(store, field)
    assert found is not None
    distinct = len(store.events.facets(store.db, Search(), [field], limit=1000)[field])
    assert found.distinct == distinct
    assert found.mean == pytest.approx(said.mean)
    assert dict(found.percentiles) == pytest.approx(dict(said.percentiles))
    same = {"distinct": 0, "mean": None, "percentiles": ()}
    assert replace(found, **same) == replace(said, **same)
    assert store.events.statistics(store.db, Search(), field, limit=5) == found


def test_only_the_segments_that_decide_are_read_for_the_times(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    run, asked = store.events.engine.run, list[str]()
    found = counted(store, "all")
    monkeypatch.setattr(store.events.engine, "run", lambda *words: asked.append(words[0]) or run(*words))
    made = plan(store.db, Search(), also=["all"])
    times = held._Times(store.events.engine, store.db, made, "all")
    assert found is not None
    assert (times.first(), times.last()) == (found.first, found.last)
    assert asked == []  # every event of both has it
    times = held._Times(store.events.engine, store.db, plan(store.db, Search(), also=["v"]), "v")
    assert (times.first(), times.last()) == (START - 100 * SECOND, START + HOUR + 299)
    assert len(asked) == 1


def test_where_a_part_is_asked_or_numbers_are_many_the_events_are_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    assert counted(store, "v", "all:x") is None
    assert store.events.statistics(store.db, Search("all:x"), "v").present == 300
    monkeypatch.setattr(held, "MOST_NUMBERS", 10)
    assert counted(store, "v") is None
    assert counted(store, "w") is not None


def test_a_broken_segment_is_left_to_the_reading_of_events(store: Store) -> None:
    fill(store)
    (broken,) = store.add([{"fields": {"v": "9"}}])
    store.path(broken).write_bytes(b"nothing")
    assert counted(store, "v") is None
    found = store.events.statistics(store.db, Search(), "v")
    assert [one.segment.id for one in found.missing] == [broken]
