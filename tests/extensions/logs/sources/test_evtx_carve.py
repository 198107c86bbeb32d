"""Records of EVTX blocks that are broken, or whose beginning is gone."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.model import Reading, Sample
from desktop_app.extensions.logs.sources.evtx import EVTX
from desktop_app.extensions.logs.sources.evtx_carve import (
    BLOCK_SIZE,
    beginning,
    bridged,
    fragment,
    next_block,
    standing,
)
from tests.extensions.logs.sources.evtx_writer import block, event, file

TWENTY = block([event(number) for number in range(1, 21)])
MORE = block([event(number) for number in range(21, 31)], first=21)
PLACES = [record.at for record in standing(TWENTY, 512, BLOCK_SIZE)]


def read(data: bytes) -> tuple[list[int], Reading]:
    """Return the numbers of the events that are read, and how it went."""
    reading = Reading("x.evtx")
    found = [number for records in EVTX.collect(io.BytesIO(data), reading) for number in records.ordinal.tolist()]
    return found, reading


def through(*numbers: int) -> list[int]:
    first, last = numbers
    return list(range(first, last + 1))


def test_a_wrong_checksum_costs_nothing() -> None:
    wrong = bytearray(TWENTY)
    struct.pack_into("<I", wrong, 52, 1)
    struct.pack_into("<I", wrong, 124, 2)
    assert read(file(bytes(wrong), MORE))[0] == through(1, 30)


def test_blocks_in_the_middle_of_another_file_are_found_and_told() -> None:
    data = b"MZ" + b"\x90" * 100_001 + TWENTY + b"some other file\n" * 7000 + MORE + b"the end" * 20_000
    assert EVTX.sniff(Sample("memory.dmp", data[: 256 * 1024])) > 0.8
    found, reading = read(data)
    assert found == through(1, 30)
    assert str(reading.notes[0]) == "This is no whole event log file: blocks of one were found in it and read."


@pytest.mark.parametrize("before", [0, 1, 7, 4095, 65_530, 65_536, 131_065, 131_072])
def test_a_block_is_found_wherever_its_mark_lies(before: int) -> None:
    assert read(b"\xa5" * before + TWENTY + b"\xa5" * 10)[0] == through(1, 20)


def test_where_bytes_are_missing_the_next_block_is_whole() -> None:
    data = file(TWENTY, MORE)
    cut = data[: 4096 + PLACES[10]] + data[4096 + BLOCK_SIZE :]
    found, reading = read(cut)
    assert found == [*through(1, 10), *through(21, 30)]
    assert "lost: 10" in str(reading.notes[0])


def test_a_block_without_its_header_is_read_by_where_its_records_say_that_they_stand() -> None:
    found, reading = read(file(b"\xff" * 512 + TWENTY[512:], MORE))
    assert found == through(1, 30)
    assert "affected: 1" in str(reading.notes[0])


def test_a_piece_of_a_block_in_another_file_gives_the_records_that_stand_by_themselves() -> None:
    piece = TWENTY[PLACES[0] : PLACES[12] + 40]
    found, _ = read(file(MORE) + b"\x11" * 999 + piece + b"\x22" * 5000)
    assert found == [*through(21, 30), *through(1, 12)]


def test_a_piece_that_begins_within_a_record_goes_on_with_the_next() -> None:
    found, _ = read(b"\x33" * 3000 + MORE + TWENTY[PLACES[3] + 50 :])
    assert found[:10] == through(21, 30)
    assert set(found[10:]) <= set(through(5, 20))


def test_what_is_broken_between_records_is_passed_over() -> None:
    broken = bytearray(TWENTY)
    broken[PLACES[5] : PLACES[9]] = bytes(PLACES[9] - PLACES[5])
    found, reading = read(file(bytes(broken)))
    assert found == [*through(1, 5), *through(10, 20)]
    assert "lost: 4" in str(reading.notes[0])


@pytest.mark.parametrize("number", [1, 7, 20])
@pytest.mark.parametrize("written", [2_650_466_808_010_000_000, (1 << 64) - 1])
def test_a_record_that_says_it_was_written_at_no_time_costs_nothing(number: int, written: int) -> None:
    broken = bytearray(TWENTY)
    struct.pack_into("<Q", broken, PLACES[number - 1] + 16, written)
    assert read(file(bytes(broken), MORE))[0] == through(1, 30)


def test_records_of_an_earlier_use_of_a_block_stay_out() -> None:
    few = block([event(number) for number in range(50, 53)], first=50)
    end = struct.unpack_from("<I", few, 48)[0]
    used = bytearray(few[:end] + TWENTY[end:])
    used[end : end + 4] = bytes(4)
    used[600:640] = b"\xee" * 40  # something else is broken, so that every way is tried
    assert set(read(file(bytes(used)))[0]) <= set(through(50, 52))


def test_another_kind_of_file_is_refused_however_long_it_is() -> None:
    with pytest.raises(SourceUnreadable, match="not a Windows event log"):
        read(b"**\0\0 but no record" * 20_000)


def test_a_record_tells_where_its_block_began_only_where_it_holds_its_template() -> None:
    first, second = list(standing(TWENTY, 512, BLOCK_SIZE))[:2]
    assert beginning(TWENTY, first) == 0
    assert beginning(b"x" * 10 + TWENTY, next(standing(b"x" * 10 + TWENTY, 0, BLOCK_SIZE))) == 10
    changed = bytearray(TWENTY)
    changed[second.at + 24] = 0
    assert beginning(bytes(changed), second) is None
    assert fragment(b"nothing at all" * 100, 1000) is None


def test_a_mark_in_a_text_is_no_block() -> None:
    assert next_block(b"the mark ElfChnk\0 in a text" + bytes(100), 0) < 0
    assert next_block(b"x" + TWENTY, 0) == 1


def test_a_block_without_whole_records_stays_as_it_is() -> None:
    assert bridged(bytes(BLOCK_SIZE)) == (bytes(BLOCK_SIZE), 0)


CUTS = st.lists(st.tuples(st.integers(0, 4096 + 2 * BLOCK_SIZE), st.integers(1, 9000)), min_size=1, max_size=3)


@given(CUTS, st.sampled_from([b"", b"\0", b"\xff", b"ElfChnk\0", b"**\0\0"]))
def test_whatever_is_cut_out_or_overwritten_nothing_raises_and_nothing_is_invented(
    cuts: list[tuple[int, int]], filling: bytes
) -> None:
    data = file(TWENTY, MORE)
    for at, size in cuts:
        data = data[:at] + (filling * size)[:size] + data[at + size :]
    try:
        found, reading = read(data)
    except SourceUnreadable:
        return
    batches = [
        one for records in EVTX.collect(io.BytesIO(data), Reading("x")) for one in EVTX.normalize(records, reading)
    ]
    assert sum(map(len, batches)) == len(found)
    assert len(set(found)) == len(found)
    assert set(found) <= set(through(1, 30)) or reading.notes


def test_damaged_copies_of_the_samples_lose_little(data_dir: Path) -> None:
    samples = sorted((data_dir / "evtx-attack-samples").rglob("*.evtx"))
    if not samples:
        pytest.skip("the EVTX attack samples are absent")
    for path in samples[::40]:
        data = path.read_bytes()
        whole = len(read(data)[0])
        assert len(read(b"\0" * 4096 + data[4096:])[0]) == whole, path.name
        assert len(read(b"other bytes" * 999 + data[4096:])[0]) == whole, path.name
        broken = bytearray(data)
        broken[4096 : 4096 + 512] = b"\xdd" * 512
        assert len(read(bytes(broken))[0]) >= whole * 0.9, path.name
