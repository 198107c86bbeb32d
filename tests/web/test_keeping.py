from __future__ import annotations

from desktop_app.core import jobs
from desktop_app.core.backup import work
from desktop_app.web.keeping import extension


def test_it_runs_the_jobs_of_backups() -> None:
    assert set(jobs.kinds((extension,))) == {work.BACKUP_JOB, work.CHECK_JOB, work.CARRY_JOB}


def test_it_is_a_room_of_the_house_and_no_extension() -> None:
    assert extension.own
    assert extension.navigation == ()
