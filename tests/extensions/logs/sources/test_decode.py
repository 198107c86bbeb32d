from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import BATCH_ROWS, SAMPLE_BYTES, Reading, RecordBatch
from desktop_app.extensions.logs.sources.decode import (
    LINE_BYTES,
    detect,
    read_lines,
    read_portions,
    sample,
    take_sample,
)

CHINESE = "五月 04 06:55:46 泵站一 控制器[7]: 压力过高，已停机\n"


def cut(data: bytes, encoding: str = "utf-8", **settled: int) -> tuple[list[RecordBatch], Reading]:
    reading = Reading("x.log", encoding=encoding)
    for name, value in settled.items():
        setattr(reading, name, value)
    return list(read_lines(io.BytesIO(data), reading)), reading


class Endless(io.RawIOBase):
    """Gives ``size`` bytes of one letter, then the end; the bytes never lie in memory together."""

    def __init__(self, size: int, end: bytes) -> None:
        self._left, self._end = size, end

    def read(self, size: int = -1) -> bytes:
        if self._left:
            given, self._left = min(size, self._left), self._left - min(size, self._left)
            return b"x" * given
        end, self._end = self._end, b""
        return end


class Breaking(io.RawIOBase):
    """Gives some bytes, then raises."""

    def __init__(self, data: bytes, error: Exception) -> None:
        self._data, self._error = data, error

    def read(self, size: int = -1) -> bytes:
        data, self._data = self._data, b""
        if not data:
            raise self._error
        return data


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [False, True])
def test_chinese_text_is_recognised_in_its_encodings(encoding: str, mark: bool) -> None:  # noqa: FBT001 - a case
    data = (("\ufeff" if mark and encoding != "gb18030" else "") + CHINESE * 50).encode(encoding)
    assert detect(data) == encoding
    batches, reading = cut(data, encoding)
    assert batches[0].raw == [CHINESE.strip()] * 50
    assert reading.notes == []


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "utf-8"),
        (b"plain ascii\n", "utf-8"),
        ("déjà vu, Müller\n".encode("latin-1") * 9, "latin-1"),
        ("\ufeffx".encode("utf-32-le"), "utf-32-le"),
        ("naïve\n" * 9).encode() and (("naïve\n" * 9).encode() + b"\xff\n", "utf-8"),
    ],
)
def test_encodings_are_told_apart(data: bytes, encoding: str) -> None:
    assert detect(data) == encoding


def test_a_character_cut_at_the_end_of_the_sample_is_no_fault() -> None:
    assert detect(("x" + "压" * 1000).encode()[:-1]) == "utf-8"
    assert detect(("x" + "压力过高" * 300).encode("gb18030")[:-1]) == "gb18030"


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x7fELF" + bytes(2000), b"\0" * 5000])
def test_binary_is_no_text(data: bytes) -> None:
    assert detect(data) is None
    assert sample("x", data).text is None


def test_some_nul_from_a_power_cut_does_not_make_a_log_binary() -> None:
    data = b"May  4 06:55:46 gate a: b\n" * 500 + bytes(200) + b"May  4 06:55:47 gate a: c\n"
    assert detect(data) == "utf-8"
    batches, reading = cut(data)
    assert batches[0].raw[-1] == "May  4 06:55:47 gate a: c"
    assert "NUL" in str(reading.notes[0])


def test_a_sample_leaves_out_the_line_that_is_cut() -> None:
    stream = io.BytesIO(b"a" * 99 + b"\n" + b"b" * SAMPLE_BYTES)
    found = take_sample("x", stream)
    assert (len(found.head), found.lines) == (SAMPLE_BYTES, ["a" * 99])
    assert sample("x", b"one\ntwo").lines == ["one", "two"]


def test_the_sample_of_a_file_that_breaks_off_is_what_stood_before() -> None:
    broken = SourceUnreadable(text("Broken."))
    assert take_sample("x", Breaking(b"one\n", broken)).lines == ["one"]  # type: ignore[arg-type] # read is all it takes
    with pytest.raises(SourceUnreadable):
        take_sample("x", Breaking(b"", broken))  # type: ignore[arg-type] # read is all it takes


def test_line_ends_of_windows_are_taken_away_and_other_breaks_are_kept() -> None:
    batches, _ = cut("a\r\nb\x0bc\u2028d\r\r\n".encode())
    assert batches[0].raw == ["a", "b\x0bc\u2028d"]


def test_blank_lines_are_no_records_but_count_as_lines() -> None:
    batches, _ = cut(b"a\n\n\r\nb\n", first_ordinal=10)
    assert batches[0].raw == ["a", "b"]
    assert batches[0].ordinal.tolist() == [10, 13]


def test_the_last_line_needs_no_end() -> None:
    batches, _ = cut(b"a\nb")
    assert [(batch.raw, batch.ordinal.tolist(), batch.offset) for batch in batches] == [
        (["a"], [1], 2),
        (["b"], [2], 3),
    ]


