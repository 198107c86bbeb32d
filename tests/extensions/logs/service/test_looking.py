from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events.search import Search
from desktop_app.extensions.logs.service import looking
from tests.extensions.logs.importing import bring_in, guesses

LINES = "2026-11-20T05:59:00Z gate cron[1]: tick\n"


@pytest.fixture
def filled(desk: Desk, tmp_path: Path) -> Desk:
    log = tmp_path / "auth.log"
    log.write_text(LINES + guesses(40), encoding="utf-8")
    bring_in(desk, [log])
    return desk


def test_an_empty_desk_has_nothing_unusual(desk: Desk) -> None:
    with desk.connection() as db:
        assert looking.unusual(desk, db, Search(), "before") is None
    assert looking.unusual_json(None)["unusual"] == []


def test_without_times_the_last_day_is_looked_at(filled: Desk) -> None:
    with filled.connection() as db:
        compared = looking.unusual(filled, db, Search(), "rest")
    assert compared is not None
    assert (compared.found.here, compared.found.there) == (41, 0)


def test_fields_that_a_search_fixes_are_no_news(filled: Desk) -> None:
    window = Search("", (), 1_795_154_400_000_000, None)
    with filled.connection() as db:
        full = looking.unusual(filled, db, window, "rest")
        narrowed = looking.unusual(filled, db, window, "rest", without={"host"})
    assert full is not None
    assert narrowed is not None
    assert "host" not in {one.field for one in narrowed.found.oddities}


def test_what_a_column_says_is_not_said_again_by_a_field_of_windows_events(desk: Desk, tmp_path: Path) -> None:
    events = [
        {"EventID": 1, "Channel": "System", "Level": 2 if hour == 9 else 4, "Computer": f"PC{hour}",
         "EventRecordID": row, "TimeCreated": f"2026-11-20T{hour:02}:00:{row % 60:02}Z", "Hour": str(hour)}
        for row, hour in enumerate([8] * 200 + [9] * 100)
    ]  # fmt: skip
    (tmp_path / "system.jsonl").write_text("\n".join(map(json.dumps, events)), encoding="utf-8")
    bring_in(desk, [tmp_path / "system.jsonl"])
    with desk.connection() as db:
        compared = looking.unusual(desk, db, Search("", (), 1_795_165_200_000_000, None), "rest")
    assert compared is not None
    assert {one.field for one in compared.found.oddities} == {"level", "host", "Hour"}


def test_neighbours_may_be_those_of_a_search(filled: Desk) -> None:
    with filled.connection() as db:
        [tick] = filled.events.page(db, Search("tick"), limit=1).rows
        near = looking.around_id(filled, db, int(tick["id"]), 3)
        among = looking.around_id(filled, db, int(tick["id"]), 3, Search("nowhere"))
        assert (len(near.newer), len(near.older), len(among.newer)) == (3, 0, 0)
        with pytest.raises(UsageError):
            looking.around_id(filled, db, 2**63, 3)
