"""Every format of which there are sample lines goes on where an earlier copy of the same log ended."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.sources.recognise import FORMATS
from tests.extensions.logs.jobs.test_earlier_growing import MAKERS, check, places  # noqa: F401 - a fixture

SAMPLES = Path(__file__).resolve().parents[1] / "sources" / "samples"
# Lines of the same family as one that is sampled.
UNSAMPLED = {"macos"}
GROWING = sorted(one.id for one in FORMATS if one.growable and (SAMPLES / f"{one.id}.txt").is_file())


def test_every_format_that_grows_is_made_up_or_sampled() -> None:
    made = {format_id for format_id, _ in MAKERS.values()}
    assert {one.id for one in FORMATS if one.growable} - made - set(GROWING) == UNSAMPLED


@pytest.mark.parametrize("format_id", GROWING)
def test_a_beginning_and_then_the_whole_bring_what_the_whole_brings(
    desk: Desk,
    places: Iterator[Path],  # noqa: F811 - a fixture
    format_id: str,
) -> None:
    data = (SAMPLES / f"{format_id}.txt").read_bytes()
    pick = random.Random(format_id)
    for cut in sorted(pick.randrange(1, len(data)) for _ in range(4)):
        check(desk, places, data, cut)
