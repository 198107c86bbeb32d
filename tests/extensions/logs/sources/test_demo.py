"""The sample data as a whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.decode import take_sample
from desktop_app.extensions.logs.sources.demo import FILES, write_demo
from desktop_app.extensions.logs.sources.demo_story import LENGTH, QUIET_END
from desktop_app.extensions.logs.sources.recognise import recognise

NOW = 1_795_345_200_000_000


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_demo(tmp_path_factory.mktemp("demo"), NOW)


@pytest.fixture(scope="module")
def batches(written: list[Path]) -> dict[str, list[EventBatch]]:
    read: dict[str, list[EventBatch]] = {}
    for path in written:
        with path.open("rb") as stream:
            sample = take_sample(path.name, stream)
        chosen, _ = recognise(sample)
        reading = Reading(path.name, encoding=sample.encoding)
        with path.open("rb") as stream:
            read[path.name] = [
                one for records in chosen.collect(stream, reading) for one in chosen.normalize(records, reading)
            ]
        assert (reading.unparsed, reading.skipped, reading.zone_assumed) == (0, 0, False), path.name
    return read


def test_every_file_says_that_it_is_sample_data(written: list[Path]) -> None:
    assert [path.name for path in written] == list(FILES)
    for path in written:
        assert path.name.startswith("sample-")
        assert "sample" in path.read_text("utf-8").partition("\n")[0].lower(), path.name


def test_the_same_moment_gives_the_same_bytes(written: list[Path], tmp_path: Path) -> None:
    again = write_demo(tmp_path, NOW)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_some_fifty_thousand_events_of_two_days_end_shortly_before_now(batches: dict[str, list[EventBatch]]) -> None:
    times = np.concatenate([one.time for found in batches.values() for one in found])
    assert 20_000 <= len(times) <= 60_000
    assert int(times.min()) == NOW - LENGTH
    assert NOW - 10 * QUIET_END < int(times.max()) <= NOW - QUIET_END


def test_each_kind_of_log_is_there(batches: dict[str, list[EventBatch]]) -> None:
    assert {one.log_source.name for found in batches.values() for one in found} >= {
        "linux-any-auth", "linux-any-syslog", "any-webserver-access", "windows-any-security", "windows-any-system",
        "windows-any-windefend",
    }  # fmt: skip


def test_the_story_can_be_found_in_the_windows_events(batches: dict[str, list[EventBatch]]) -> None:
    seen = Counter(
        number for one in batches["sample-OPC-GW-02-events.jsonl"] for number in one.fields["EventID"] if number
    )
    assert seen["4625"] >= 38
    assert {"4624", "4720", "4732", "7045", "4698", "1102"} <= set(seen)
