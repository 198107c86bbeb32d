"""The sample lines of all formats: ``samples/<id of the format>.txt``, written by us in the ways of the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.extensions.logs.sources import test_recognise


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))


SAMPLES: Mapping[str, tuple[str, ...]] = {
    **{name: ways for name, ways in test_recognise.WAYS.items() if name != "plain"},
    **{path.stem: _lines(path) for path in sorted((Path(__file__).parent / "samples").glob("*.txt"))},
}
