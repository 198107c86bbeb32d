"""EVTX block by block."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.evtx_blocks import HEADER_SIZE, Damage, blocks, records
from desktop_app.extensions.logs.sources.evtx_carve import BLOCK_SIZE
from tests.extensions.logs.sources.evtx_writer import block, event, file


def read(data: bytes | BinaryIO) -> tuple[int, Damage]:
    damage = Damage()
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    count = sum(len(records(one, damage)) for one, _ in blocks(stream, damage, Reading("x.evtx")))
    return count, damage


TWENTY = block([event(number) for number in range(1, 21)])
MORE = block([event(number) for number in range(21, 31)], first=21)


def test_all_records_of_all_blocks_are_read() -> None:
    assert read(file(TWENTY, MORE)) == (30, Damage())


def test_unused_blocks_are_no_damage() -> None:
    assert read(file(TWENTY, bytes(BLOCK_SIZE), bytes(BLOCK_SIZE))) == (20, Damage())


def test_a_block_of_rubbish_costs_only_itself() -> None:
    assert read(file(TWENTY, b"\xa5" * BLOCK_SIZE, MORE)) == (30, Damage(events=0, blocks=1))


def test_a_broken_record_costs_itself_and_is_counted() -> None:
    broken = bytearray(TWENTY)
    second = 512 + struct.unpack_from("<I", broken, 516)[0]
    broken[second + 28 : second + 60] = b"\xff" * 32
    assert read(file(bytes(broken), MORE)) == (29, Damage(events=1, blocks=1))


def test_what_is_overwritten_inside_a_block_is_counted() -> None:
    broken = bytearray(TWENTY)
    broken[512 + 3000 : 512 + 6000] = bytes(3000)
    count, damage = read(file(bytes(broken), MORE))
    assert 10 < count < 30
    assert damage == Damage(events=30 - count, blocks=1)


def test_broken_tables_of_names_do_not_cost_the_records() -> None:
    broken = bytearray(TWENTY)
    broken[128:512] = struct.pack("<I", 0xFFF0) * 96
    assert read(file(bytes(broken)))[0] == 20


def test_a_file_that_is_cut_gives_all_that_is_still_there() -> None:
    whole = file(TWENTY, MORE)
    count, damage = read(whole[: HEADER_SIZE + BLOCK_SIZE + 2000])
    assert 20 < count < 30
    assert damage == Damage(events=30 - count, blocks=1)


def test_a_wrong_file_header_costs_nothing_but_a_remark() -> None:
    assert read(b"\0" * HEADER_SIZE + TWENTY) == (20, Damage(events=0, blocks=1))


def test_a_header_that_knows_too_few_blocks_hides_none() -> None:
    data = bytearray(file(TWENTY, MORE))
    struct.pack_into("<H", data, 42, 1)
    assert read(bytes(data)) == (30, Damage())


def test_records_written_after_the_block_header_are_read() -> None:
    stale = bytearray(TWENTY)
    end = 512
    for _ in range(5):
        end += struct.unpack_from("<I", stale, end + 4)[0]
    struct.pack_into("<Q", stale, 16, 5)
    struct.pack_into("<I", stale, 48, end)
    assert read(file(bytes(stale))) == (20, Damage())


def test_reading_goes_on_at_the_next_block_where_bytes_are_missing() -> None:
    data = file(TWENTY, MORE)
    count, damage = read(data[: HEADER_SIZE + 60_000] + data[HEADER_SIZE + BLOCK_SIZE :])
    assert count == 30 or damage
    assert count >= 20


@pytest.mark.parametrize("data", [b"", b"ElfFil", b"no event log at all\n" * 9000, bytes(200_000)])
def test_another_kind_of_file_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="not a Windows event log"):
        read(data)


class Slow(io.BytesIO):
    """Answers in pieces, as members of archives do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 777))


def test_a_stream_that_answers_in_pieces_is_read_whole() -> None:
    assert read(Slow(file(TWENTY, MORE))) == (30, Damage())


class Breaking(io.BytesIO):
    """Breaks off after the first block."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= HEADER_SIZE + BLOCK_SIZE:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_stream_that_breaks_off_keeps_what_came_before_and_says_why() -> None:
    reading, damage = Reading("x.evtx"), Damage()
    found = list(blocks(Breaking(file(TWENTY, MORE)), damage, reading))
    assert [consumed for _, consumed in found] == [HEADER_SIZE + BLOCK_SIZE]
    assert "Input/output error" in str(reading.error)
