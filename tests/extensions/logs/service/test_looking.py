from __future__ import annotations

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


def test_neighbours_may_be_those_of_a_search(filled: Desk) -> None:
    with filled.connection() as db:
        [tick] = filled.events.page(db, Search("tick"), limit=1).rows
        near = looking.around_id(filled, db, int(tick["id"]), 3)
        among = looking.around_id(filled, db, int(tick["id"]), 3, Search("nowhere"))
        assert (len(near.newer), len(near.older), len(among.newer)) == (3, 0, 0)
        with pytest.raises(UsageError):
            looking.around_id(filled, db, 2**63, 3)
