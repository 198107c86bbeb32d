"""Measure what the program promises about speed and size, as ratios within one run.

    python build/bench.py [SECTION ...] [--rows N]

CPU time counts this process with all its threads, and its children. Wall time depends on what else the machine does;
no test relies on either. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from build.bench_measure import Figure

# Section: the module and the function that yields its figures. Each takes the number of rows.
SECTIONS = {
    "store": ("build.bench_store", "store"),
    "search": ("build.bench_search", "search"),
    "import": ("build.bench_import", "imports"),
    "evtx": ("build.bench_evtx", "evtx"),
    "detect": ("build.bench_detect", "detect"),
    "million": ("build.bench_million", "million"),
    "memory": ("build.bench_memory", "memory"),
    "pages": ("build.bench_pages", "pages"),
    "live": ("build.bench_live", "live"),
}


def _section(name: str) -> Callable[[int], Iterable[Figure]]:
    module, function = SECTIONS[name]
    found: Callable[[int], Iterable[Figure]] = getattr(importlib.import_module(module), function)
    return found


def main() -> int:
    """Run the sections and print a line a figure."""
    parser = argparse.ArgumentParser(description="Measure speed and size against their targets.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--rows", "--lines", type=int, default=1_000_000, help="events to measure with")
    options = parser.parse_args()
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    missed = 0
    for name in options.sections or SECTIONS:
        print(f"\n{name}")
        for figure in _section(name)(options.rows):
            missed += not figure.met
            print(figure.line(), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
