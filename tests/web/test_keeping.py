from __future__ import annotations

from desktop_app.core import jobs
from desktop_app.core.backup import work
from desktop_app.core.keeping import indexing, retiring, verifying
from desktop_app.web.keeping import extension


def test_it_runs_the_jobs_that_keep_a_desk() -> None:
    backups = {work.BACKUP_JOB, work.CHECK_JOB, work.CARRY_JOB}
    events = {retiring.JOB, retiring.BACK_JOB, verifying.JOB, indexing.JOB}
    assert set(jobs.kinds((extension,))) == backups | events


def test_it_is_a_room_of_the_house_and_no_extension() -> None:
    assert extension.own
    assert extension.navigation == ()
