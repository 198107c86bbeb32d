from __future__ import annotations

import io

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.joining import MOST_LINES, follows, read_joined


def begins(line: str) -> bool:
    return line.startswith("#")


def joined(data: bytes, **attributes: object) -> tuple[list[tuple[int, str]], Reading]:
    reading = Reading("x")
    for name, value in attributes.items():
        setattr(reading, name, value)
    batches = read_joined(io.BytesIO(data), reading, begins)
    return [pair for one in batches for pair in zip(one.ordinal.tolist(), one.raw, strict=True)], reading


def test_what_begins_no_record_belongs_to_the_one_before() -> None:
    found, _ = joined(b"#1\n a\n b\n#2\n#3\n c\n")
    assert found == [(1, "#1\n a\n b"), (4, "#2"), (5, "#3\n c")]


def test_a_file_may_begin_within_a_record() -> None:
    assert joined(b" a\n b\n#1\n")[0] == [(1, " a\n b"), (3, "#1")]


def test_a_record_has_an_end_whatever_follows() -> None:
    found, _ = joined(b"#1\n" + b" a\n" * (MOST_LINES * 2))
    assert [at for at, _ in found] == [1, MOST_LINES + 1, 2 * MOST_LINES + 1]


def test_long_lines_end_a_record_too() -> None:
    assert len(joined(b"#1\n" + (b"a" * 600_000 + b"\n") * 4)[0]) == 4


def test_a_grown_file_is_read_on_from_the_record_that_had_not_ended() -> None:
    data = b"#1\n a\n#2\n b\n"
    _, reading = joined(data)
    assert (reading.settled.bytes, reading.settled.records) == (6, 2)
    more = (data + b" c\n#3\n")[6:]
    assert joined(more, first_offset=6, first_ordinal=3)[0] == [(3, "#2\n b\n c"), (6, "#3")]


def test_what_stood_before_a_fault_is_kept() -> None:
    class Broken(io.RawIOBase):
        def __init__(self) -> None:
            self.parts = [b"#1\n a\n#2\n", OSError("gone")]

        def read(self, size: int = -1) -> bytes:
            part = self.parts.pop(0)
            if isinstance(part, OSError):
                raise part
            return part

    found: list[str] = []
    with pytest.raises(SourceUnreadable):
        for batch in read_joined(Broken(), Reading("x"), begins):  # type: ignore[arg-type] # read is all it takes
            found += [raw or "" for raw in batch.raw]
    assert found == ["#1\n a", "#2"]


@pytest.mark.parametrize("line", ["\tat a.b", "Caused by: x", "ValueError: x", "java.io.IOException", "... 3 more"])
def test_a_line_of_a_trace_is_known(line: str) -> None:
    assert follows(line)


@pytest.mark.parametrize("line", ["an Error: x", "2026-05-04 x", "hello"])
def test_other_lines_are_not(line: str) -> None:
    assert not follows(line)
