"""The figures of a million Windows events."""

from __future__ import annotations

from pathlib import Path

import pytest

from build import bench_million, bench_windows
from build.bench_measure import Took


def test_each_stage_is_measured_and_the_whole_in_a_process_of_its_own(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (data_dir / "evtx-attack-samples").is_dir():
        pytest.skip("the EVTX attack samples are absent")
    monkeypatch.setattr(bench_windows, "DATA", data_dir)
    figures = {figure.name: figure for figure in bench_million.million(2_000)}
    assert figures.keys() > bench_million._STAGES.keys()
    assert all(figure.value > 0 for figure in figures.values())
    assert "0 findings" not in figures["import with all rules"].note
    assert figures.keys() > {"read, into columns, matched; no store", "all rules over the stored events"}


def test_a_stage_within_another_counts_once() -> None:
    stages = bench_million.Stages()
    stages._count("the bit sets", Took(2.0, 2.0))
    stages._count("writing", Took(5.0, 5.0))
    assert (stages.took["writing"], stages.took["the bit sets"]) == (3.0, 2.0)


def test_without_the_rules_nothing_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_windows, "DATA", tmp_path / "absent")
    assert list(bench_million.million(10)) == []
