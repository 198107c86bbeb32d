"""What the doctor says of a machine and of a desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core import audit
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension, Health
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from desktop_app.shell import display, doctor
from tests.core.events.made import Store


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, ())


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask no display of this machine."""
    screen(monkeypatch, usable=False, present=False)


def screen(monkeypatch: pytest.MonkeyPatch, *, usable: bool, present: bool) -> None:
    monkeypatch.setattr(display, "usable", lambda: usable)
    monkeypatch.setattr(display, "present", lambda: present)


def told(desk: Desk) -> dict[str, str | None]:
    """Return subject and trouble of each line."""
    return {str(one.subject): str(one.trouble) if one.trouble else None for one in doctor.examine(desk)}


def test_a_sound_desk_has_no_damaged_files(desk: Desk, db: Connection) -> None:
    Store(desk.folder, db).add([{}, {}])
    assert not [subject for subject in told(desk) if subject.startswith("Event file")]


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes() + b"x")])
def test_a_missing_or_changed_event_file_is_named_and_the_sound_ones_are_not(
    desk: Desk, db: Connection, harm: object
) -> None:
    store = Store(desk.folder, db)
    [_], [damaged] = store.add([{}]), store.add([{}])
    path = store.path(damaged)
    harm(path)  # type: ignore[operator]
    named = {subject: trouble for subject, trouble in told(desk).items() if subject.startswith("Event file")}
    assert named == {
        f"Event file {path.relative_to(desk.folder.segments).as_posix()}": (
            "It is missing or damaged; its import can be undone."
        )
    }


def test_the_program_and_its_parts_are_named(desk: Desk) -> None:
    assert any(subject.startswith(f"Watchdesk {VERSION} on ") for subject in told(desk))
    assert any("SQLite" in subject for subject in told(desk))
    assert any(subject.startswith("Time zone of this machine: ") for subject in told(desk))


def test_the_folder_is_named_and_what_hinders_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = f"Data folder: {desk.folder.root}"
    assert told(desk)[place] is None
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert told(desk)[place] == "This account may not write there."


def test_little_space_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1_500_000_000}))
    assert "imports stop when the disk is full" in str(told(desk)["Free space there: 1.5 GB"])
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 9e11}))
    assert told(desk)["Free space there: 900.0 GB"] is None


@pytest.mark.parametrize(
    ("display_is", "said"),
    [
        ({"usable": True, "present": True}, ("A screen is there: the desk opens in a window.", None)),
        (
            {"usable": False, "present": True},
            ("Screen", "The window toolkit cannot use it: the desk opens in a browser instead."),
        ),
        (
            {"usable": False, "present": False},
            ("Screen", "There is none that can be opened: the desk is served to a browser instead."),
        ),
    ],
)
def test_it_is_said_where_the_desk_will_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, display_is: dict[str, bool], said: tuple[str, str | None]
) -> None:
    screen(monkeypatch, **display_is)
    assert said in told(desk).items()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="accounts have no numbers here")
def test_working_as_root_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "hostile files" in str(told(desk)["Account: root"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "Account: root" not in told(desk)


def test_extensions_add_what_they_know(folder: DataFolder) -> None:
    def health(_desk: Desk) -> tuple[Health, ...]:
        return (Health(text("The vault"), text("It is locked.")),)

    extensions = tuple(Extension(id=one, title=text("X"), version="1", health=known) for one, known in
                       (("knows", health), ("silent", None)))  # fmt: skip
    assert told(Desk(folder, extensions))["The vault"] == "It is locked."


def test_the_trail_is_called_sound_or_the_act_that_was_changed_is_named(desk: Desk, db: Connection) -> None:
    with writing(db):
        audit.record(db, text("Did it"), "x")
    [(subject, trouble)] = [one for one in told(desk).items() if one[0].startswith("Activity trail: 1 acts")]
    assert trouble is None
    db.execute("DROP TRIGGER audit_fixed")
    assert told(desk)[subject] == "What keeps it from being edited was taken out of the database."
    db.execute("UPDATE audit SET actor = 'nobody'")
    assert told(desk)[subject] == "It was changed from outside: act 1 is not as it was written."
