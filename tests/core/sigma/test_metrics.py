from __future__ import annotations

import pytest

from desktop_app.core.sigma.correlate import Item
from desktop_app.core.sigma.metrics import Collected, Counted, Distinct, Present


def item(value: str | None = None, ref: int = 0) -> Item:
    return Item(0, 0, ref, value, ())


def test_items_are_counted_and_forgotten() -> None:
    window = Counted(lambda number: number >= 2)
    window.add(item())
    assert not window.holds()
    window.add(item())
    assert window.holds()
    window.remove(item())
    assert not window.holds()


def test_a_value_counts_once_until_its_last_item_goes() -> None:
    window = Distinct(lambda number: number == 1)
    for one in ("a", "a", None):
        window.add(item(one))
    window.remove(item("a"))
    assert window.holds()
    window.remove(item("a"))
    assert not window.holds()


def test_rules_are_present_while_an_item_of_theirs_is() -> None:
    window = Present(lambda refs: refs == {0, 1})
    window.add(item(ref=0))
    window.add(item(ref=1))
    assert window.holds()
    window.remove(item(ref=0))
    assert not window.holds()


@pytest.mark.parametrize(
    ("metric", "percentile", "result"),
    [("sum", 0, 21.0), ("avg", 0, 5.25), ("median", 0, 3.5), ("percentile", 90, 13.0), ("percentile", 50, 3.0)],
)
def test_numbers_are_summed_up(metric: str, percentile: int, result: float) -> None:
    seen: list[float] = []
    window = Collected(metric, lambda value: seen.append(value) is None, percentile)
    for one in ("13", "1", "4", "3", "x", "nan", None):
        window.add(item(one))
    assert window.holds()
    assert seen == [result]
    window.remove(item("x"))
    window.remove(item("13"))
    assert window.holds()


def test_without_numbers_nothing_holds() -> None:
    assert not Collected("sum", lambda _: True, 50).holds()
