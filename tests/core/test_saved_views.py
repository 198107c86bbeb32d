from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core import saved_views, undo
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, ())


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as made:
        for name in ("Line 3", "Nights", "Scans"):
            saved_views.save(made, name, f"/findings/?q={name}")
        yield made


def names(db: Connection) -> list[str]:
    return [one.name for one in saved_views.listing(db)]


def test_views_stand_in_the_order_they_were_saved_in(db: Connection) -> None:
    assert names(db) == ["Line 3", "Nights", "Scans"]


def test_a_view_moves_by_one_place_and_not_beyond_the_ends(db: Connection) -> None:
    saved_views.move(db, 3, -1)
    assert names(db) == ["Line 3", "Scans", "Nights"]
    saved_views.move(db, 1, -1)
    saved_views.move(db, 2, 1)
    assert names(db) == ["Line 3", "Scans", "Nights"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "nights", " NIGHTS "])
def test_a_name_is_needed_fits_and_is_free(db: Connection, name: str) -> None:
    with pytest.raises(UsageError):
        saved_views.save(db, name, "/findings/")
    with pytest.raises(UsageError):
        saved_views.rename(db, 1, name)
    assert names(db) == ["Line 3", "Nights", "Scans"]


def test_a_view_may_keep_its_own_name_in_another_spelling(db: Connection) -> None:
    saved_views.rename(db, 2, "NIGHTS")
    assert names(db)[1] == "NIGHTS"


def test_every_decision_about_views_can_be_taken_back(desk: Desk, db: Connection) -> None:
    saved_views.remove(db, 1)
    saved_views.rename(db, 2, "Sign-ins at night")
    saved_views.move(db, 3, -1)
    assert names(db) == ["Scans", "Sign-ins at night"]
    for _ in range(3):
        undo.undo(desk, db)
    assert names(db) == ["Line 3", "Nights", "Scans"]
    undo.undo(desk, db)
    assert names(db) == ["Line 3", "Nights"]


def test_what_is_gone_is_said_to_be(db: Connection) -> None:
    assert saved_views.view(db, 9) is None
    for act in (lambda: saved_views.remove(db, 9), lambda: saved_views.rename(db, 9, "x")):
        with pytest.raises(UsageError, match="There is no such view"):
            act()


def test_there_is_an_end_to_how_many_are_kept(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 3)
    with pytest.raises(UsageError, match="No more views"):
        saved_views.save(db, "One more", "/findings/")
