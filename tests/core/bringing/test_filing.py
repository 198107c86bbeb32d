from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import audit, undo
from desktop_app.core.bringing import filing
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError, UsageError
from desktop_app.core.extension import Extension
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text

SAID = text("Took files")


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    """A desk with its own way back for files."""
    room = Extension(id="desk", title=text("Desk"), version="1", ways_back={filing.KIND: filing.put_back})
    return Desk(folder, (room,))


def bring(desk: Desk, db: Connection, *gone: str, **files: str) -> undo.Decision | None:
    named = {name.replace("__", "/"): content.encode() for name, content in files.items()}
    return filing.take(desk, db, filing.plan(desk.folder, "handbook", named, gone), SAID)


def lying(desk: Desk) -> dict[str, str]:
    root = desk.folder.root / "handbook"
    return {one.relative_to(root).as_posix(): one.read_text("utf-8") for one in root.rglob("*") if one.is_file()}


def test_a_plan_tells_new_changed_gone_and_unchanged(desk: Desk, folder: DataFolder) -> None:
    with desk.connection() as db:
        bring(desk, db, a="1", b="1", c="1")
    planned = filing.plan(folder, "handbook", {"a": b"1", "b": b"2", "d": b"1"}, ("c",))
    assert [one.what for one in planned.changes] == ["unchanged", "changed", "gone", "new"]
    assert planned.acts


def test_an_undo_restores_every_byte_and_takes_away_what_was_new(desk: Desk) -> None:
    with desk.connection() as db:
        bring(desk, db, a="1", b="1")
        before = lying(desk)
        done = bring(desk, db, "b", a="2", deep__folder__c="3")
        assert done is not None
        assert lying(desk) == {"a": "2", "deep/folder/c": "3"}
        assert "Took files" in [str(one.action) for one in audit.entries(db)]
        undo.undo(desk, db, done.undo_id)
        assert lying(desk) == before
        assert not (desk.folder.root / "handbook" / "deep").exists()


def test_what_is_there_already_leaves_no_undo(desk: Desk) -> None:
    with desk.connection() as db:
        bring(desk, db, a="1")
        assert bring(desk, db, a="1") is None


def test_a_file_that_was_changed_meanwhile_is_not_written_over(desk: Desk) -> None:
    with desk.connection() as db:
        done = bring(desk, db, a="1")
        assert done is not None
        planned = filing.plan(desk.folder, "handbook", {"a": b"2"})
        (desk.folder.root / "handbook" / "a").write_text("mine", encoding="utf-8")
        with pytest.raises(UsageError, match="changed meanwhile"):
            filing.take(desk, db, planned, SAID)
        with pytest.raises(UsageError, match="changed meanwhile"):
            undo.undo(desk, db, done.undo_id)
        assert lying(desk) == {"a": "mine"}
        assert undo.latest(db) is not None


def test_an_earlier_bringing_waits_for_the_later_one(desk: Desk) -> None:
    with desk.connection() as db:
        first = bring(desk, db, a="1")
        bring(desk, db, a="2")
        assert first is not None
        with pytest.raises(UsageError, match="later decision"):
            undo.undo(desk, db, first.undo_id)


def test_nothing_is_written_through_a_link(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (desk.folder.root / "handbook").symlink_to(tmp_path / "elsewhere")
    with desk.connection() as db, pytest.raises(UsageError, match="is a link"):
        bring(desk, db, a="1")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_where_one_file_cannot_be_written_none_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write, full = Path.write_bytes, ["disk"]

    def fails(path: Path, content: bytes) -> int:
        if path.name == ".b.part" and full:
            full.clear()
            raise OSError(28, "No space left on device")
        return write(path, content)

    with desk.connection() as db:
        bring(desk, db, a="1", b="1")
        monkeypatch.setattr(Path, "write_bytes", fails)
        with pytest.raises(StoreError, match="No space left"):
            bring(desk, db, a="2", b="2")
        assert lying(desk) == {"a": "1", "b": "1"}
        assert len(undo.entries(db)) == 1


def test_a_kept_content_that_is_gone_is_told(desk: Desk) -> None:
    with desk.connection() as db:
        bring(desk, db, a="1")
        done = bring(desk, db, a="2")
        assert done is not None
        for one in (desk.folder.root / filing.KEPT).iterdir():
            one.unlink()
        with pytest.raises(StoreError, match="not kept any more"):
            undo.undo(desk, db, done.undo_id)
        assert lying(desk) == {"a": "2"}
