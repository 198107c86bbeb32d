from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events import search
from desktop_app.core.events.answers import pages
from desktop_app.core.events.answers.pages import Timeline, slices_of
from desktop_app.core.events.answers.results import Key
from desktop_app.core.events.search import Search
from tests.core.events.made import HOUR, SECOND, START, Store


def overlapping(store: Store, files: int = 9, each: int = 11) -> list[str]:
    """Add files whose times interleave, some of them equal; return the records newest first."""
    keyed = []
    for file in range(1, files + 1):
        times = [START + (number * 37 + file * 13) % 50 * SECOND for number in range(each)]
        store.add([{"time": time, "raw": f"{file}/{number}"} for number, time in enumerate(times, start=1)])
        keyed += [(time, file, number) for number, time in enumerate(times, start=1)]
    return [f"{file}/{number}" for _, file, number in sorted(keyed, reverse=True)]


def walk(store: Store, limit: int, query: str = "") -> list[str]:
    found: list[str] = []
    key: Key | None = None
    while True:
        page = store.page(query, after=key, limit=limit)
        found += [row["raw"] for row in page.rows]
        key = page.older_key
        if key is None:
            return found


@pytest.mark.parametrize("limit", [1, 7, 99, 1000])
def test_pages_to_older_events_meet_each_event_once_newest_first(store: Store, limit: int) -> None:
    expected = overlapping(store)
    assert walk(store, limit) == expected


def test_pages_to_newer_events_are_the_same_ones(store: Store) -> None:
    expected = overlapping(store)
    page = store.page(after=None, limit=1000)
    oldest = page.rows[-1]
    key: Key | None = (oldest["time"], int(oldest["id"]))
    found = [oldest["raw"]]
    while key is not None:
        page = store.page(before=key, limit=8)
        found = [row["raw"] for row in page.rows] + found
        key = page.newer_key
    assert found == expected


def test_a_page_knows_whether_there_is_more(store: Store) -> None:
    store.add([{}] * 3)
    whole = store.page(limit=3)
    assert (whole.newer_key, whole.older_key) == (None, None)
    first = store.page(limit=2)
    assert first.newer_key is None
    assert first.older_key == (first.rows[-1]["time"], int(first.rows[-1]["id"]))
    last = store.page(after=first.older_key, limit=2)
    assert (len(last.rows), last.older_key) == (1, None)
    assert last.newer_key == (last.rows[0]["time"], int(last.rows[0]["id"]))


def test_only_as_many_segments_are_opened_as_a_page_takes(store: Store) -> None:
    ids = [store.add([{"time": START + n * HOUR, "raw": f"r{n}"}])[0] for n in range(10)]
    for one in ids[:5]:
        store.path(one).unlink()
    page = store.page(limit=3)
    assert [row["raw"] for row in page.rows] == ["r9", "r8", "r7"]
    assert page.complete


def test_rare_matches_are_found_in_the_oldest_segment(store: Store) -> None:
    store.add([{"time": START, "raw": "needle"}])
    for n in range(1, 20):
        store.add([{"time": START + n * HOUR, "raw": "hay"}])
    assert store.raws("needle") == ["needle"]


def test_an_empty_store_has_an_empty_page(store: Store) -> None:
    page = store.page()
    assert (page.rows, page.newer_key, page.older_key, page.complete) == ([], None, None, True)
    assert store.events.seek(store.db, Search(), 5) is None


@pytest.mark.parametrize("near", [0, 7, 500])
@pytest.mark.parametrize("query", ["", "1/", "-1/", "3/ or 4/"])
def test_a_jump_begins_at_exactly_the_position(
    store: Store, query: str, near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEAR_END", near)
    overlapping(store)
    expected = walk(store, 1000, query)
    for position in range(len(expected)):
        key = store.events.seek(store.db, Search(query), position)
        page = store.page(query, after=key, limit=2)
        assert [row["raw"] for row in page.rows] == expected[position : position + 2]


def test_a_jump_near_the_end_counts_nothing_by_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    overlapping(store)
    expected = walk(store, 1000)
    monkeypatch.setattr(pages, "timeline", None)  # calling it would fail
    key = store.events.seek(store.db, Search(), len(expected) - 3)
    assert [row["raw"] for row in store.page(after=key).rows] == expected[-3:]


def test_a_jump_beyond_the_ends_is_one_to_the_ends(store: Store) -> None:
    overlapping(store)
    everything = walk(store, 1000)
    for position, expected in ((-5, everything[0]), (10_000, everything[-1])):
        key = store.events.seek(store.db, Search(), position)
        assert store.page(after=key, limit=1).rows[0]["raw"] == expected


def test_a_jump_sees_what_was_added_since_the_last_one(store: Store) -> None:
    store.add([{"raw": "old"}])
    store.events.seek(store.db, Search(), 0)
    store.add([{"raw": "new", "time": START + HOUR}])
    key = store.events.seek(store.db, Search(), 1)
    assert store.page(after=key, limit=5).rows[0]["raw"] == "old"


def test_events_of_one_instant_can_all_be_reached(store: Store) -> None:
    store.add([{"time": START, "raw": str(n)} for n in range(25)])
    assert walk(store, 4) == [str(n) for n in range(24, -1, -1)]
    key = store.events.seek(store.db, Search(), 20)
    assert store.page(after=key, limit=1).rows[0]["raw"] == "4"


def line(counts: list[int], start: int = 1000, step: int = 10) -> Timeline:
    return Timeline(start, step, np.concatenate(([0], np.cumsum(np.array(counts, dtype=np.int64)))))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(1, 12))
def test_slices_cover_every_event_once_and_stay_small(counts: list[int], wanted: int) -> None:
    made = line(counts)
    spans = slices_of(made, wanted)
    newest_first: Any = [1000 + (len(counts) - 1 - n) * 10 for n in range(len(counts))]
    inside = [sum(c for c, t in zip(counts, newest_first, strict=True) if start <= t < end) for start, end in spans]
    assert sum(inside) == sum(counts)
    assert all(0 < number <= max(wanted, *counts) for number in inside)
    assert spans == sorted(spans, reverse=True)


def test_what_stands_in_few_segments_is_looked_for_in_all_of_their_time_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        words = ["haystack", "needle"] if number == 3 else ["haystack"]
        store.add([{"time": START + number * HOUR + at, "raw": word} for at, word in enumerate(words * 3)])
    asked: list[str] = []
    run = store.events.engine.run
    monkeypatch.setattr(store.events.engine, "run", lambda *given: asked.append(given[0]) or run(*given))  # type: ignore[func-returns-value]
    assert [row["raw"] for row in store.page("needle").rows] == ["needle"] * 3
    assert len(asked) == 1
    assert walk(store, 2, "needle") == ["needle"] * 3
