from __future__ import annotations

from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.web.report import job
from desktop_app.web.report.room import room


def test_reports_are_a_room_of_the_house_and_no_extension() -> None:
    assert room.own
    assert room in bundled.EXTENSIONS


def test_its_jobs_can_be_run_by_whoever_loads_it() -> None:
    assert {job.MAKE, job.SCHEDULED} <= jobs.kinds(bundled.load()).keys()
