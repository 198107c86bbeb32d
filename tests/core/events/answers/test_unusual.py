from __future__ import annotations

from desktop_app.core.events.answers.unusual import CERTAIN, Unusual, ranked, score
from desktop_app.core.events.search import Search
from tests.core.events.made import HOUR, SECOND, START, Store

WINDOW = (START + HOUR, START + 2 * HOUR)


def fill(store: Store) -> None:
    store.add([{"time": START + n * SECOND, "host": f"h{n % 4}", "message": "ok", "fields": {"user": "a"}}
               for n in range(1000)])  # fmt: skip
    store.add([{"time": WINDOW[0] + n * SECOND, "host": f"h{n % 4}", "message": "denied 7" if n % 4 == 0 else "ok",
                "fields": {"user": "mallory" if n % 4 == 0 else "a"}} for n in range(200)])  # fmt: skip


def look(store: Store) -> Unusual:
    return store.events.unusual(store.db, Search(start=START), WINDOW, ["host", "user"])


def test_what_was_never_there_before_ranks_first(store: Store) -> None:
    fill(store)
    found = look(store)
    assert (found.here, found.there) == (200, 1000)
    odd = {(one.field, one.value): (one.here, one.there) for one in found.oddities if one.score > 0}
    assert odd == {("user", "mallory"): (50, 0), ("", "denied <*>"): (50, 0)}


def test_what_became_rare_is_told_too(store: Store) -> None:
    fill(store)
    assert {(one.field, one.value) for one in look(store).oddities if one.score < 0} == {("user", "a"), ("", "ok")}


def test_what_is_as_frequent_as_ever_is_not_unusual(store: Store) -> None:
    fill(store)
    assert not [one for one in look(store).oddities if one.field == "host"]


def test_few_events_are_chance() -> None:
    assert ranked([("f", "v", 4, 0)], 100, 100_000).oddities == ()
    assert score(50, 0, 100, 100_000) > CERTAIN
    assert abs(score(100, 1000, 1000, 10_000)) < 0.1
    assert score(0, 5000, 1000, 10_000) < -CERTAIN


def test_without_anything_to_compare_with_nothing_is_unusual(store: Store) -> None:
    assert look(store) == Unusual((), 0, 0)
    assert ranked([("f", "v", 50, 0)], 100, 0).oddities == ()
