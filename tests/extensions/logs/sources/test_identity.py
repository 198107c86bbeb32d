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
