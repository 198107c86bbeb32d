"""The figures of EVTX import."""

from __future__ import annotations

from pathlib import Path

import pytest

from build import bench_evtx


def test_each_stage_is_measured_beside_the_library_alone(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (data_dir / "evtx-attack-samples").is_dir():
        pytest.skip("the EVTX attack samples are absent")
    monkeypatch.setattr(bench_evtx, "DATA", data_dir)
    monkeypatch.setattr(bench_evtx, "_RUNS", 1)
    figures = {figure.name: figure.value for figure in bench_evtx.evtx(10)}
    assert len(figures) == 7
    assert all(value > 0 for value in figures.values())
    assert figures["import without rules"] > figures["the evtx library alone"]


def test_without_recordings_nothing_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_evtx, "DATA", tmp_path)
    assert list(bench_evtx.evtx(10)) == []
