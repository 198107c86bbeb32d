"""What every section of ``bench.py`` measures with."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; ``limit`` is the most it may be (None: only told)."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        """Tell whether the target, if there is one, is met."""
        return self.limit is None or self.value <= self.limit

    def line(self) -> str:
        """Return the figure as a line of text."""
        target = "" if self.limit is None else f"  {'ok' if self.met else 'MISSED'} (at most {self.limit:g})"
        note = f"  {self.note}" if self.note else ""
        return f"  {self.name:44s} {self.value:10.3f} {self.unit}{target}{note}"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds."""

    cpu: float
    wall: float


def cpu_seconds() -> float:
    """Return the CPU time of this process, its threads and its finished children."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def timed(work: Callable[[], Result]) -> tuple[Result, Took]:
    """Run once and say what it took."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    result = work()
    return result, Took(cpu_seconds() - cpu, time.perf_counter() - wall)


def best(work: Callable[[], Result], runs: int = 3) -> tuple[Result, Took]:
    """Run several times and keep the least of each time: what is left is what the work itself costs."""
    tries = [timed(work) for _ in range(runs)]
    return tries[-1][0], Took(min(took.cpu for _, took in tries), min(took.wall for _, took in tries))


def resident() -> float:
    """Return the memory this process holds now, in MB."""
    return float(psutil.Process().memory_info().rss) / 1e6


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
