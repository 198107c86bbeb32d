from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.events.segment import Segment
from desktop_app.core.model import LogSource
from desktop_app.extensions.logs.views.tail import _smallest, mark, since
from tests.extensions.logs.importing import bring_in


def segment(number: int, events: int) -> Segment:
    return Segment(number, "", 1, 1, LogSource(), 0, 0, 0, 0, events, 0, "", zone_assumed=False)


def test_what_came_since_a_mark_is_found(own_desk: Desk, tmp_path: Path) -> None:
    with own_desk.connection() as db:
        newest, events = map(int, mark(db).split("."))
        assert since(db, newest, events) == []
    (tmp_path / "more.log").write_text("Nov 20 15:00:00 opc-gw sshd[1]: one\n", encoding="utf-8")
    bring_in(own_desk, [tmp_path / "more.log"])
    with own_desk.connection() as db:
        assert sum(one.events for one in since(db, newest, events)) == 1
        assert mark(db) != f"{newest}.{events}"


@pytest.mark.parametrize(
    ("sizes", "gained", "kept"),
    [
        ((5, 7), 12, [5, 7]),
        ((5, 7, 400), 12, [5, 7]),  # 400 were there before and were only put together
        ((160,), 0, []),
        ((3,), -40, []),  # an import was undone
    ],
)
def test_segments_that_were_only_put_together_bring_nothing(
    sizes: tuple[int, ...], gained: int, kept: list[int]
) -> None:
    found = [segment(number, size) for number, size in enumerate(sizes)]
    assert [one.events for one in _smallest(found, gained)] == kept
