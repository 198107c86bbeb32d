"""The job that applies the present rules to what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import findings, jobs, triage
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue as segments
from desktop_app.core.events import checking
from desktop_app.core.rules import catalogue
from desktop_app.core.text import text
from desktop_app.extensions.logs.service import applying
from tests.extensions.logs.importing import bring_in, guesses, run, state_of
from tests.extensions.logs.jobs import killed

GUESSING = "4daea440-f40e-4e3d-9585-50351449ac70"  # SSH password guessing: a correlation
NEW_ACCOUNT = "useradd"
LINES = (
    "2026-11-20T16:00:00+08:00 opc-gw useradd[77]: new user: name=helper, UID=1001, GID=1001, home=/home/helper,"
    " shell=/bin/bash, from=/dev/pts/0\n"
)


@pytest.fixture
def log(desk: Desk, tmp_path: Path) -> Path:
    """A log of guesses and of a new account, imported."""
    path = tmp_path / "auth.log"
    path.write_text(guesses(40) + LINES, encoding="utf-8")
    bring_in(desk, [path])
    return path


def detect(desk: Desk) -> jobs.Job:
    with desk.connection() as db:
        job_id = applying.start_detect(db)
    ended = run(desk, job_id)
    assert ended.state == "done", [str(part) for part in ended.error]
    return ended


def found(desk: Desk) -> dict[str, findings.FindingRow]:
    with desk.connection() as db:
        return {row.rule_id: row for row in findings.listing(db, findings.Filter("all"))}


def switch(desk: Desk, ids: list[str], *, on: bool) -> None:
    with desk.connection() as db:
        (catalogue.enable if on else catalogue.disable)(db, ids)


def test_wherever_it_is_killed_it_goes_on_to_the_same_findings(desk: Desk, log: Path, tmp_path: Path) -> None:
    with desk.connection() as db, writing(db):
        for table in ("contributions", "evidence", "correlation_blocks", "findings"):
            db.execute(f"DELETE FROM {table}")
    with desk.connection() as db:
        copies = killed.copies(desk, applying.start_detect(db), tmp_path)
    whole = state_of(next(copies))
    assert len(whole["findings"]) > 1
    for copy in copies:
        with copy.connection() as db:
            assert list(checking.damages(copy.folder, db)) == []
            assert all(run(copy, job.id).state == "done" for job in jobs.active(db))
            assert state_of(copy) == whole
            assert list(checking.damages(copy.folder, db)) == []


def test_applying_the_rules_again_changes_nothing(desk: Desk, log: Path) -> None:
    before, rows = state_of(desk), found(desk)
    result = detect(desk).result or {}
    assert result == {"segments": 1, "unread": [], "findings": len(rows)}
    assert state_of(desk) == before
    assert found(desk) == rows


def test_a_rule_that_is_switched_off_loses_its_findings_and_gets_them_back(desk: Desk, log: Path) -> None:
    before, rows = state_of(desk), found(desk)
    assert GUESSING in rows
    [plain] = [rule for rule, row in rows.items() if row.count == 1]
    switch(desk, [GUESSING, plain], on=False)
    assert found(desk) == rows  # until they are applied, what they found stays
    detect(desk)
    assert {GUESSING, plain} & set(found(desk)) == set()
    switch(desk, [GUESSING, plain], on=True)
    detect(desk)
    assert state_of(desk) == before


def test_a_touched_finding_of_a_rule_that_is_switched_off_stays_and_is_marked(desk: Desk, log: Path) -> None:
    row = found(desk)[GUESSING]
    with desk.connection() as db:
        triage.confirm(db, [row.id])
    switch(desk, [GUESSING], on=False)
    detect(desk)
    kept = found(desk)[GUESSING]
    assert (kept.id, kept.status, kept.events_removed) == (row.id, "in_progress", True)
    switch(desk, [GUESSING], on=True)
    detect(desk)
    again = found(desk)[GUESSING]
    assert (again.id, again.status, again.events_removed, again.count) == (row.id, "in_progress", False, row.count)


def test_what_was_stored_without_rules_is_found_later(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "auth.log"
    path.write_text(guesses(40), encoding="utf-8")
    assert bring_in(desk, [path], detect=False)["findings"] == 0
    detect(desk)
    assert GUESSING in found(desk)


def test_an_event_file_that_cannot_be_read_is_named_and_the_others_are_judged(
    desk: Desk, log: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.log"
    other.write_text(guesses(30, hour=9, address="10.9.9.9"), encoding="utf-8")
    bring_in(desk, [other], detect=False)
    with desk.connection() as db:
        damaged = segments.live(db, import_id=1)[0].path
    (desk.folder.segments / damaged).write_bytes(b"no longer what was written")
    ended = detect(desk)
    assert (ended.result or {})["unread"] == [damaged]
    with desk.connection() as db:
        [line] = jobs.log_lines(db, ended.id)
        assets = {row.group for row in findings.listing(db, findings.Filter("all", rule=GUESSING))}
    assert line.severity == "error"
    assert damaged in str(line.message)
    assert len(assets) == 2


def test_a_desk_without_events_is_judged_at_once(desk: Desk) -> None:
    assert detect(desk).result == {"segments": 0, "unread": [], "findings": 0}


def test_a_hunt_for_new_rules_reads_only_the_segments_in_which_they_may_match(desk: Desk, log: Path) -> None:
    before = state_of(desk)
    for wanted, read in (([GUESSING], 1), ([], 0)):
        with desk.connection() as db, writing(db):
            job_id = jobs.enqueue(db, applying.DETECT_JOB, text("Hunt"), {"rules": wanted})
        assert (run(desk, job_id).result or {})["segments"] == read
        assert state_of(desk) == before
