"""A desk that the first version made is opened by this one: everything on it is there, works and can be taken back.

``first_desk.zip`` was written by that version and is never made anew: the dump of its database, its event files, a
frozen report, and the log that it had imported. Decided were, in this order: a note on finding 3, finding 3 confirmed,
its first step done, finding 2 suppressed, finding 1 resolved and reopened; then a pack came in and a rule was disabled.
"""

from __future__ import annotations

import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.bundled import EXTENSIONS, load
from desktop_app.core import audit, findings, jobs, undo, undoing
from desktop_app.core.database import rows, value
from desktop_app.core.desk import Desk
from desktop_app.core.judging import series_to_blocks
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.service import applying
from desktop_app.web.app import create_app

PACKED = Path(__file__).with_name("first_desk.zip")
PAGES = (
    "/", "/findings/", "/findings/?view=all&id=1", "/findings/?view=all&id=2", "/findings/?view=all&id=3",
    "/findings/?view=suppressed", "/suppressions/", "/cases/", "/logs/", "/logs/?q=Failed", "/logs/import",
    "/logs/detections", "/report/", "/jobs/", "/settings/", "/about/", "/about/activity", "/about/history", "/backup/",
    "/handbook/", "/handbook/rules/a81bf785-1013-4b7e-a34a-6cdf1534b57d", "/views/", "/palette/?q=sign",
)  # fmt: skip


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    with zipfile.ZipFile(PACKED) as packed:
        packed.extractall(tmp_path / "desk")
    (tmp_path / "desk" / "auth.log").rename(tmp_path / "auth.log")
    dump = tmp_path / "desk" / "watchdesk.sql"
    with closing(sqlite3.connect(tmp_path / "desk" / "watchdesk.db")) as made:
        made.executescript(dump.read_text(encoding="utf-8"))
    dump.unlink()
    return tmp_path


@pytest.fixture
def opened(unpacked: Path) -> Desk:
    """The desk of the first version, opened by this one."""
    desk = Desk(DataFolder(unpacked / "desk"), EXTENSIONS, load=load)
    desk.prepare()
    return desk


def test_a_copy_is_made_before_anything_is_changed(opened: Desk) -> None:
    [copy] = opened.folder.backups.glob("*.db")
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT COUNT(*) FROM findings").fetchone() == (3,)
        assert before.execute("SELECT name FROM _sqlite_migrations").fetchall() == [("1_spine",)]


def test_two_processes_that_open_it_at_once_do_not_meet(unpacked: Path) -> None:
    desk = Desk(DataFolder(unpacked / "desk"), EXTENSIONS, load=load)
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(desk.prepare) for _ in range(3)]:
            done.result()
    assert len(list(desk.folder.backups.glob("*.db"))) == 1


def test_what_cuts_the_update_off_leaves_it_as_it_was(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(DataFolder(unpacked / "desk"), EXTENSIONS, load=load)
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(series_to_blocks, "upgrade", cut_off)
        desk.prepare()
    with closing(sqlite3.connect(desk.folder.database)) as left:
        assert left.execute("SELECT name FROM _sqlite_migrations").fetchall() == [("1_spine",)]
    desk.prepare()


def cut_off(_db: object) -> None:
    raise KeyboardInterrupt


def test_findings_and_decisions_are_as_they_were(opened: Desk) -> None:
    with opened.connection() as db:
        found = rows(db, "SELECT id, status, verdict, count, severity FROM findings ORDER BY id")
        notes = rows(db, "SELECT finding_id, text FROM notes")
        counted = findings.counts(db)
        broken = rows(db, "PRAGMA foreign_key_check")
    assert [tuple(one.values()) for one in found] == [
        (1, "new", None, 5, 4), (2, "suppressed", None, 40, 3), (3, "in_progress", "true_positive", 41, 5),
    ]  # fmt: skip
    assert notes == [{"finding_id": 3, "text": "Called the owner of the account."}]
    assert counted["suppressed"] == 1
    assert broken == []


def test_the_trail_of_before_is_chained_and_whole(opened: Desk) -> None:
    with opened.connection() as db:
        trail = audit.check(db)
    assert trail.intact
    assert trail.acts >= 7


def test_events_and_evidence_are_read_as_they_were_written(opened: Desk) -> None:
    with opened.connection() as db:
        kept = rows(db, "SELECT event_id, raw FROM evidence WHERE finding_id = 1 ORDER BY event_id")
        stored = {one["id"]: one["raw"] for one in opened.events.events(db, [str(one["event_id"]) for one in kept])}
    assert stored == {str(one["event_id"]): one["raw"] for one in kept}
    assert len(kept) == 5


def test_every_page_shows_it(opened: Desk) -> None:
    client = create_app(opened).test_client()
    assert {path: status for path in PAGES if (status := client.get(path).status_code) != 200} == {}


def test_a_frozen_report_still_has_its_bytes(opened: Desk) -> None:
    client = create_app(opened).test_client()
    assert client.get("/report/1").status_code == 200
    with client.get("/report/1/file") as answer:
        assert b"sign-ins" in answer.data


def test_every_decision_can_be_taken_back_to_an_empty_desk(opened: Desk) -> None:
    with opened.connection() as db:
        while undo.latest(db) is not None:
            undone = undoing.take_back(opened, db)
            assert undone.job_id is None
        assert value(db, "SELECT COUNT(*) FROM segments") == 0
        assert value(db, "SELECT COUNT(*) FROM findings") == 0


def test_a_log_that_has_grown_brings_its_tail_alone_and_an_old_correlation_goes_on(
    opened: Desk, unpacked: Path
) -> None:
    log = unpacked / "auth.log"
    more = "2026-03-03T04:05:59Z gate-01 sshd[998]: Failed password for operator from 203.0.113.7 port 45001 ssh2\n"
    log.write_text(log.read_text(encoding="utf-8") + more, encoding="utf-8")
    with opened.connection() as db:
        job_id = service.start_import(db, [str(log)])
    assert jobs.run_to_end(opened, job_id).state == "done"
    with opened.connection() as db:
        assert value(db, "SELECT SUM(events) FROM segments WHERE state = 'live'") == 47
        assert rows(db, "SELECT count, status FROM findings WHERE id = 2") == [{"count": 41, "status": "suppressed"}]


def test_looking_again_with_the_rules_of_today_loses_no_decision(opened: Desk) -> None:
    with opened.connection() as db:
        job_id = applying.start_detect(db)
    assert jobs.run_to_end(opened, job_id).state == "done"
    with opened.connection() as db:
        found = rows(db, "SELECT status, count FROM findings WHERE id <= 3 ORDER BY id")
    assert [tuple(one.values()) for one in found] == [("new", 5), ("suppressed", 40), ("in_progress", 41)]
