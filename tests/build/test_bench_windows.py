from __future__ import annotations

from pathlib import Path

import pytest

from build import bench_windows


def test_everyday_events_are_read_as_windows_events_of_many_kinds() -> None:
    made = list(bench_windows.batches(500, share=0))
    assert sum(map(len, made)) == 500
    assert {one.log_source.service for one in made} >= {"sysmon", "security", "system"}
    assert all(len(set(one.ordinal.tolist())) == len(one) for one in made)


def test_the_same_events_come_in_every_run() -> None:
    assert bench_windows.everyday(50, 7) == bench_windows.everyday(50, 7) != bench_windows.everyday(50, 8)


def test_recorded_attacks_get_new_times_and_numbers(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_windows, "DATA", data_dir)
    recorded = bench_windows.attacks()[:20]
    changed = bench_windows.shifted(recorded, 1000)
    assert '"EventRecordID":1019' in changed[19]
    assert len(set(changed)) == 20
