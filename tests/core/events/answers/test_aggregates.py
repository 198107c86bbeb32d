from __future__ import annotations

from desktop_app.core.events.answers.results import NO_LEVEL
from desktop_app.core.events.search import Search
from tests.core.events.made import ACCESS, DAY, HOUR, SECOND, START, Store, batch


def fill(store: Store) -> None:
    store.add([{"time": START + n * 60 * SECOND, "level": ["error", "info", None][n % 3], "host": f"h{n % 2}",
                "fields": {"a": str(n % 4), "b": "x" if n % 5 == 0 else None}} for n in range(60)])  # fmt: skip
    store.add(
        batch([{"time": START + HOUR + n * 60 * SECOND, "fields": {"A": "3", "c": "y"}} for n in range(10)], ACCESS)
    )


def test_whole_segments_are_counted_without_opening_them(store: Store) -> None:
    ids = store.add([{}] * 5)
    store.path(ids[0]).unlink()
    assert store.events.count(store.db, Search()) == 5


def test_counts(store: Store) -> None:
    fill(store)

    def count(query: str = "", **times: int) -> int:
        return store.events.count(store.db, Search(query, **times))  # type: ignore[arg-type]

    assert count() == 70
    assert count("a:3") == 25
    assert count("b:x") == 12
    assert count("-b:*") == 58
    assert count("absent:*") == 0
    assert count(start=START + HOUR) == 10
    assert count(start=START + 1, end=START + HOUR) == 59


def test_a_histogram_counts_every_event_in_its_bucket(store: Store) -> None:
    fill(store)
    found = store.events.histogram(store.db, Search(), buckets=10)
    assert (found.start, found.step) == (START, 10 * 60 * SECOND)
    assert found.levels == {
        "error": [4, 3, 3, 4, 3, 3, 0], "info": [3, 4, 3, 3, 4, 3, 0], NO_LEVEL: [3, 3, 4, 3, 3, 4, 10]
    }  # fmt: skip


def test_a_histogram_of_a_range_covers_the_range_and_no_more_buckets_than_asked(store: Store) -> None:
    fill(store)
    for buckets in (1, 2, 7, 120):
        for start, end in ((START, START + HOUR), (START - 400 * DAY, START + 40_000 * DAY), (START + 5, START + 6)):
            found = store.events.histogram(store.db, Search(start=start, end=end), buckets=buckets)
            size = max((len(counts) for counts in found.levels.values()), default=0)
            assert size <= buckets
            assert found.start <= start
            assert not size or found.start + size * found.step >= end
            assert sum(map(sum, found.levels.values())) == store.events.count(store.db, Search(start=start, end=end))


def test_steps_are_those_of_what_is_found_where_a_search_names_no_time(store: Store) -> None:
    store.add([{"time": START + n * 365 * 24 * HOUR, "message": f"tick {n}"} for n in range(-3, 3)])
    store.add([{"time": START + n * SECOND, "message": "burst"} for n in range(30)])
    drawn = store.events.histogram(store.db, Search("burst"), 30)
    assert (drawn.step, sum(map(sum, drawn.levels.values()))) == (SECOND, 30)
    assert all(len(counts) == 30 for counts in drawn.levels.values())
    alone = store.events.histogram(store.db, Search('"tick 2"'), 30)
    assert (alone.step, alone.levels[NO_LEVEL].count(1), len(alone.levels[NO_LEVEL])) == (SECOND, 1, 28)
    # An end that a person chose stays where it is, and both of them leave nothing to choose.
    since = store.events.histogram(store.db, Search("burst", start=START - HOUR), 60)
    assert since.start <= START - HOUR
    assert sum(map(sum, since.levels.values())) == 30
    whole = store.events.histogram(store.db, Search("burst", start=START - HOUR, end=START + 1000 * 24 * HOUR), 60)
    assert whole.step >= 24 * HOUR
    assert store.events.histogram(store.db, Search(), 60).step >= 24 * HOUR


def test_a_histogram_of_nothing_is_empty(store: Store) -> None:
    assert store.events.histogram(store.db, Search()).levels == {}
    fill(store)
    assert store.events.histogram(store.db, Search("absent:1")).levels == {}


def test_fields_are_counted_from_the_catalogue_or_by_the_search(store: Store) -> None:
    fill(store)
    assert store.events.fields(store.db, Search()) == [("a", 70), ("b", 12), ("c", 10)]
    assert store.events.fields(store.db, Search("a:3")) == [("a", 25), ("c", 10), ("b", 3)]
    assert store.events.fields(store.db, Search(end=START + HOUR)) == [("a", 60), ("b", 12)]
    assert store.events.fields(store.db, Search("c:nothing")) == []
