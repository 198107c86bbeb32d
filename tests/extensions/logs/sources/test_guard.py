from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources.guard import Guarded, Limits, broken, open_file, refused, unpacked


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EACCES, "may not read"),
        (errno.ENOENT, "does not exist"),
        (errno.ELOOP, "circle"),
        (errno.EBUSY, "locked"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_the_system_s_refusal_is_told_with_what_why_and_fix(number: int, why: str) -> None:
    told = refused("a.log", OSError(number, os.strerror(number)))
    assert len(told.parts()) == 3
    assert why in str(told)
    assert "a.log" in str(told)


def test_a_file_that_windows_holds_locked_is_told_so() -> None:
    error = OSError(errno.EACCES, "sharing violation")
    error.winerror = 32  # type: ignore[attr-defined] # as Windows sets it
    assert "locked" in str(refused("a.log", error))


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="does not exist"):
        open_file(tmp_path / "none.log", "none.log")


def test_reading_ends_at_what_is_allowed() -> None:
    stream = Guarded(io.BytesIO(b"x" * 100), "x", 99)
    with pytest.raises(SourceUnreadable, match="out of proportion"):
        stream.read()


def test_going_beyond_what_is_allowed_counts_as_reading_it() -> None:
    with pytest.raises(SourceUnreadable, match="out of proportion"):
        Guarded(io.BytesIO(b"x" * 100), "x", 50).seek(80)


def test_all_that_is_allowed_can_be_read_and_read_again() -> None:
    stream = Guarded(io.BytesIO(b"x" * 100), "x", 100)
    assert (stream.read(), stream.seek(90), stream.read(50), stream.tell()) == (b"x" * 100, 90, b"x" * 10, 100)


def test_a_cut_off_gz_gives_what_stood_before_and_then_says_so() -> None:
    data = gzip.compress(os.urandom(50_000))[:20_000]
    stream = unpacked("gz", io.BytesIO(data), len(data), "a.gz", Limits())
    assert len(stream.read(200_000)) > 10_000
    with pytest.raises(SourceUnreadable, match="ends in the middle"):
        stream.read(1)
    stream.close()


@pytest.mark.parametrize(("kind", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_damaged_data_is_a_sentence(kind: str, pack: Callable[[bytes], bytes]) -> None:
    data = bytearray(pack(os.urandom(5000)))
    data[20:900] = b"\xff" * 880
    stream = unpacked(kind, io.BytesIO(bytes(data)), len(data), "a", Limits())
    with pytest.raises(SourceUnreadable, match="damaged"):
        while stream.read(1000):
            pass
    stream.close()


def test_closing_closes_what_lies_below() -> None:
    below = io.BytesIO(gzip.compress(b"x"))
    unpacked("gz", below, 20, "a", Limits()).close()
    assert below.closed


def test_limits_leave_small_archives_alone_and_never_pass_the_total() -> None:
    limits = Limits(ratio=100, free=1000, total=50_000)
    assert [limits.allowed(packed) for packed in (1, 100, 10**9)] == [1000, 10_000, 50_000]


def test_a_fault_of_the_data_is_told_apart_from_a_cut() -> None:
    assert "ends in the middle" in str(broken("x", EOFError()))
    assert "damaged" in str(broken("x", zlib.error("bad")))
