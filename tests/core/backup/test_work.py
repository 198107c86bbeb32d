from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core import jobs
from desktop_app.core.backup import checking, swap, work
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.model import Micros
from desktop_app.core.paths import PORTABLE_NAME
from desktop_app.web.keeping import extension
from tests.core.backup import desks

DAY: Micros = 86_400_000_000


@pytest.fixture
def desk(full: Desk) -> Desk:
    return replace(full, extensions=(extension,), clock=lambda: 1_790_000_000_000_000)


def run(desk: Desk, job_id: int) -> jobs.Job:
    with desk.connection() as db:
        db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job_id,))
    jobs.run_here(desk, job_id)
    with desk.connection() as db:
        return jobs.job(db, job_id)


def test_a_backup_is_written_into_the_desks_own_folder_or_another(desk: Desk, tmp_path: Path) -> None:
    with desk.connection() as db:
        own = run(desk, work.start_backup(desk, db, "", ""))
        other = run(desk, work.start_backup(desk, db, str(tmp_path / "else where"), ""))
    assert own.state == other.state == "done"
    assert [one.name for one in work.backups(desk.folder.backups)] == ["watchdesk-20260921-141320.watchdesk-backup"]
    assert Path(str((other.result or {})["path"])).parent == tmp_path / "else where"


def test_a_passphrase_never_stands_in_the_database_and_serves_one_run(desk: Desk, tmp_path: Path) -> None:
    with desk.connection() as db:
        job_id = work.start_backup(desk, db, str(tmp_path), "correct horse")
        assert "correct horse" not in str(rows(db, "SELECT * FROM jobs"))
        done = run(desk, job_id)
        assert list(desk.folder.temporary.iterdir()) == []
        jobs_again = run(desk, job_id)
        path = str((done.result or {})["path"])
        checked = run(desk, work.start_check(desk, db, path, "correct horse"))
    assert checked.state == "done"
    assert "kept for one run only" in str(jobs_again.error[1])


def test_only_the_last_backups_are_kept_and_nothing_else_is_deleted(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "my own.watchdesk-backup").write_text("x", encoding="utf-8")
    with desk.connection() as db:
        for day in range(4):
            later = replace(desk, clock=lambda day=day: 1_790_000_000_000_000 + day * DAY)  # type: ignore[misc]
            jobs_id = work._start(db, work.BACKUP_JOB, desks_title(), {"folder": str(tmp_path / "b"), "keep": 2})
            assert run(later, jobs_id).state == "done"
    assert sorted(one.name for one in (tmp_path / "b").iterdir()) == [
        "my own.watchdesk-backup",
        "watchdesk-20260923-141320.watchdesk-backup",
        "watchdesk-20260924-141320.watchdesk-backup",
    ]


def desks_title() -> work.Text:
    return work.text("Back up the desk")


def test_a_checked_backup_waits_and_tells_what_it_holds(desk: Desk, other: Desk, packed: Path) -> None:
    other = replace(other, extensions=(extension,))
    with other.connection() as db:
        assert run(other, work.start_check(other, db, str(packed), "")).state == "done"
    waiting = work.staged(other.folder)
    assert waiting is not None
    assert (waiting.name, waiting.events) == (packed.name, 4)
    swap.put_in_place(other.folder, 5, waiting.name)
    assert work.staged(other.folder) is None
    assert desks.state(Desk(other.folder, ())) == desks.state(desk)
    assert not (other.folder.root / swap.ABOUT).exists()


def test_a_bad_backup_fails_with_its_sentences_and_nothing_waits(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("no backup", encoding="utf-8")
    with desk.connection() as db:
        failed = run(desk, work.start_check(desk, db, str(tmp_path / "x"), ""))
    assert (failed.state, str(failed.error[0])) == ("failed", "This backup is damaged.")
    assert work.staged(desk.folder) is None
    assert not (desk.folder.root / checking.STAGE).exists()


def test_a_desk_is_written_for_another_machine(desk: Desk, tmp_path: Path) -> None:
    with desk.connection() as db:
        done = run(desk, work.start_carry(db, str(tmp_path / "stick")))
    assert done.state == "done"
    assert (tmp_path / "stick" / PORTABLE_NAME / "watchdesk.db").is_file()


@pytest.mark.parametrize("token", ["../../etc/passwd", "x" * 32, 7])
def test_a_token_that_is_none_reads_nothing(desk: Desk, token: object, db: Connection) -> None:
    assert work._hidden(desk.folder, token) is None
