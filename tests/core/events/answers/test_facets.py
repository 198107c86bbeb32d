from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.database import writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers import facets
from desktop_app.core.events.answers.results import NO_LEVEL, Missing
from desktop_app.core.events.merging import merge
from desktop_app.core.events.search import Search
from desktop_app.core.events.segment import counts_of
from desktop_app.core.spans import Coded, Spans
from tests.core.events.answers.test_remembered import read
from tests.core.events.made import ACCESS, HOUR, SECOND, START, Store, batch


def fill(store: Store) -> None:
    store.add([{"time": START + n * 60 * SECOND, "level": ["error", "info", None][n % 3], "host": f"h{n % 2}",
                "fields": {"a": str(n % 4), "b": "x" if n % 5 == 0 else None}} for n in range(60)])  # fmt: skip
    store.add(
        batch([{"time": START + HOUR + n * 60 * SECOND, "fields": {"A": "3", "c": "y"}} for n in range(10)], ACCESS)
    )


def test_facets_count_values_across_log_sources_and_spellings(store: Store) -> None:
    fill(store)
    found = store.events.facets(store.db, Search(), ["a", "level", "host", "c", "absent"], limit=2)
    assert found == {
        "a": [("3", 25), ("0", 15)],
        "level": [("none", 30), ("error", 20)],
        "host": [("h0", 30), ("h1", 30)],
        "c": [("y", 10)],
        "absent": [],
    }


def test_facets_follow_the_search(store: Store) -> None:
    fill(store)
    assert store.events.facets(store.db, Search("b:x"), ["a"]) == {"a": [("0", 3), ("1", 3), ("2", 3), ("3", 3)]}
    assert store.events.facets(store.db, Search(), []) == {}


@pytest.mark.parametrize("largest", [50_000, 3])
def test_facets_of_whole_segments_and_of_parts_are_counted_together(
    store: Store, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "LARGEST", largest)
    fill(store)
    found = store.events.facets(store.db, Search(start=START + 30 * 60 * SECOND), ["a", "level", "c"])
    assert found == {
        "a": [("3", 18), ("2", 8), ("0", 7), ("1", 7)],
        "level": [("none", 20), ("error", 10), ("info", 10)],
        "c": [("y", 10)],
    }


def test_any_number_of_facets_is_answered(store: Store) -> None:
    store.add([{"fields": {f"f{n}": str(n) for n in range(95)}}])
    found = store.events.facets(store.db, Search(), [f"f{n}" for n in range(95)])
    assert found == {f"f{n}": [(str(n), 1)] for n in range(95)}


def test_a_field_named_like_a_column_counts_with_it(store: Store) -> None:
    store.add([{"host": "fixed", "fields": {"host": "own"}}, {"fields": {"host": "own"}}])
    assert store.events.facets(store.db, Search(), ["host"]) == {"host": [("fixed", 1), ("own", 1)]}


# --- against a plain count over the rows ------------------------------------------------------------------------------

FIELDS = ("source.ip", "user.name", "level", "host", "plain")
VALUES = ("10.0.0.1", "10.0.0.12", "192.168.100.200", "a", "root", "administrator", "", "é", "none", "fe80::1", None)


def plain_count(store: Store, search: Search, field: str) -> list[tuple[str, int]]:
    """Count the rows themselves, one by one."""
    page = store.events.page(store.db, search, limit=10_000)
    found = [row["fields"].get(field) if field not in {"host", "level"} else row[field] for row in page.rows]
    counted = Counter(NO_LEVEL if one is None and field == "level" else one for one in found)
    del counted[None]
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def as_told(store: Store, search: Search, limit: int = 1000) -> dict[str, list[tuple[str, int]]]:
    store.events.forget()
    return store.events.facets(store.db, search, FIELDS, limit)


def add_held(store: Store, rows: Sequence[Sequence[str | None]], first: int) -> list[int]:
    """Add events whose columns are bytes or codes, as they come from the formats that read a block at a time."""
    made = batch([{"time": START + (first + n) * HOUR} for n in range(len(rows))])
    columns: dict[str, list[str | None]] = {name: [row[n] for row in rows] for n, name in enumerate(FIELDS)}
    texts = list(dict.fromkeys(columns["plain"]))
    codes = np.array([texts.index(one) for one in columns["plain"]], np.int32)
    fields = {name: Spans.of(columns[name]) for name in ("source.ip", "user.name")}
    return store.add(dataclasses.replace(
        made, raw=Spans.of(list(made.raw)), message=Spans.of(list(made.message)), host=Spans.of(columns["host"]),
        level=Spans.of(columns["level"]), fields={**fields, "plain": Coded(texts, codes)},
    ))  # fmt: skip


def add_listed(store: Store, rows: Sequence[Sequence[str | None]], first: int) -> list[int]:
    return store.add([
        {"time": START + (first + n) * HOUR, "host": row[3], "level": row[2],
         "fields": {name: value for name, value in zip(FIELDS, row, strict=True) if name not in {"host", "level"}}}
        for n, row in enumerate(rows)
    ])  # fmt: skip


