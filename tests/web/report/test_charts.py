from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.model import Severity
from desktop_app.core.reports import Span, Tally
from desktop_app.web.report import charts
from desktop_app.web.spark import Bar, Spark
from desktop_app.web.times import DAY

UTC = ZoneInfo("UTC")


def span(day: int, **counts: int) -> Span:
    return Span(day * DAY, {one: counts.get(one.name.lower(), 0) for one in reversed(Severity)})


@pytest.mark.parametrize(
    ("most", "top", "marks"),
    [(1, 1, (0, 1)), (4, 4, (0, 1, 2, 3, 4)), (7, 8, (0, 2, 4, 6, 8)), (90, 100, (0, 50, 100))],
)
def test_an_axis_has_round_numbers(most: int, top: int, marks: tuple[int, ...]) -> None:
    assert charts.scale(most) == charts.Scale(top, marks)


@given(st.integers(1, 10**7))
def test_an_axis_holds_its_count_with_few_lines(most: int) -> None:
    scale = charts.scale(most)
    assert scale.top >= most
    assert 2 <= len(scale.marks) <= 5
    assert scale.marks[-1] == scale.top


def test_days_are_stacked_bars_inside_the_picture() -> None:
    drawn = charts.days([span(0, critical=1, low=3), span(1), span(2, medium=2)], UTC)
    assert drawn is not None
    assert [bar["class"] for bar in drawn["bars"]] == ["crit", "low", "med"]
    crit, low, _ = drawn["bars"]
    assert crit["y"] == pytest.approx(low["y"] + low["height"], abs=0.2)
    assert all(bar["y"] >= 0 and bar["y"] + bar["height"] <= charts.BASE + 0.1 for bar in drawn["bars"])
    assert [tick["words"] for tick in drawn["ticks"]] == ["01-01", "01-02", "01-03"]


def test_many_days_have_few_names() -> None:
    drawn = charts.days([span(day, low=1) for day in range(60)], UTC)
    assert drawn is not None
    assert 1 < len([tick for tick in drawn["ticks"] if tick["words"]]) <= charts.MOST_TICKS


def test_nothing_is_not_drawn() -> None:
    assert charts.days([], UTC) is None
    assert charts.days([span(0)], UTC) is None


def test_a_ranking_is_measured_by_its_first() -> None:
    tallies = [Tally("a", 10, Severity.HIGH), Tally("b", 5, Severity.LOW)]
    assert charts.ranking(tallies, {"a": "A rule"}) == [
        {"name": "A rule", "count": 10, "class": "high", "length": 100.0},
        {"name": "b", "count": 5, "class": "low", "length": 50.0},
    ]
    assert charts.ranking([], {}) == []


def test_a_findings_own_chart_is_its_bars() -> None:
    bar = Bar(1.0, 2.0, 3.0, 4.0, last=True)
    assert charts.small(Spark((bar,), 0, 1, 0, 1)) == [{"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0}]
    assert charts.small(None) == []
