from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from desktop_app.core.errors import StoreError
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.stored import LazyFields, LazySpans
from desktop_app.core.spans import Spans
from tests.core.events.made import ACCESS, FIXED, SECOND, START, Store, batch

ROWS = [
    {"time": START + n * SECOND, "raw": f"head: body {n}", "message": f"body {n}" if n != 1 else None, "host": None,
     "source": "s", "level": "info", "fields": {"a": str(n), "id": None if n == 2 else "own"}}
    for n in (2, 0, 1)
]  # fmt: skip


def test_a_stored_batch_is_the_batch_that_was_written_in_the_order_of_its_ids(store: Store) -> None:
    written = batch(ROWS, ACCESS, first=5, zone_assumed=True)
    ids = store.add(written)
    ((segment, read),) = store.events.load(store.db, ids)
    assert segment.id == ids[0]
    assert (read.log_source, read.zone_assumed, len(read)) == (ACCESS, True, 3)
    assert read.time.tolist() == written.time.tolist()
    assert read.ordinal.tolist() == [5, 6, 7]
    for name in FIXED:
        assert list(getattr(read, name)) == list(getattr(written, name)), name
    assert {name: list(read.fields[name]) for name in read.fields} == {"a": ["2", "0", "1"], "id": [None, "own", "own"]}


def test_a_column_is_read_only_when_somebody_asks(store: Store) -> None:
    ids = store.add(batch(ROWS))
    ((_, read),) = store.events.load(store.db, ids)
    assert sorted(read.fields) == ["a", "id"]
    assert "a" in read.fields
    assert "b" not in read.fields
    assert read.fields.get("b") is None
    store.path(ids[0]).unlink()
    with pytest.raises(StoreError, match="is gone"):
        list(read.raw)
    with pytest.raises(StoreError, match="is gone"):
        read.fields["a"]


def test_segments_come_in_the_order_asked_for_and_broken_ones_are_named(store: Store) -> None:
    one, two, three = (store.add([{"raw": str(n)}])[0] for n in range(3))
    store.path(two).write_bytes(b"no parquet")
    with pytest.raises(StoreError, match=store.path(two).name):
        list(store.events.load(store.db, [three, two, one]))
    found: list[Missing] = []
    read = [list(made.raw) for _, made in store.events.load(store.db, [three, two, one], missing=found)]
    assert read == [["2"], ["0"]]
    assert [gone.segment.id for gone in found] == [two]


def test_a_lazy_column_is_bytes_that_are_read_once() -> None:
    reads: list[int] = []

    def read() -> Spans:
        reads.append(1)
        return Spans.of(["a", None, "c"])

    column = LazySpans(3, read)
    assert len(column) == 3
    assert not reads
    assert (column[0], column[1:], list(column), "c" in column) == ("a", [None, "c"], ["a", None, "c"], True)
    assert column.encoded()[0] == ["a", "c"]
    assert list(column.take(np.array([2, 1]))) == ["c", None]
    assert not hasattr(column, "other")
    assert reads == [1]


def test_fields_of_a_group_are_read_together_and_so_are_the_others() -> None:
    reads: list[list[str]] = []

    def read(names: Sequence[str]) -> list[Spans]:
        reads.append(list(names))
        return [Spans.of([name]) for name in names]

    fields = LazyFields(["a", "b", "c", "d"], {"a", "c"}, read)
    assert (list(fields), len(fields)) == (["a", "b", "c", "d"], 4)
    assert not reads
    assert [list(fields["c"]), list(fields["a"]), list(fields["a"])] == [["c"], ["a"], ["a"]]
    with pytest.raises(KeyError):
        fields["e"]
    assert reads == [["a", "c"]]
    assert [list(fields["b"]), list(fields["d"])] == [["b"], ["d"]]
    assert reads == [["a", "c"], ["b", "d"]]


def test_what_is_read_together_is_said_by_log_source(store: Store) -> None:
    ids = store.add(batch(ROWS, ACCESS))
    ((_, read),) = store.events.load(store.db, ids, together=lambda source: {"a"} if source == ACCESS else {"id"})
    assert list(read.fields["a"]) == ["2", "0", "1"]
    store.path(ids[0]).unlink()
    with pytest.raises(StoreError, match="is gone"):
        read.fields["id"]
