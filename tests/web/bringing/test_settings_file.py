from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from desktop_app.core import audit, settings, undo
from desktop_app.core.bringing.opened import NotTaken
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.web.bringing import settings_file
from desktop_app.web.bringing.settings_file import Plan

HERE = Path("watchdesk-settings.json")


def planned(desk: Desk, db: Connection, values: dict[str, Any], **more: Any) -> Plan:
    whole = {"watchdesk": "settings", "format": 1, "settings": values} | more
    found = settings_file.read(orjson.dumps(whole))
    assert found is not None
    return settings_file.plan(desk, db, HERE, found)


def test_what_is_exported_changes_nothing_when_it_comes_back(desk: Desk, db: Connection) -> None:
    found = settings_file.read(settings_file.export(desk, db))
    assert found is not None
    back = settings_file.plan(desk, db, HERE, found)
    assert (back.changes, back.left, back.same) == ((), (), len(desk.settings))
    assert "Handed out the settings as a file" in [str(one.action) for one in audit.entries(db)]


def test_the_file_holds_the_declared_settings_and_nothing_else_of_the_desk(desk: Desk, db: Connection) -> None:
    with writing(db):
        settings.store(db, {"a_hidden_word": "swordfish", "theme": "dark"})
    content = settings_file.export(desk, db)
    assert b"swordfish" not in content
    held = orjson.loads(content)
    assert set(held["settings"]) == {one.key for one in desk.settings}
    assert held["settings"]["theme"] == "dark"


def test_only_what_differs_changes_and_one_undo_takes_it_back(desk: Desk, db: Connection) -> None:
    plan = planned(desk, db, {"theme": "dark", "language": "auto", "keys": "0", "lock_minutes": "20"})
    assert [(one.setting.key, one.before, one.after) for one in plan.changes] == [
        ("theme", "auto", "dark"), ("keys", "1", "0"), ("lock_minutes", "15", "20"),
    ]  # fmt: skip
    assert [str(one.shown(one.after)) for one in plan.changes] == ["Dark", "Off", "20"]
    done = settings_file.take(desk, db, plan, {"theme", "keys"})
    assert done is not None
    assert str(done.summary) == "Took settings from watchdesk-settings.json"
    assert settings.get(db, settings.THEME) == "dark"
    assert settings.get(db, settings.LOCK_MINUTES) == 15
    undo.undo(desk, db, done.undo_id)
    assert (settings.get(db, settings.THEME), settings.get(db, settings.KEYS)) == ("auto", True)


def test_what_cannot_be_taken_is_left_with_its_reason(desk: Desk, db: Connection) -> None:
    plan = planned(desk, db, {"theme": "pink", "unknown": "1", "lock_minutes": 20, "key_note": "c", "keys": "0"})
    assert [one.setting.key for one in plan.changes] == ["keys"]
    assert {name: str(why).partition(".")[0] for name, why in plan.left} == {
        "theme": "Choose one of the offered values",
        "unknown": "This desk has no such setting",
        "lock_minutes": "Its value is no text, or longer than any",
        "key_note": "This key is taken: Confirm the finding",
    }


def test_two_keys_that_change_places_are_taken_together_or_not_at_all(desk: Desk, db: Connection) -> None:
    plan = planned(desk, db, {"key_note": "c", "key_confirm": "n"})
    assert len(plan.changes) == 2
    with pytest.raises(UsageError, match="This key is taken"):
        settings_file.take(desk, db, plan, {"key_note"})
    assert settings_file.take(desk, db, plan, {"key_note", "key_confirm"}) is not None


@pytest.mark.parametrize("more", [{"format": 2}, {"settings": []}])
def test_a_format_of_later_is_refused(desk: Desk, db: Connection, more: dict[str, Any]) -> None:
    with pytest.raises(NotTaken, match="newer Watchdesk"):
        planned(desk, db, {}, **more)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"watchdesk": "else"}', b"[" * 5000, b" " * 1_000_001])
def test_what_is_no_file_of_settings_is_none(content: bytes) -> None:
    assert settings_file.read(content) is None
