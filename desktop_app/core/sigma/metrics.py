"""What a correlation's window holds, kept up to date one item at a time."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable
from typing import Protocol

Test = Callable[[float], bool]


class Countable(Protocol):
    """The part of an item that windows look at."""

    @property
    def ref(self) -> int:
        """Which of the correlation's rules."""

    @property
    def value(self) -> str | None:
        """The counted field."""


class Counted:
    """How many items."""

    def __init__(self, test: Test) -> None:
        self._test = test
        self._number = 0

    def add(self, _item: Countable) -> None:
        """Take an item in."""
        self._number += 1

    def remove(self, _item: Countable) -> None:
        """Let an item go."""
        self._number -= 1

    def holds(self) -> bool:
        """Say whether the condition is fulfilled."""
        return self._test(self._number)


class Distinct:
    """How many different values; items without the field do not count."""

    def __init__(self, test: Test) -> None:
        self._test = test
        self._values: Counter[str] = Counter()

    def add(self, item: Countable) -> None:
        """Take an item in."""
        if item.value is not None:
            self._values[item.value] += 1

    def remove(self, item: Countable) -> None:
        """Let an item go."""
        if item.value is not None:
            self._values[item.value] -= 1
            if not self._values[item.value]:
                del self._values[item.value]

    def holds(self) -> bool:
        """Say whether the condition is fulfilled."""
        return self._test(len(self._values))


class Present:
    """Which of the rules occur."""

    def __init__(self, test: Callable[[frozenset[int]], bool]) -> None:
        self._test = test
        self._refs: Counter[int] = Counter()

    def add(self, item: Countable) -> None:
        """Take an item in."""
        self._refs[item.ref] += 1

    def remove(self, item: Countable) -> None:
        """Let an item go."""
        self._refs[item.ref] -= 1
        if not self._refs[item.ref]:
            del self._refs[item.ref]

    def holds(self) -> bool:
        """Say whether the condition is fulfilled."""
        return self._test(frozenset(self._refs))


class Collected:
    """Sum, average, median or percentile (nearest rank) of a number; items without one do not count."""

    def __init__(self, metric: str, test: Test, percentile: float) -> None:
        self._metric = metric
        self._test = test
        self._share = (50.0 if metric == "median" else percentile) / 100
        self._numbers: list[float] = []

    @staticmethod
    def _number(item: Countable) -> float | None:
        try:
            number = float(item.value) if item.value is not None else math.nan
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def add(self, item: Countable) -> None:
        """Take an item in."""
        number = self._number(item)
        if number is not None:
            insort(self._numbers, number)

    def remove(self, item: Countable) -> None:
        """Let an item go."""
        number = self._number(item)
        if number is not None:
            del self._numbers[bisect_left(self._numbers, number)]

    def holds(self) -> bool:
        """Say whether the condition is fulfilled; without a number nothing is."""
        return bool(self._numbers) and self._test(self._result())

    def _result(self) -> float:
        if self._metric == "sum":
            return math.fsum(self._numbers)
        if self._metric == "avg":
            return math.fsum(self._numbers) / len(self._numbers)
        if self._metric == "median" and len(self._numbers) % 2 == 0:
            half = len(self._numbers) // 2
            return (self._numbers[half - 1] + self._numbers[half]) / 2
        return self._numbers[max(0, math.ceil(self._share * len(self._numbers)) - 1)]
