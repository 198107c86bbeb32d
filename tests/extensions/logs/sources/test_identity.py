from __future__ import annotations

import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.identity import HashingReader, identify, skip


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@given(st.binary(max_size=200), st.lists(st.integers(1, 250), unique=True), st.integers(1, 50))
def test_the_whole_and_each_beginning_have_their_own_digest(data: bytes, stops: list[int], step: int) -> None:
    reader = HashingReader(io.BytesIO(data), sorted(stops))
    while reader.read(step):
        pass
    found = reader.finish()
    assert (found.sha256, found.size) == (digest(data), len(data))
    assert found.beginnings == {stop: digest(data[:stop]) for stop in stops if stop <= len(data)}


def test_what_is_skipped_is_digested_too() -> None:
    reader = HashingReader(io.BytesIO(b"0123456789"))
    skip(reader, 4)
    assert reader.read(2) == b"45"
    assert reader.finish().sha256 == digest(b"0123456789")


class _Torn(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise SourceUnreadable(text("It ends here."))
        return data


def test_a_stream_that_breaks_off_is_known_by_what_could_be_read() -> None:
    assert identify(_Torn(b"abc")).sha256 == digest(b"abc")


class _Growing(io.BytesIO):
    """A log to which a line is appended whenever its end was seen."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data:
            at = self.tell()
            self.write(b"late\n")
            self.seek(at)
        return data


def test_what_is_appended_after_the_end_was_seen_does_not_count() -> None:
    reader = HashingReader(_Growing(b"one\ntwo\n"))
    assert reader.read(100) == b"one\ntwo\n"
    assert reader.read(100) == b""
    found = reader.finish()
    assert (found.sha256, found.size) == (digest(b"one\ntwo\n"), 8)


def test_a_limit_is_the_end() -> None:
    reader = HashingReader(io.BytesIO(b"0123456789"), limit=4)
    assert reader.read(3) == b"012"
    assert reader.read() == b"3"
    assert reader.finish().size == 4
    assert identify(io.BytesIO(b"0123456789"), limit=4).sha256 == digest(b"0123")


class _Hiccup(io.BytesIO):
    fails = True

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() == 3 and self.fails:
            self.fails = False
            raise SourceUnreadable(text("Not now."))
        return super().read(size)


def test_after_a_fault_nothing_more_counts_as_read() -> None:
    reader = HashingReader(_Hiccup(b"0123456789"))
    assert reader.read(3) == b"012"
    assert reader.finish().size == 3
    assert reader.finish().sha256 == digest(b"012")


@given(st.binary(min_size=1, max_size=60), st.integers(1, 20))
def test_a_beginning_that_ends_in_what_was_read_last_needs_not_be_named_before(data: bytes, step: int) -> None:
    reader = HashingReader(io.BytesIO(data))
    while reader.read(step):
        pass
    assert reader.digest_of(len(data)) == digest(data)
    assert reader.digest_of(max(len(data) - step, 0)) == digest(data[: max(len(data) - step, 0)])


def test_an_earlier_beginning_has_no_digest_afterwards() -> None:
    reader = HashingReader(io.BytesIO(b"0123456789"))
    while reader.read(3):
        pass
    assert reader.digest_of(5) is None
    assert reader.digest_of(11) is None
