"""One log, imported and followed in either order, through rotation and restarts: each record is there once."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.jobs import live as worker
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.sources import follow
from tests.extensions.logs.importing import bring_in
from tests.extensions.logs.listening import add, eventually, listening, raws, source


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do everything as often as it goes."""
    for name in ("FLUSH_SECONDS", "LOOK_SECONDS", "HEARTBEAT_SECONDS", "AGAIN_SECONDS"):
        monkeypatch.setattr(worker, name, 0.05)
    for name in ("POLL_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(follow, name, 0.05)


def lines(first: int, last: int) -> list[str]:
    return [f"2026-11-20T10:{n // 60:02}:{n % 60:02}Z gate-01 app[7]: record {n}" for n in range(first, last + 1)]


def append(path: Path, first: int, last: int) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines(first, last)))


def followed(desk: Desk, log: Path, last: int, act: Callable[[], object] = lambda: None) -> None:
    """Follow until so many records are stored."""
    with listening(desk):
        act()
        eventually(lambda: len(raws(desk)) >= last)
        eventually(lambda: source(desk).state == "listening")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in" / "app.log"


def test_following_goes_on_where_an_import_ended(desk: Desk, log: Path) -> None:
    append(log, 1, 40)
    bring_in(desk, [log])
    add(desk, "follow", path=str(log))
    followed(desk, log, 60, lambda: append(log, 41, 60))
    assert raws(desk) == lines(1, 60)
    assert source(desk).events == 20


def test_an_import_of_a_followed_file_brings_nothing_twice(desk: Desk, log: Path) -> None:
    append(log, 1, 40)
    add(desk, "follow", path=str(log))
    followed(desk, log, 40)
    assert bring_in(desk, [log])["events"] == 0
    append(log, 41, 60)
    assert bring_in(desk, [log])["events"] == 20
    assert raws(desk) == lines(1, 60)
    followed(desk, log, 80, lambda: append(log, 61, 80))
    assert bring_in(desk, [log])["events"] == 0
    assert raws(desk) == lines(1, 80)


def test_what_was_imported_during_a_pause_is_not_followed_again(desk: Desk, log: Path) -> None:
    append(log, 1, 20)
    number = add(desk, "follow", path=str(log))
    followed(desk, log, 20)
    with desk.connection() as db:
        deciding.pause(db, number)
    append(log, 21, 40)
    bring_in(desk, [log])
    with desk.connection() as db:
        deciding.resume(db, number)
    followed(desk, log, 50, lambda: append(log, 41, 50))
    assert raws(desk) == lines(1, 50)


def test_one_that_is_followed_from_its_end_on_is_imported_up_to_there(desk: Desk, log: Path) -> None:
    append(log, 1, 30)
    add(desk, "follow", path=str(log), start="end")
    with listening(desk):
        eventually(lambda: source(desk).state == "listening")
        append(log, 31, 40)
        eventually(lambda: len(raws(desk)) == 10)
    assert bring_in(desk, [log])["events"] == 30
    assert raws(desk) == lines(1, 40)


def test_a_file_that_was_renamed_by_rotation_is_still_the_same(desk: Desk, log: Path) -> None:
    append(log, 1, 30)
    bring_in(desk, [log])
    old = log.with_name("app.log.1")
    log.rename(old)
    append(log, 31, 40)
    add(desk, "follow", path=str(log))
    followed(desk, log, 40)
    assert raws(desk) == lines(1, 40)
    assert bring_in(desk, [old, log])["events"] == 0


def test_a_copy_that_was_truncated_behind_it_is_known_and_the_new_log_is_another(desk: Desk, log: Path) -> None:
    append(log, 1, 30)
    add(desk, "follow", path=str(log))
    followed(desk, log, 30)
    copy = log.with_name("app.log.1")
    shutil.copy2(log, copy)
    log.write_text("", encoding="utf-8")
    followed(desk, log, 40, lambda: append(log, 31, 40))
    assert bring_in(desk, [copy])["events"] == 0
    assert bring_in(desk, [log])["events"] == 0
    assert raws(desk) == lines(1, 40)


def test_a_packed_log_that_was_followed_brings_nothing(desk: Desk, log: Path) -> None:
    append(log, 1, 30)
    add(desk, "follow", path=str(log))
    followed(desk, log, 30)
    packed = log.with_name("app.log.2.gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    log.write_text("".join(f"{line}\n" for line in lines(31, 35)), encoding="utf-8")
    assert bring_in(desk, [packed])["events"] == 0
    followed(desk, log, 35)
    assert raws(desk) == lines(1, 35)


def test_a_trace_that_an_import_saw_half_becomes_one_record(desk: Desk, log: Path) -> None:
    head = "2026-11-20 10:00:0{} ERROR app: failed\nTraceback (most recent call last):\n"
    body = '  File "a.py", line 1, in <module>\n    x()\n'
    log.write_text(head.format(1) + body + "ValueError: no\n" + head.format(2), encoding="utf-8")
    bring_in(desk, [log])
    add(desk, "follow", path=str(log))
    rest = body + "KeyError: 'k'\n2026-11-20 10:00:03 INFO app: on\n"

    def grow() -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(rest)

    with listening(desk):
        grow()
        eventually(
            lambda: any("KeyError" in one for one in raws(desk)) and any("INFO app: on" in one for one in raws(desk))
        )
    found = raws(desk)
    assert len(found) == 3, found
    assert [one for one in found if "KeyError" in one] == [(head.format(2) + body + "KeyError: 'k'").rstrip("\n")]


def test_another_log_that_begins_alike_is_imported_whole(desk: Desk, log: Path, tmp_path: Path) -> None:
    append(log, 1, 30)
    add(desk, "follow", path=str(log))
    followed(desk, log, 30)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "app.log"
    other.write_text("".join(f"{line}\n" for line in [*lines(1, 20), *lines(101, 130)]), encoding="utf-8")
    assert bring_in(desk, [other])["events"] == 50


def test_undoing_goes_from_the_newest_to_the_oldest(desk: Desk, log: Path) -> None:
    append(log, 1, 20)
    add(desk, "follow", path=str(log))
    followed(desk, log, 20)
    append(log, 21, 40)
    bring_in(desk, [log])
    with desk.connection() as db:
        day = next(row[0] for row in db.execute("SELECT id FROM undo WHERE kind = 'auto.logs.live'").fetchall())
        with pytest.raises(UsageError):
            undo.undo(desk, db, day)
        undo.undo(desk, db)
        assert len(raws(desk)) == 20
        undo.undo(desk, db, day)
    assert raws(desk) == []
    assert bring_in(desk, [log])["events"] == 40, "what was taken back can be imported again"