imports = st.lists(
    st.tuples(
        st.sampled_from([add_held, add_listed]),
        st.lists(st.tuples(*[st.sampled_from(VALUES)] * len(FIELDS)), min_size=1, max_size=12),
        st.integers(0, 30),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
searches = st.sampled_from([
    Search(), Search(start=START + 5 * HOUR), Search(start=START + 3 * HOUR, end=START + 9 * HOUR),
    Search("user.name:a"), Search("host:root", start=START + 4 * HOUR), Search("-source.ip:10.0.0.1"),
])  # fmt: skip


def damage(store: Store, ids: Sequence[int]) -> None:
    for one in ids:
        path = counts_of(store.path(one))
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0x41
        path.write_bytes(content)


def lose(store: Store, ids: Sequence[int]) -> None:
    for one in ids:
        counts_of(store.path(one)).unlink()


def hide(store: Store, ids: Sequence[int]) -> None:
    with writing(store.db):
        catalogue.hide(store.db, ids)


def take_away(store: Store, ids: Sequence[int]) -> None:
    with writing(store.db):
        paths = catalogue.remove(store.db, ids)
    catalogue.discard(store.folder, store.db, paths)


def compact(store: Store, ids: Sequence[int]) -> None:
    [first, *_] = segments = catalogue.by_ids(store.db, ids)
    made = merge(store.folder, store.events, store.db, segments)
    assert made is not None
    with writing(store.db):
        catalogue.add(store.db, [made], file_id=first.file_id, import_id=first.import_id, created=0)
        paths = catalogue.remove(store.db, ids)
    catalogue.discard(store.folder, store.db, paths)


CHANGES: dict[str, Callable[[Store, Sequence[int]], None]] = {
    "damaged counts": damage, "lost counts": lose, "hidden": hide, "undone": take_away, "compacted": compact,
}  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports, searches, st.sampled_from(sorted(CHANGES)), st.randoms(use_true_random=False))
def test_facets_say_what_a_plain_count_of_the_rows_says_before_and_after_a_change(
    store: Store,
    brought: list[tuple[Callable[..., list[int]], list[tuple[str | None, ...]], int]],
    search: Search,
    change: str,
    chance: random.Random,
) -> None:
    with writing(store.db):  # of the example before
        catalogue.remove(store.db, [one.id for one in catalogue.live(store.db)])
    ids = [add(store, rows, first) for add, rows, first in brought]
    asked = {name: plain_count(store, search, name) for name in FIELDS}
    assert as_told(store, search) == asked
    assert as_told(store, search, 2) == {name: found[:2] for name, found in asked.items()}
    CHANGES[change](store, chance.choice(ids))
    changed = {name: plain_count(store, search, name) for name in FIELDS}
    assert store.events.facets(store.db, search, FIELDS, 1000) == changed
    assert as_told(store, search) == changed


# --- what is read -----------------------------------------------------------------------------------------------------


def test_facets_of_whole_segments_open_none_of_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_held(store, [("10.0.0.1", "root", "info", "h", "x")] * 5, 0)
    with read(monkeypatch) as files:
        assert as_told(store, Search())["source.ip"] == [("10.0.0.1", 5)]
    assert files == []


def test_only_segments_that_a_range_covers_in_part_are_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_held(store, [("10.0.0.1", "root", "info", "h", "x")] * 3, 0)
    (parted,) = add_held(store, [("10.0.0.2", "root", "info", "h", "x")] * 3, 10)
    with read(monkeypatch) as files:
        found = as_told(store, Search(end=START + 11 * HOUR))
    assert found["source.ip"] == [("10.0.0.1", 3), ("10.0.0.2", 1)]
    assert set(files) == {str(store.path(parted).resolve())}


def test_counts_of_a_segment_that_is_damaged_itself_are_not_believed(store: Store) -> None:
    add_held(store, [("10.0.0.1", "root", "info", "h", "x")] * 3, 0)
    (bad,) = add_held(store, [("10.0.0.2", "root", "info", "h", "x")] * 3, 10)
    store.path(bad).write_bytes(b"PAR1")
    missing: list[Missing] = []
    assert store.events.facets(store.db, Search(), ["source.ip"], missing=missing) == {"source.ip": [("10.0.0.1", 3)]}
    assert [one.segment.id for one in missing] == [bad]


def test_many_addresses_and_names_are_counted_exactly(store: Store) -> None:
    chance = random.Random(5)
    rows = [
        (f"10.{n % 7}.{chance.randint(0, 99)}.{n % 50}", f"u{chance.randint(0, 3000)}", None, "h", "x")
        for n in range(6000)
    ]
    for first in (0, 2000, 4000):
        add_held(store, rows[first : first + 2000], first)
    for place, name in ((0, "source.ip"), (1, "user.name")):
        counted = Counter(row[place] for row in rows)
        wanted = sorted(counted.items(), key=lambda one: (-one[1], str(one[0])))
        for limit in (1, 10, 5000):
            assert as_told(store, Search(), limit)[name] == wanted[:limit]
