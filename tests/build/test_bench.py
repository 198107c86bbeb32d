from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from build import bench
from build.bench_measure import Figure, Took, best, cpu_seconds, folder_bytes, resident, timed
from build.bench_search import QUERIES
from build.bench_store import desk

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("section", ["store", "search"])
def test_a_section_measures_and_says_against_what(section: str) -> None:
    figures = list(bench._section(section)(2_000))
    assert len(figures) > 8
    assert any(figure.limit is not None for figure in figures)
    assert all(figure.value >= 0 for figure in figures)


def test_what_is_sent_live_is_stored_once_while_the_pages_answer() -> None:
    figures = {figure.name: figure for figure in bench._section("live")(2_000)}
    assert figures["messages sent"].value == 2_000
    assert all(figure.met for name, figure in figures.items() if "stored" in name)


def test_every_query_of_the_search_section_can_be_understood() -> None:
    from desktop_app.core.events.terms.query import parse

    assert all(parse(query) for query in QUERIES.values())


def test_an_unknown_section_is_refused() -> None:
    command = [sys.executable, "build/bench.py", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such section: nonsense" in done.stderr


def test_a_figure_tells_whether_its_target_is_met() -> None:
    assert "MISSED (at most 2)" in Figure("x", 3, "s", 2).line()
    assert "ok" in Figure("x", 2, "s", 2, "note").line()
    assert Figure("x", 3, "s").met


def test_measuring_returns_the_result_and_times() -> None:
    result, took = timed(lambda: sum(range(1000)))
    assert result == 499_500
    assert isinstance(took, Took)
    assert best(lambda: 7, runs=2)[0] == 7
    assert cpu_seconds() > 0
    assert resident() > 1


def test_a_bench_desk_is_empty_and_goes_away() -> None:
    with desk() as (folder, _):
        assert folder_bytes(folder.segments) == 0
    assert not folder.root.exists()
