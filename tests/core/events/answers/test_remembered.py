from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from desktop_app.core import marks
from desktop_app.core.database import writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers import remembered
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.engine import Engine
from desktop_app.core.events.search import Search
from tests.core.events.made import HOUR, SECOND, START, Store

ASKED: dict[str, Any] = {
    "count": lambda store: store.events.count(store.db, Search("a:1 OR a:2 OR level:error")),
    "facets": lambda store: store.events.facets(store.db, Search(), ["a", "level", "b"], 3),
    "fields": lambda store: store.events.fields(store.db, Search("a:*")),
    "histogram": lambda store: store.events.histogram(store.db, Search(), buckets=20),
}


@contextmanager
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Tell which segments' files are read meanwhile."""
    files: list[str] = []
    run = Engine.run

    def told(self: Engine, statement: str, params: Any = ()) -> Any:
        files.extend(path for one in params if isinstance(one, list) for path in one)
        return run(self, statement, params)

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "run", told)
        yield files


def fill(store: Store, at: int = 0) -> list[int]:
    times = [START + at + n * HOUR // 10 for n in range(4)]
    made = [{"time": one, "fields": {"a": str(n % 3)}, "level": "error"} for n, one in enumerate(times)]
    return store.add(made)


@pytest.mark.parametrize("what", ASKED)
def test_what_is_asked_again_reads_no_file_and_says_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    fill(store)
    first = ASKED[what](store)
    with read(monkeypatch) as files:
        assert ASKED[what](store) == first
    assert files == []


@pytest.mark.parametrize("what", ASKED)
def test_only_segments_that_came_since_are_read_and_the_answer_is_that_of_a_new_store(
    store: Store, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    fill(store)
    ASKED[what](store)
    new = fill(store, at=SECOND)
    with read(monkeypatch) as files:
        found = ASKED[what](store)
    assert set(files) <= {str(store.path(one).resolve()) for one in new}
    assert files
    store.events._counts = remembered.Remembered()
    assert found == ASKED[what](store)


@pytest.mark.parametrize("what", ASKED)
def test_a_segment_that_is_gone_counts_no_more(store: Store, what: str) -> None:
    fill(store)
    before = ASKED[what](store)
    gone = fill(store, at=HOUR)
    assert ASKED[what](store) != before
    with writing(store.db):
        catalogue.hide(store.db, gone)
    assert ASKED[what](store) == before


def test_a_segment_that_breaks_later_is_missing_though_it_was_counted(store: Store) -> None:
    fill(store)
    (bad,) = fill(store, at=HOUR)
    assert store.events.count(store.db, Search("a:0")) == 4
    store.path(bad).unlink()
    missing: list[Missing] = []
    assert store.events.count(store.db, Search("a:0"), missing=missing) == 2
    assert [one.segment.id for one in missing] == [bad]


def test_pins_and_tags_are_looked_up_each_time(store: Store) -> None:
    fill(store)
    assert store.events.count(store.db, Search("pinned:true")) == 0
    event = store.events.event(store.db, (1 << 32) | 1)
    assert event is not None
    marks.change(store.db, event, pin=True)
    assert store.events.count(store.db, Search("pinned:true")) == 1


def test_an_answer_that_may_be_cut_is_kept_for_its_very_segments_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("remembered", "facets"):
        monkeypatch.setattr(f"desktop_app.core.events.answers.{module}.LARGEST", 2)
    store.add([{"fields": {"a": "x"}}, {"fields": {"a": "y"}}])
    assert store.events.facets(store.db, Search(), ["a"])["a"] == [("x", 1), ("y", 1)]
    store.add([{"fields": {"a": one}} for one in "xwzyvx"])
    cut = [("x", 3), ("y", 2), ("v", 1)]
    assert store.events.facets(store.db, Search(), ["a"], 3)["a"] == cut
    with read(monkeypatch) as files:
        assert store.events.facets(store.db, Search(), ["a"], 3)["a"] == cut
    assert files == []
    store.add([{"fields": {"a": "w"}}] * 5)
    assert store.events.facets(store.db, Search(), ["a"], 3)["a"] == [("w", 6), ("x", 3), ("y", 2)]


@pytest.mark.parametrize("search", [Search(), Search("b:*")])
def test_more_values_than_are_added_up_are_counted_in_one_go(
    store: Store, monkeypatch: pytest.MonkeyPatch, search: Search
) -> None:
    monkeypatch.setattr("desktop_app.core.events.answers.facets.LARGEST", 2)
    store.add([{"fields": {"a": one, "b": "1"}} for one in "xwzyvxyx"])
    with read(monkeypatch) as files:
        found = store.events.facets(store.db, search, ["a"], 2)["a"]
    assert found == [("x", 3), ("y", 2)]
    assert len(files) == 1


def test_what_was_not_asked_for_longest_is_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_VALUES", 4)
    fill(store)
    for query in ("", "a:1", "a:*"):
        store.events.facets(store.db, Search(query), ["a"])
    assert store.events._counts._values <= 4
