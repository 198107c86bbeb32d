from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from desktop_app.core.errors import StoreError
from desktop_app.core.events import writer
from desktop_app.core.events.catalogue import digest_of
from desktop_app.core.events.segment import NewSegment
from desktop_app.core.events.writer import LARGE_DAY, write_segments
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder
from desktop_app.core.spans import Coded, Spans
from tests.core.events.made import DAY, SECOND, START, Store, batch


def write(folder: DataFolder, made: EventBatch) -> list[NewSegment]:
    return write_segments(folder, made, file_id=7, import_id=3, ingested=START)


def stored(folder: DataFolder, segment: NewSegment, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM '{folder.segments / segment.path}'").fetchall()


def test_a_segment_is_sorted_by_time_and_tells_what_is_in_it(folder: DataFolder) -> None:
    made = batch([{"time": START + n * SECOND, "raw": f"r{n}", "fields": {"a": str(n)}} for n in (2, 0, 1)])
    (segment,) = write(folder, made)
    assert stored(folder, segment, 'raw, a, id, epoch_us(time), "import"') == [
        (f"r{n}", str(n), (7 << 32) | ordinal, START + n * SECOND, 3) for n, ordinal in ((0, 2), (1, 3), (2, 1))
    ]  # fmt: skip
    assert list(segment.rows) == [1, 2, 0]
    assert (segment.min_time, segment.max_time) == (START, START + 2 * SECOND)
    assert (segment.min_id, segment.max_id) == ((7 << 32) | 1, (7 << 32) | 3)
    assert (segment.events, segment.fields) == (3, {"a": 3})
    path = folder.segments / segment.path
    assert (segment.bytes, segment.sha256) == (path.stat().st_size, digest_of(path))


@pytest.mark.parametrize(("distinct", "is_dictionary"), [(20, True), (100, False)])
def test_few_distinct_values_are_a_dictionary_and_all_are_read_back(
    folder: DataFolder, distinct: int, *, is_dictionary: bool
) -> None:
    values = [f"value {n % distinct}" for n in range(400)]
    (segment,) = write(folder, batch([{"time": START + n, "fields": {"a": one}} for n, one in enumerate(values)]))
    assert [one for (one,) in stored(folder, segment, "a")] == values
    with duckdb.connect() as connection:
        path = str(folder.segments / segment.path)
        said = "SELECT encodings FROM parquet_metadata(?) WHERE path_in_schema = 'a'"
        ((encodings,),) = connection.execute(said, [path]).fetchall()
    assert ("DICTIONARY" in encodings) == is_dictionary


def test_an_empty_batch_leaves_no_file(folder: DataFolder) -> None:
    assert write(folder, batch([])) == []
    assert not list(folder.segments.rglob("*"))


def test_a_message_that_ends_the_record_is_kept_once(folder: DataFolder) -> None:
    rows = [
        {"raw": "host app: déjà vu", "message": "déjà vu"},
        {"raw": "same", "message": "same"},
        {"raw": "alone", "message": None},
        {"raw": "{json}", "message": "another"},
        {"raw": "ends with nothing", "message": ""},
    ]
    (segment,) = write(folder, batch(rows))
    assert stored(folder, segment, "message, message_at") == [
        (None, 11), (None, None), (None, None), ("another", None), (None, len("ends with nothing") + 1)
    ]  # fmt: skip


def test_large_days_get_segments_of_their_own_and_small_ones_share(folder: DataFolder) -> None:
    sizes = [10, LARGE_DAY, 5, 6]
    times = np.concatenate([np.full(size, START + day * DAY) for day, size in enumerate(sizes)])
    made = batch([{"raw": "r"}] * sum(sizes))
    segments = write(folder, replace(made, time=times))
    assert [segment.events for segment in segments] == [10, LARGE_DAY, 11]
    assert sorted(np.concatenate([segment.rows for segment in segments])) == list(range(sum(sizes)))


def test_times_that_no_calendar_has_are_clipped(folder: DataFolder) -> None:
    (segment,) = write(folder, batch([{"time": -(2**63)}, {"time": 2**63 - 1}]))
    assert len(stored(folder, segment, "time")) == 2


HOSTILE = (
    *("", "id", "Time", "raw", ".id", "filename", 'quo"te', "a'b", "x;DROP TABLE segments", "a\x00b", "line\nbreak"),
    *("c\ud800d", "中文", "n" * 5000, "a.b", "%s", "$1", "?", "{}", "\u202ertl"),
)


def test_any_name_of_a_field_is_kept(store: Store) -> None:
    store.add([{"fields": {name: f"value {number}" for number, name in enumerate(HOSTILE)}}])
    found = store.page().rows[0]["fields"]
    assert sorted(found.values()) == sorted(f"value {number}" for number in range(len(HOSTILE)))
    for name, value in found.items():
        assert store.events.count(store.db, _asking(name, value)) == 1, name


def _asking(name: str, value: str) -> Any:
    from desktop_app.core.events.search import Search
    from desktop_app.core.events.terms.query import term

    return Search(filters=(term(name, value),))


def test_a_lone_surrogate_among_distinct_values_costs_only_itself(folder: DataFolder) -> None:
    made = batch([{"time": START, "raw": "r", "fields": {"a": "x"}} for _ in range(3)])
    coded = Coded(["c\ud800d", "plain"], np.array([1, 0, -1], np.int32))
    (segment,) = write(folder, replace(made, raw=Spans.of(["r"] * 3), fields={"a": coded}))
    assert stored(folder, segment, "a") == [("plain",), ("c\ufffdd",), (None,)]


def test_a_thousand_fields_are_a_thousand_columns(store: Store) -> None:
    store.add([{"fields": {f"field{n}": str(n) for n in range(1000)}}, {"fields": {"other": "x"}}])
    assert len(store.page("field999:999").rows[0]["fields"]) == 1000


def test_fields_beyond_the_limit_stay_in_the_record_alone_and_are_counted(folder: DataFolder) -> None:
    many = {f"k{n}": "v" for n in range(2100)}
    (segment,) = write(folder, batch([{"raw": "all of it", "fields": many}, {"fields": {"k2099": "w"}}]))
    assert segment.left_out == 100
    assert "k2099" in segment.fields  # the fullest are kept


def test_names_that_differ_only_by_case_are_one_field_where_they_agree(folder: DataFolder) -> None:
    rows = [{"fields": {"ProcessId": "1"}}, {"fields": {"ProcessID": "2"}}, {"fields": {}}]
    (segment,) = write(folder, batch(rows))
    assert segment.fields == {"ProcessId": 2}
    assert stored(folder, segment, '"ProcessId"') == [("1",), ("2",), (None,)]


def test_names_that_differ_only_by_case_lose_no_value_where_they_disagree(folder: DataFolder) -> None:
    (segment,) = write(folder, batch([{"fields": {"User": "a", "user": "b", "USER": "b"}}]))
    assert segment.fields == {"User": 1, "user (2)": 1}


VALUES = [
    "",
    "a\x00b",
    "\x1b[31mred\x1b[0m",
    "x" * 1_000_000,
    "lone \ud83d half",
    "tab\tnew\nline\r",
    "' OR 1=1 --",
    "🙂",
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_any_value_comes_back(store: Store, value: str) -> None:
    store.add([{"raw": value, "host": value, "message": value, "fields": {"f": value}}])
    expected = value.replace("\ud83d", "\ufffd")
    row = store.events.event(store.db, store.page().rows[0]["id"])
    assert row is not None
    assert (row["raw"], row["host"], row["message"], row["fields"]["f"]) == (expected,) * 4


def test_a_value_that_is_no_text_becomes_text(folder: DataFolder) -> None:
    (segment,) = write(folder, batch([{"fields": {"n": 4625}}, {"fields": {"n": "x"}}]))
    assert stored(folder, segment, "n") == [("4625",), ("x",)]


def test_a_full_disk_is_one_sentence_and_leaves_no_file(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = writer._run, []

    def fails_later(statement: str, data: Any) -> Any:
        calls.append(statement)
        if len(calls) == 2:
            raise duckdb.IOException("IO Error: Could not write file: No space left on device")
        return real(statement, data)

    monkeypatch.setattr(writer, "_run", fails_later)
    times = np.repeat([START, START + DAY], LARGE_DAY)
    made = replace(batch([{"raw": "r"}] * len(times)), time=times)
    with pytest.raises(StoreError, match=r"^The disk is full\. Nothing that was stored before is lost"):
        write(folder, made)
    assert not [path for path in folder.segments.rglob("*") if path.is_file()]


_LIMITED = """
import resource, signal, sys
from pathlib import Path
from desktop_app.core.errors import StoreError
from desktop_app.core.events.writer import write_segments
from desktop_app.core.paths import DataFolder
from desktop_app.core.spans import Coded, Spans
from tests.core.events.made import batch
import random
made = batch([{"raw": random.randbytes(60).hex()} for _ in range(20_000)])
write_segments(DataFolder(Path(sys.argv[1])), made, file_id=1, import_id=1, ingested=0)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    write_segments(DataFolder(Path(sys.argv[1])), made, file_id=2, import_id=1, ingested=0)
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_file_that_the_system_cuts_off_is_taken_away(folder: DataFolder) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", _LIMITED, str(folder.root)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.startswith("The disk is full.")
    left = [path.name for path in folder.segments.rglob("*.parquet") if path.is_file()]
    assert len(left) == 1
    assert left[0].startswith("1-")


def test_a_refusing_system_is_told_in_its_own_words(folder: DataFolder) -> None:
    folder.segments.rmdir()
    folder.segments.write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="The events could not be written"):
        write(folder, batch([{"raw": "r"}]))


def test_what_writing_held_is_let_go_and_the_next_write_begins_anew(folder: DataFolder) -> None:
    (first,) = write(folder, batch([{"raw": "one"}]))
    writer.let_go()
    (second,) = write(folder, batch([{"raw": "two"}]))
    assert [stored(folder, one, "raw") for one in (first, second)] == [[("one",)], [("two",)]]
