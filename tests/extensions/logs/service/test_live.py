from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.database import rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.store import live


def test_every_decision_about_a_source_can_be_undone(desk: Desk) -> None:
    with desk.connection() as db:
        number, _ = deciding.add(db, "syslog", " Firewall ", {"port": 0})
        assert live.source(db, number).name == "Firewall"
        deciding.change(db, number, "Gate", {"udp": False})
        deciding.pause(db, number)
        assert live.source(db, number).paused
        deciding.resume(db, number)
        deciding.remove(db, number)
        assert live.sources(db) == []
        undo.undo(desk, db)
        assert live.source(db, number).name == "Gate"
        for _ in range(3):
            undo.undo(desk, db)
        assert live.source(db, number).config["udp"] is True
        undo.undo(desk, db)
        assert live.sources(db) == []
        acts = [row["action"] for row in rows(db, "SELECT action FROM audit ORDER BY id")]
        assert sum("live source" in act for act in acts) == 10


def test_undoing_a_change_does_not_turn_back_how_far_it_was_read(desk: Desk) -> None:
    with desk.connection() as db:
        number, _ = deciding.add(db, "syslog", "a", {})
        deciding.pause(db, number)
        with writing(db):
            live.set_cursor(db, number, {"at": 9})
        undo.undo(desk, db)
        assert live.cursor(db, number) == {"at": 9}
        deciding.remove(db, number)
        undo.undo(desk, db)
        assert live.cursor(db, number) == {"at": 9}


def test_what_is_wrong_is_refused_with_its_word(desk: Desk) -> None:
    with desk.connection() as db:
        with pytest.raises(UsageError, match="port"):
            deciding.add(db, "syslog", "a", {"port": 99_999})
        with pytest.raises(UsageError, match="no kind of source"):
            deciding.add(db, "fax", "a", {})
        number, _ = deciding.add(db, "syslog", "a", {})
        with pytest.raises(UsageError, match="has that name"):
            deciding.add(db, "syslog", "a", {})
        deciding.change(db, number, "a", {"port": 1514})
        assert live.source(db, number).config["port"] == 1514


def test_two_sources_of_one_path_are_refused_however_it_is_written(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(tmp_path)
    path = str(tmp_path / "a.log")
    with desk.connection() as db:
        number, _ = deciding.add(db, "follow", "First", {"path": path})
        other, _ = deciding.add(db, "follow", "Second", {"path": str(tmp_path / "b.log")})
        for same in (path, f"{tmp_path}/./x/../a.log", str(tmp_path / "linked" / "a.log")):
            with pytest.raises(UsageError, match="The source First reads this path already"):
                deciding.add(db, "follow", "Third", {"path": same})
        with pytest.raises(UsageError, match="each line would be read twice"):
            deciding.change(db, other, "Second", {"path": path})
        deciding.change(db, number, "First, renamed", {"path": path})
        deciding.remove(db, number)
        deciding.change(db, other, "Second", {"path": path})
