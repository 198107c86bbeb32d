from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desktop_app.core import jobs, report_files, schedules
from desktop_app.core.cadence import Cadence
from desktop_app.core.database import Connection, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.model import micros
from desktop_app.core.text import text
from desktop_app.web.report import job, template
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.job import FolderUnusable, Plan
from desktop_app.web.times import DAY
from tests.web import sample

DUE = micros(dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC))


@pytest.fixture
def share(tmp_path: Path) -> Path:
    made = tmp_path / "share"
    made.mkdir()
    return made


def run(desk: Desk, db: Connection, kind: str, params: dict[str, Any]) -> jobs.Job:
    with writing(db):
        number = jobs.enqueue(db, kind, text("Report"), params)
    jobs.run_here(desk, number)
    return jobs.job(db, number)


def scheduled(db: Connection, share: Path, formats: tuple[str, ...] = ("html", "csv"), keep: int = 2) -> int:
    plan = Plan(Choice(statuses=()), "zh", formats, str(share), keep)
    schedules.add(
        db, job.SCHEDULED, text("%(name)s", name="Weekly / 周报"), Cadence("week", 14, 0, weekday=6), plan.to_json()
    )
    return int(value(db, "SELECT MAX(id) FROM schedules"))


def turn(desk: Desk, db: Connection, number: int, due: int = DUE) -> jobs.Job:
    standing = schedules.schedule(db, number)
    return run(desk, db, job.SCHEDULED, {**standing.params, "schedule": number, "due": due})


def names(share: Path) -> list[str]:
    return sorted(one.name for one in share.iterdir())


def test_a_report_that_a_person_asked_for_is_made_and_kept(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    done = run(desk, db, job.MAKE, {"choice": Choice(format="csv").to_json(), "language": "en"})
    assert done.result is not None
    assert report_files.report(db, done.result["report"]).format == "csv"


def test_a_faulty_template_is_told_in_the_log_of_the_job(desk: Desk, db: Connection) -> None:
    (template.write_copy(desk.folder) / "report.html").write_text("{% nonsense %}")
    done = run(desk, db, job.MAKE, {"choice": Choice().to_json(), "language": "en"})
    said = [str(line.message) for line in jobs.log_lines(db, done.id)]
    assert said[0] == "The template report.html has a fault in line 1."
    assert said[-1] == "The report was made with the template that Watchdesk brings."


def test_a_schedule_puts_its_formats_into_the_folder(
    desk: Desk, db: Connection, made: dict[str, int], share: Path
) -> None:
    assert made
    assert turn(desk, db, scheduled(db, share)).state == "done"
    assert names(share) == ["Weekly-周报-2026-11-22-1400.csv", "Weekly-周报-2026-11-22-1400.html"]
    for one in report_files.listing(db):
        assert one.copy is not None
        assert report_files.sha256(Path(one.copy)) == one.sha256
        assert (one.period_from, one.period_to, one.language) == (DUE - 7 * DAY, DUE, "zh")


def test_only_the_newest_runs_are_kept(desk: Desk, db: Connection, share: Path) -> None:
    number = scheduled(db, share, ("csv",), keep=2)
    for week in range(4):
        turn(replace(desk, clock=lambda: sample.NOW + week * 7 * DAY), db, number, DUE + week * 7 * DAY)  # noqa: B023 - used at once
    assert names(share) == ["Weekly-周报-2026-12-06-1400.csv", "Weekly-周报-2026-12-13-1400.csv"]
    assert len(report_files.listing(db)) == 2


def test_what_lies_in_the_folder_already_is_never_touched(desk: Desk, db: Connection, share: Path) -> None:
    (share / "Weekly-周报-2026-11-22-1400.csv").write_text("somebody's own")
    turn(desk, db, scheduled(db, share, ("csv",), keep=1))
    assert (share / "Weekly-周报-2026-11-22-1400.csv").read_text() == "somebody's own"
    assert (share / "Weekly-周报-2026-11-22-1400-2.csv").is_file()


def test_a_folder_that_is_gone_is_told_and_never_made(desk: Desk, db: Connection, share: Path) -> None:
    share.rmdir()
    failed = turn(desk, db, scheduled(db, share))
    assert failed.state == "failed"
    assert str(failed.error[0]) == f"The folder for reports is not there: {share}"
    assert not share.exists()


def test_a_full_disk_leaves_no_half_of_a_report(
    desk: Desk, db: Connection, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    number = scheduled(db, share, ("csv",))
    with monkeypatch.context() as there:
        there.setattr(shutil, "copyfileobj", full)
        failed = turn(desk, db, number)
    assert "No space left on device" in str(failed.error[1])
    assert names(share) == []
    assert turn(desk, db, number).state == "done"
    assert names(share) == ["Weekly-周报-2026-11-22-1400.csv"]


def test_trying_again_makes_nothing_twice(desk: Desk, db: Connection, share: Path) -> None:
    number = scheduled(db, share)
    turn(desk, db, number)
    for one in share.iterdir():
        one.unlink()
    turn(desk, db, number)
    turn(desk, db, number)
    assert len(report_files.listing(db)) == 2
    assert len(names(share)) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(share: Path) -> None:
    share.chmod(0o500)
    with pytest.raises(FolderUnusable, match="may not write there"):
        job.usable(str(share))


def test_a_folder_is_named_from_its_root_on() -> None:
    with pytest.raises(UsageError, match="named in full"):
        job.usable("reports")


def test_a_file_is_called_after_its_schedule_and_time() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert job.file_name(text("%(name)s", name="../a b:c"), DUE, shanghai) == "a-b-c-2026-11-22-1400"
    assert job.file_name(text("%(name)s", name="///"), DUE, shanghai) == "report-2026-11-22-1400"


def test_a_plan_is_read_back_as_it_was_kept() -> None:
    plan = Plan(Choice(severities=("high",)), "zh", ("pdf", "csv"), "/srv", 3)
    assert Plan.from_json(plan.to_json()) == plan
