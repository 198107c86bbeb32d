from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from desktop_app.core import settings
from desktop_app.core.database import connect, writing
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import Setting
from desktop_app.core.text import text

DAYS = Setting("days", "int", text("Days"), text("How long."), 30, minimum=1, maximum=365)


def test_a_setting_nobody_changed_has_its_default(folder: DataFolder) -> None:
    db = connect(folder)
    assert settings.get(db, DAYS) == 30
    assert settings.get(db, settings.KEYS) is True
    db.conn.close()


def test_a_stored_value_comes_back_with_its_type(folder: DataFolder) -> None:
    db = connect(folder)
    with writing(db):
        settings.store(db, {"days": " 7 ", "keys": "0", "theme": "dark"})
    assert settings.get(db, DAYS) == 7
    assert settings.current(db, [settings.KEYS, settings.THEME]) == {"keys": False, "theme": "dark"}
    db.conn.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [(DAYS, "0"), (DAYS, "366"), (DAYS, "many"), (DAYS, ""), (DAYS, "٣"), (settings.THEME, "pink"),
     (settings.SITE_ZONE, "Mars/Olympus"), (settings.SITE_ZONE, "../etc/passwd"), (settings.KEYS, "yes")],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_a_sentence(setting: Setting, value: str) -> None:
    assert settings.problem(setting, value) is not None


@pytest.mark.parametrize(("setting", "value"), [(DAYS, "1"), (DAYS, "365"), (settings.SITE_ZONE, "Asia/Shanghai")])
def test_a_right_value_is_taken(setting: Setting, value: str) -> None:
    assert settings.problem(setting, value) is None


def test_only_what_was_sent_is_checked() -> None:
    assert settings.problems([DAYS, settings.THEME], {"theme": "dark"}) == {}
    assert list(settings.problems([DAYS, settings.THEME], {"days": "x", "theme": "x"})) == ["days", "theme"]


def test_this_machine_has_a_zone() -> None:
    assert ZoneInfo(settings.machine_zone())


@pytest.mark.parametrize(
    ("january", "july", "name"),
    [(0, 0, "UTC"), (8, 8, "Asia/Shanghai"), (5.5, 5.5, "Asia/Kolkata"), (1, 2, "Europe/Berlin"),
     (-5, -4, "America/New_York"), (11, 10, "Australia/Sydney"), (-3.5, -2.5, "America/St_Johns")],
)  # fmt: skip
def test_a_machine_that_names_no_zone_gets_one_with_its_offsets_in_both_seasons(
    january: float, july: float, name: str
) -> None:
    assert settings._zone_like(int(january * 3600), int(july * 3600)) == name


def test_offsets_that_no_zone_has_are_not_guessed() -> None:
    assert settings._zone_like(1234, 1234) == "UTC"