@given(st.text(alphabet="a\nb\u0a0a\u0a00", max_size=30), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_a_reading_is_settled_behind_the_last_line_that_has_its_end(words: str, encoding: str) -> None:
    ended = words[: words.rfind("\n") + 1]
    _, reading = cut(words.encode(encoding), encoding)
    assert (reading.settled.bytes, reading.settled.records) == (len(ended.encode(encoding)), ended.count("\n"))


def test_a_reading_that_was_taken_up_goes_on_counting_where_the_file_was() -> None:
    _, reading = cut(b"c\n\nd", first_ordinal=3, first_offset=100)
    assert (reading.settled.bytes, reading.settled.records) == (103, 4)


def test_half_a_sign_behind_the_last_line_settles_nothing() -> None:
    batches, reading = cut("a\nb".encode("utf-16-le")[:-1], "utf-16-le")
    assert (reading.settled.bytes, batches[0].raw) == (4, ["a"])


@given(st.lists(st.text(alphabet="ab中", max_size=4), min_size=1, max_size=9), st.sampled_from(["utf-8", "utf-16-le"]))
def test_where_a_line_begins_is_known_in_bytes(words: list[str], encoding: str) -> None:
    data = "".join(f"{word}\n" for word in words)
    (portion,) = read_portions(io.BytesIO(data.encode(encoding)), Reading("x.log", encoding=encoding))
    starts = [len("".join(f"{word}\n" for word in words[:at]).encode(encoding)) for at in range(len(words))]
    assert [portion.start_of(line) for line in range(1, len(words) + 1)] == starts


def test_where_a_line_begins_is_not_known_when_one_was_cut_short() -> None:
    data = b"a" * (LINE_BYTES + 5) + b"\nb\n"
    (portion,) = read_portions(io.BytesIO(data), Reading("x.log"))
    assert portion.start_of(2) is None


def test_an_empty_file_says_so() -> None:
    batches, reading = cut(b"")
    assert batches == []
    assert str(reading.notes[0]) == "The file is empty."


def test_a_file_of_blank_lines_is_not_empty() -> None:
    batches, reading = cut(b"\n\n")
    assert (batches, reading.notes) == ([], [])


def test_batches_are_bounded_and_offsets_exact() -> None:
    data = b"0123456789\n" * (BATCH_ROWS * 2 + 5)
    batches, _ = cut(data)
    assert max(map(len, batches)) <= BATCH_ROWS
    assert [batch.offset for batch in batches] == [int(batch.ordinal[-1]) * 11 for batch in batches]
    assert sum(map(len, batches)) == BATCH_ROWS * 2 + 5
    assert batches[-1].offset == len(data)


def test_offsets_count_the_bytes_of_the_file_in_utf_16() -> None:
    data = ("\ufeff" + "压力\n" * 1000).encode("utf-16-le")
    batches, _ = cut(data, "utf-16-le")
    assert (batches[-1].offset, batches[0].raw[:2]) == (len(data), ["压力", "压力"])


def test_a_stray_byte_costs_only_its_own_line_the_encoding() -> None:
    batches, reading = cut("ä\n".encode() + b"M\xfcller\n" + "压力过高\n".encode("gb18030") + "ö\n".encode())
    assert batches[0].raw == ["ä", "Müller", "压力过高", "ö"]
    assert {str(note) for note in reading.notes} == {
        "1 line is not in the encoding of the file and was read as latin-1.",
        "1 line is not in the encoding of the file and was read as gb18030.",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_line_that_is_too_long_is_cut_and_the_next_ones_are_whole(encoding: str) -> None:
    data = f"before\n{'y' * LINE_BYTES * 3}\nafter\n".encode(encoding)
    batches, reading = cut(data, encoding)
    raw = [line for batch in batches for line in batch.raw]
    assert [raw[0], raw[2]] == ["before", "after"]
    assert LINE_BYTES // 2 - 9 < len(raw[1]) < LINE_BYTES
    assert str(reading.notes[0]) == "1 line is longer than 1 MB and was cut there."
    assert batches[-1].offset == len(data)


def test_a_line_of_a_gigabyte_takes_no_memory() -> None:
    reading = Reading("x")
    tracemalloc.start()
    stream = Endless(1 << 30, b"\nafter\n")
    raw = [line for batch in read_lines(stream, reading) for line in batch.raw]  # type: ignore[arg-type] # read is all it takes
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(raw), raw[1]) == (2, "after")
    assert peak < 16 << 20


@pytest.mark.parametrize(
    "error", [SourceUnreadable(text("Broken.")), OSError(5, "Input/output error"), EOFError("cut")]
)
def test_what_stood_before_a_break_is_kept_and_then_told(error: Exception) -> None:
    reading = Reading("x.log")
    raw = []
    with pytest.raises(SourceUnreadable) as told:
        for batch in read_lines(Breaking(b"one\ntwo\nthr", error), reading):  # type: ignore[arg-type] # read is all it takes
            raw += batch.raw
    assert raw == ["one", "two", "thr"]
    assert reading.error is told.value


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reading_and_no_line_is_lost(data: bytes) -> None:
    encoding = detect(data) or "utf-8"
    batches, _ = cut(data, encoding)
    assert all(line and "\n" not in line for batch in batches for line in batch.raw)
    for batch in batches:
        assert len(batch) == len(batch.ordinal)
        "".join(batch.raw).encode()
