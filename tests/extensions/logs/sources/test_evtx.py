"""Windows event log files."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.messages import describe
from desktop_app.extensions.logs.model import Reading, Sample
from desktop_app.extensions.logs.sources.evtx import EVTX, Ordinals
from desktop_app.extensions.logs.sources.winflat import Flattener
from tests.extensions.logs.sources.evtx_writer import block, event, file
from tests.extensions.logs.sources.reading import in_lists

FAILED = {"TargetUserName": "opcadmin", "IpAddress": "10.20.4.31", "LogonType": "3", "SubStatus": "0xc000006a"}


def read(data: bytes, reading: Reading | None = None) -> list[EventBatch]:
    reading = reading or Reading("x.evtx")
    batches = (EVTX.normalize(records, reading) for records in EVTX.collect(io.BytesIO(data), reading))
    return [in_lists(one) for some in batches for one in some]


def test_a_file_is_known_by_its_mark_or_by_that_of_its_first_block() -> None:
    whole = file(block([event(1)]))
    assert EVTX.sniff(Sample("x", whole)) == 1.0
    assert EVTX.sniff(Sample("x", bytes(4096) + whole[4096:])) == 1.0
    assert EVTX.sniff(Sample("x", b"Event,Log\n")) == 0.0
    assert EVTX.sniff(Sample("x", b"")) == 0.0


def test_an_event_becomes_columns_under_windows_own_names() -> None:
    (batch,) = read(file(block([event(4711, data=FAILED)])))
    assert batch.log_source.name == "windows-any-security"
    assert batch.time.tolist() == [1767323045678901]
    assert batch.ordinal.tolist() == [4711]
    assert (batch.host, batch.source, batch.level) == (["OPC-GW-02"], ["Security"], ["warning"])
    assert batch.message == ["Sign-in failed for opcadmin from 10.20.4.31 (over the network): wrong password"]
    assert {name: column[0] for name, column in batch.fields.items()} == {
        **FAILED,
        "EventID": "4625",
        "Channel": "Security",
        "Computer": "OPC-GW-02",
        "Level": "0",
        "Keywords": "0x8010000000000000",
        "EventRecordID": "4711",
        "Provider_Name": "Microsoft-Windows-Security-Auditing",
        "Execution_ProcessID": "708",
        "Execution_ThreadID": "12",
    }


def test_raw_text_read_again_from_the_store_gives_the_same_events() -> None:
    data = file(block([event(1, data=FAILED), event(2, 4624)]))
    (records,) = EVTX.collect(io.BytesIO(data), Reading("x"))
    stored = records.listed()  # the store gives texts
    first, again = (in_lists(EVTX.normalize(one, Reading("x"))[0]) for one in (records, stored))
    assert (first.message, first.fields, first.raw) == (again.message, again.fields, again.raw)


def test_numbers_of_records_that_repeat_stay_unique_in_the_file() -> None:
    (batch,) = read(file(block([event(5), event(5), event(6)]), block([event(6), event(7)], first=4)))
    assert batch.ordinal.tolist() == [5, 1 << 31, 6, (1 << 31) + 1, 7]
    assert batch.fields["EventRecordID"] == ["5", "5", "6", "6", "7"]


def test_ordinals_never_repeat_whatever_a_file_claims() -> None:
    dice = random.Random(7)
    claimed = [dice.choice((dice.randrange(40), dice.randrange(1 << 63), 0)) for _ in range(2000)]
    ordinals = Ordinals()
    given = [number for at in range(0, 2000, 100) for number in ordinals.unique(claimed[at : at + 100]).tolist()]
    assert len(set(given)) == len(given)
    assert all(0 < number < 1 << 32 for number in given)


def test_damage_is_told_in_one_note_and_counted() -> None:
    broken = block([event(number) for number in range(1, 21)])
    broken = broken[:3000] + b"\xff" * 600 + broken[3600:]
    reading = Reading("x.evtx")
    batches = read(file(broken, b"\xa5" * 65536, block([event(21)], first=21)), reading)
    read_count = sum(len(one) for one in batches)
    assert reading.skipped == 21 - read_count > 0
    assert len(reading.notes) == 1
    assert f"lost: {reading.skipped}" in str(reading.notes[0])
    assert "affected: 2" in str(reading.notes[0])


def test_a_sound_file_leaves_no_note() -> None:
    reading = Reading("x.evtx")
    read(file(block([event(1)])), reading)
    assert (reading.notes, reading.skipped, reading.unparsed, reading.error) == ([], 0, 0, None)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SourceUnreadable):
        read(b"")


@pytest.fixture(scope="module")
def attack_samples(data_dir: Path) -> list[Path]:
    found = sorted((data_dir / "evtx-attack-samples").rglob("*.[eE][vV][tT][xX]"))
    if not found:
        pytest.skip("the EVTX attack samples are absent")
    return found


def outcomes(paths: list[Path]) -> Iterator[tuple[Path, Reading, list[EventBatch]]]:
    for path in paths:
        reading = Reading(path.name)
        yield path, reading, read(path.read_bytes(), reading)


def test_the_attack_samples_are_read_to_the_last_event(attack_samples: list[Path]) -> None:
    events = 0
    for path, reading, batches in outcomes(attack_samples):
        assert (reading.notes, reading.skipped, reading.unparsed) == ([], 0, 0), path.name
        ordinals = [number for one in batches for number in one.ordinal.tolist()]
        assert len(set(ordinals)) == len(ordinals), path.name
        for one in batches:
            assert all(len(column) == len(one) for column in one.fields.values()), path.name
            assert all(one.message), path.name
            assert int(one.time.min()) > 1_400_000_000_000_000, path.name
        events += len(ordinals)
    assert (len(attack_samples), events) == (277, 8255)


def test_the_attack_samples_read_together_are_what_each_event_is_by_itself(attack_samples: list[Path]) -> None:
    for path in attack_samples:
        for records in EVTX.collect(io.BytesIO(path.read_bytes()), Reading(path.name)):
            flattener, exact = Flattener(), {}
            for ordinal, raw in zip(records.ordinal.tolist(), records.raw, strict=True):
                flat, _ = flattener.flatten(orjson.loads(raw)["Event"])
                exact[ordinal] = (flat, describe(flat, "en"), raw)
            for batch in map(in_lists, EVTX.normalize(records, Reading(path.name))):
                for row, ordinal in enumerate(batch.ordinal.tolist()):
                    fields = {
                        name: value for name, column in batch.fields.items() if (value := column[row]) is not None
                    }
                    assert exact.pop(ordinal) == (fields, batch.message[row], batch.raw[row]), (path.name, ordinal)
            assert not exact, path.name


def test_one_damaged_sample_loses_only_what_is_damaged(attack_samples: list[Path]) -> None:
    path = max(attack_samples, key=lambda one: one.stat().st_size)
    data = bytearray(path.read_bytes())
    whole = sum(map(len, read(bytes(data))))
    at = 4096 + 65536
    data[at : at + 65536] = b"\x5a" * 65536
    reading = Reading(path.name)
    rest = sum(map(len, read(bytes(data), reading)))
    assert 0 < whole - rest < 65536 // 28
    assert len(reading.notes) == 1


def test_random_damage_never_raises(attack_samples: list[Path]) -> None:
    dice = random.Random(20260101)
    small = [path for path in attack_samples if path.stat().st_size < 80_000]
    for path in dice.sample(small, 40):
        data = bytearray(path.read_bytes())
        for _ in range(60):
            data[dice.randrange(4096 + 128, len(data))] = dice.randrange(256)
        for batch in read(bytes(data)):
            assert all(len(column) == len(batch) for column in batch.fields.values())
