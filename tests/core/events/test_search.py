from __future__ import annotations

import io
import random
from typing import Any

import pytest

from desktop_app.core.database import writing
from desktop_app.core.errors import Cancelled, StoreError, UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.search import Search
from tests.core.events.made import HOUR, START, Store


def test_one_event_is_told_whole_with_the_file_it_came_from(store: Store) -> None:
    store.add([{"raw": "r", "fields": {"a": "1"}}])
    event = store.events.event(store.db, str((1 << 32) | 1))
    assert event is not None
    assert event["fields"] == {"a": "1"}
    assert event["file"] == {
        "name": "a", "path": "/l/a", "member": "", "format": "f", "zone": "UTC", "zone_assumed": False, "import_id": 1
    }  # fmt: skip
    assert store.events.event(store.db, 12345) is None


def test_events_come_in_the_order_asked_for_and_unknown_ones_are_left_out(store: Store) -> None:
    for file in range(3):
        store.add([{"raw": f"{file}/{n}"} for n in range(3)])
    ids = [(3 << 32) | 2, 99, (1 << 32) | 1, (3 << 32) | 1]
    assert [row["raw"] for row in store.events.events(store.db, ids)] == ["2/1", "0/0", "2/0"]
    assert store.events.events(store.db, []) == []


def test_a_hidden_event_is_not_found(store: Store) -> None:
    ids = store.add([{}])
    with writing(store.db):
        catalogue.hide(store.db, ids)
    assert store.events.event(store.db, (1 << 32) | 1) is None


def broken(store: Store) -> int:
    store.add([{"raw": "good", "fields": {"a": "1"}}])
    (bad,) = store.add([{"raw": "bad", "fields": {"a": "2"}, "time": START + HOUR}])
    content = bytearray(store.path(bad).read_bytes())
    middle = len(content) // 2
    content[4:middle] = bytes(byte ^ 0xFF for byte in content[4:middle])
    store.path(bad).write_bytes(content)
    return bad


ASKS: dict[str, Any] = {
    "count": lambda store, **kw: store.events.count(store.db, Search("a:*"), **kw),
    "facets": lambda store, **kw: store.events.facets(store.db, Search("a:*"), ["a"], **kw),
    "fields": lambda store, **kw: store.events.fields(store.db, Search("a:*"), **kw),
    "seek": lambda store, **kw: store.events.seek(store.db, Search("a:*"), 0, **kw),
    "export": lambda store, **kw: store.events.export(store.db, Search("a:*"), "json", io.BytesIO(), **kw),
    "events": lambda store, **kw: store.events.events(store.db, [(1 << 32) | 1, (2 << 32) | 1], **kw),
}


@pytest.mark.parametrize("ask", ASKS)
def test_a_damaged_segment_is_named_by_an_error_or_in_the_list_while_the_rest_answers(store: Store, ask: str) -> None:
    bad = broken(store)
    with pytest.raises(StoreError, match=store.path(bad).name):
        ASKS[ask](store)
    missing: list[Missing] = []
    answer = ASKS[ask](store, missing=missing)
    assert [one.segment.id for one in missing] == [bad]
    expected = {"count": 1, "facets": {"a": [("1", 1)]}, "fields": [("a", 1)], "export": 1}
    if ask in expected:
        assert answer == expected[ask]


def test_a_page_and_a_histogram_of_a_damaged_segment_say_so_themselves(store: Store) -> None:
    bad = broken(store)
    page = store.page("a:*")
    assert [row["raw"] for row in page.rows] == ["good"]
    assert [one.segment.id for one in page.missing] == [bad]
    found = store.events.histogram(store.db, Search("a:*"))
    assert [one.segment.id for one in found.missing] == [bad]
    assert sum(map(sum, found.levels.values())) == 1


@pytest.mark.parametrize("harm", ["vanish", "truncate", "empty", "flip"])
def test_every_way_to_lose_a_file_is_noticed(store: Store, harm: str) -> None:
    store.add([{"raw": "good"}])
    (bad,) = store.add([{"raw": f"bad {random.randbytes(40).hex()}"} for _ in range(500)])
    path = store.path(bad)
    content = path.read_bytes()
    flipped = bytearray(content)
    middle = len(content) // 2  # within the records, by far the largest column
    flipped[middle : middle + 64] = bytes(byte ^ 0xFF for byte in flipped[middle : middle + 64])
    harmed = {"vanish": None, "truncate": content[:-40], "empty": b"", "flip": bytes(flipped)}[harm]
    path.unlink()
    if harmed is not None:
        path.write_bytes(harmed)
    page = store.page("good or bad", limit=1000)
    assert [row["raw"] for row in page.rows] == ["good"]
    assert str(page.troubles[0]) == "1 of 2 parts of the stored events were searched."


def test_a_query_that_cannot_be_understood_is_the_users_mistake(store: Store) -> None:
    for ask in (store.events.page, store.events.count, store.events.histogram, store.events.fields):
        with pytest.raises(UsageError):
            ask(store.db, Search("(("))


def test_an_interrupted_search_is_cancelled(store: Store) -> None:
    import threading

    store.add([{"raw": "x"}])
    with store.events.engine.call():
        store.events.interrupt(threading.get_ident())
        with pytest.raises(Cancelled):
            store.page("x")
    assert store.raws("x") == ["x"]


def test_timelines_kept_in_memory_are_limited(store: Store) -> None:
    store.add([{"raw": "x"}])
    for number in range(40):
        store.events.seek(store.db, Search(f"x or y{number}"), 0)
    assert len(store.events._timelines) == 16


def test_closing_an_unused_store_is_fine(store: Store) -> None:
    store.events.close()
    assert store.events._engine is None


def test_events_without_a_level_are_found_by_saying_none(store: Store) -> None:
    store.add([{"raw": "a", "level": "error"}, {"raw": "b", "level": None}])
    assert store.raws("level:none") == ["b"]
    assert store.raws("-level:none") == ["a"]
    assert sorted(store.raws("level:none or level:error")) == ["a", "b"]


def test_the_span_of_a_search_is_that_of_what_it_finds(store: Store) -> None:
    store.add([{"raw": "a", "time": START}, {"raw": "b", "time": START + 5}, {"raw": "b", "time": START + 9}])
    assert store.events.span(store.db, Search("b")) == (START + 5, START + 9)
    assert store.events.span(store.db, Search("nowhere")) is None


def test_what_was_counted_can_be_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add([{"host": "a"}] * 3)
    search = Search("host:a")
    assert store.events.facets(store.db, search, ["host"]) == {"host": [("a", 3)]}
    asked: list[str] = []
    run = store.events.engine.run
    monkeypatch.setattr(store.events.engine, "run", lambda *given: asked.append(given[0]) or run(*given))  # type: ignore[func-returns-value]
    store.events.facets(store.db, search, ["host"])
    assert asked == []
    store.events.forget()
    assert store.events.facets(store.db, search, ["host"]) == {"host": [("a", 3)]}
    assert len(asked) == 1
