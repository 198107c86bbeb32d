from __future__ import annotations

from desktop_app.web.spark import BASE, TALLEST, WIDTH, spark


def test_bars_stand_on_the_axis_and_the_fullest_reaches_the_top() -> None:
    chart = spark([(0, 1), (10, 4), (20, 2)], 30)
    assert chart is not None
    assert [bar.height for bar in chart.bars] == [11.8, TALLEST, TALLEST / 2]
    assert all(round(bar.y + bar.height, 1) == BASE for bar in chart.bars)
    assert (chart.peak, chart.most) == (10, 4)


def test_empty_buckets_are_gaps() -> None:
    chart = spark([(0, 1), (10, 0), (20, 1)], 30)
    assert chart is not None
    assert len(chart.bars) == 2
    assert chart.bars[1].x > WIDTH / 2


def test_only_the_newest_bar_is_marked() -> None:
    chart = spark([(0, 1), (10, 1), (20, 1), (30, 0)], 30)
    assert chart is not None
    assert [bar.last for bar in chart.bars] == [False, False, True]


def test_a_single_match_among_thousands_can_still_be_seen() -> None:
    chart = spark([(0, 10_000), (10, 1)], 20)
    assert chart is not None
    assert chart.bars[1].height >= 1


def test_one_moment_is_no_course_of_time() -> None:
    assert spark([(0, 5), (10, 0)], 10) is None
    assert spark([], 0) is None
