"""An import read again in another time zone: only zone-less lines move, links hold, and all of it can be undone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import findings, jobs, triage, undo
from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import writer
from desktop_app.core.model import moment
from desktop_app.extensions.logs import service, store
from tests.extensions.logs.importing import bring_in, run, state_of

HOUR = 3600 * 1_000_000
# The modification time from which the missing year of these lines follows.
WRITTEN = 1_795_300_000


def guesses(number: int) -> str:
    """Return failed sign-ins in the form without year and zone, one every two seconds."""
    return "".join(
        f"Nov 20 14:{second // 30:02}:{second % 30 * 2:02} opc-gw sshd[4242]: Failed password for root"
        f" from 10.20.4.17 port {40000 + second} ssh2\n"
        for second in range(number)
    )


ZONED = "2026-11-20T09:00:00+00:00 opc-gw sshd[1]: Failed password for root from 10.1.1.1 port 22 ssh2\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return written(tmp_path / "auth.log", guesses(40) + ZONED)


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    os.utime(path, (WRITTEN, WRITTEN))
    return path


def change(desk: Desk, zone: str, import_id: int = 1) -> jobs.Job:
    with desk.connection() as db:
        job_id = service.change_zone(db, import_id, zone)
    return run(desk, job_id)


def changed(desk: Desk, zone: str, import_id: int = 1) -> Mapping[str, Any]:
    ended = change(desk, zone, import_id)
    assert ended.state == "done", [str(part) for part in ended.error]
    return ended.result or {}


def take_back(desk: Desk) -> None:
    with desk.connection() as db:
        undo.undo(desk, db)


def times(desk: Desk) -> dict[str, str]:
    """Return the times of all events by their numbers."""
    return {event[0]: moment(event[1]).isoformat() for event in state_of(desk)["events"]}


def zones(desk: Desk) -> list[tuple[str | None, bool]]:
    with desk.connection() as db:
        return [(one.zone, one.zone_assumed) for one in store.files(db, 1)]


def test_only_lines_without_a_zone_move_and_links_to_events_hold(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    before = times(desk)
    result = changed(desk, "Europe/Berlin")
    after = times(desk)
    assert (result["files"], result["events"]) == (1, 41)
    assert list(after) == list(before)
    assert list(before.values())[:1] == ["2026-11-20T06:00:00+00:00"]
    assert list(after.values())[:1] == ["2026-11-20T13:00:00+00:00"]
    assert list(after.values())[-1] == list(before.values())[-1] == "2026-11-20T09:00:00+00:00"
    assert zones(desk) == [("Europe/Berlin", True)]


def test_findings_move_with_their_events_and_keep_their_number_and_what_a_person_said(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        [before] = findings.listing(db, findings.Filter("all", text="10.20.4.17"))
        triage.resolve(db, [before.id])
    changed(desk, "UTC")
    with desk.connection() as db:
        [after] = findings.listing(db, findings.Filter("all", text="10.20.4.17"))
        copies = findings.evidence_of(db, after.id)
    assert (after.id, after.count, after.status, after.reopened) == (before.id, 40, "resolved", None)
    assert (after.first_seen - before.first_seen, after.last_seen - before.last_seen) == (8 * HOUR, 8 * HOUR)
    assert (copies[0].time, copies[-1].time) == (after.first_seen, after.last_seen)


def test_a_change_of_zone_is_undone_event_for_event(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    before, files = state_of(desk), zones(desk)
    changed(desk, "Europe/Berlin")
    assert state_of(desk) != before
    take_back(desk)
    assert state_of(desk) == before
    assert zones(desk) == files == [("Asia/Shanghai", True)]


def test_an_import_is_undone_only_after_its_change_of_zone_was(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    changed(desk, "Europe/Berlin")
    with desk.connection() as db:
        with pytest.raises(UsageError, match=r"Read auth\.log in the time zone Europe/Berlin"):
            service.undo_import(desk, db, 1)
        undo.undo(desk, db)
        service.undo_import(desk, db, 1)
        assert rows(db, "SELECT 1 FROM segments") == []
    assert state_of(desk)["events"] == []
    assert list(desk.folder.segments.rglob("*.parquet")) == []


def test_changes_of_zone_are_undone_one_after_the_other(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    states = [state_of(desk)]
    for zone in ("UTC", "Europe/Berlin", "Asia/Shanghai"):
        changed(desk, zone)
        states.append(state_of(desk))
    assert states[3] == states[0]
    for expected in states[2::-1]:
        take_back(desk)
        assert state_of(desk) == expected


def test_two_changes_asked_for_at_once_are_undone_one_after_the_other_too(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    before = state_of(desk)
    with desk.connection() as db:
        asked = [service.change_zone(db, 1, zone) for zone in ("UTC", "Europe/Berlin")]
    for job_id in asked:
        assert run(desk, job_id).state == "done"
    take_back(desk)
    assert zones(desk) == [("UTC", True)]
    take_back(desk)
    assert state_of(desk) == before
    assert zones(desk) == [("Asia/Shanghai", True)]


CSV = 'time,host,message,user\n2026-11-20 14:00:00,gw,hello,anna\n2026-11-20 14:00:01,gw,"two\nlines",bert\n'


def test_a_table_is_read_again_with_the_columns_of_its_header(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, [written(tmp_path / "table.csv", CSV)])
    before = state_of(desk)["events"]
    changed(desk, "UTC")
    after = state_of(desk)["events"]
    assert [(*one[:1], *one[2:]) for one in after] == [(*one[:1], *one[2:]) for one in before]
    assert {new[1] - old[1] for old, new in zip(before, after, strict=True)} == {8 * HOUR}
    with desk.connection() as db:
        assert [one["fields"]["user"] for one in desk.events.events(db, [one[0] for one in after])] == ["anna", "bert"]


def test_a_file_of_several_log_sources_keeps_the_order_of_its_lines(desk: Desk, tmp_path: Path) -> None:
    said = ("cron[1]: x", "sshd[1]: Failed password for a from 10.0.0.1 port 2 ssh2")
    lines = [f"Nov 20 14:00:{second:02} gw {said[second % 2]}\n" for second in range(20)]
    bring_in(desk, [written(tmp_path / "mixed.log", "".join(lines))])
    changed(desk, "UTC")
    moved = state_of(desk)["events"]
    assert [one[5] for one in moved] == [line.rstrip("\n") for line in lines]
    assert [moment(one[1]).second for one in moved] == list(range(20))
    assert {moment(one[1]).hour for one in moved} == {14}


def test_the_hour_that_happens_twice_is_that_of_the_new_zone(desk: Desk, tmp_path: Path) -> None:
    # Written in London, where clocks went back from 02:00 to 01:00; in Berlin it was the hour from 02:00 on.
    clock = ("01:20", "01:50", "01:10", "01:40", "02:10")
    bring_in(
        desk,
        [written(tmp_path / "fold.log", "".join(f"Oct 25 {minute}:00 gw cron[1]: x\n" for minute in clock))],
        zone="Europe/Berlin",
    )
    assert [one[11:16] for one in times(desk).values()] == ["23:20", "23:50", "23:10", "23:40", "00:10"]
    changed(desk, "Europe/London")
    assert [one[11:16] for one in times(desk).values()] == ["00:20", "00:50", "01:10", "01:40", "02:10"]


def test_the_tail_of_a_grown_file_is_read_in_the_zone_that_its_beginning_was_changed_to(desk: Desk, log: Path) -> None:
    written(log, guesses(40))
    bring_in(desk, [log])
    changed(desk, "UTC")
    written(log, guesses(41))
    bring_in(desk, [log])
    assert list(times(desk).values())[-1] == "2026-11-20T14:01:20+00:00"


def test_a_crash_in_the_middle_leaves_the_old_state(
    desk: Desk, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = written(tmp_path / "second.log", guesses(20).replace("10.20.4.17", "10.9.9.9"))
    bring_in(desk, [log, other])
    before, real, calls = state_of(desk), writer.write_segments, []

    def dies(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)  # type: ignore[arg-type]

    with desk.connection() as db:
        job_id = service.change_zone(db, 1, "UTC")
    with monkeypatch.context() as broken:
        broken.setattr("desktop_app.core.pipeline.write_segments", dies)
        with pytest.raises(KeyboardInterrupt):
            run(desk, job_id)
    jobs.recover(desk)
    assert state_of(desk) == before
    with desk.connection() as db:
        assert jobs.job(db, job_id).state == "interrupted"
        jobs.resume(db, job_id)
    assert run(desk, job_id).state == "done"
    assert zones(desk) == [("UTC", True), ("UTC", True)]


def test_a_full_disk_leaves_the_old_state_and_no_new_files(
    desk: Desk, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(desk, [log])
    before, files = state_of(desk), set(desk.folder.segments.rglob("*"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop_app.extensions.logs.jobs.zone.replace_segments", full)
    ended = change(desk, "UTC")
    assert (ended.state, str(ended.error[0])) == ("failed", "The disk is full.")
    assert state_of(desk) == before
    assert set(desk.folder.segments.rglob("*")) == files


def test_an_import_that_was_undone_in_the_meantime_is_left_alone(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        job_id = service.change_zone(db, 1, "UTC")
        db.execute("UPDATE jobs SET state = 'interrupted'")
        service.undo_import(desk, db, 1)
        jobs.resume(db, job_id)
    ended = run(desk, job_id)
    assert [str(part) for part in ended.error] == [
        "The time zone of auth.log was not changed.", "This import was undone.",
    ]  # fmt: skip
    with desk.connection() as db:
        assert undo.latest(db) is None


def test_events_stay_where_they_are_when_the_zone_differs_only_by_its_name(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    before = state_of(desk)
    changed(desk, "Asia/Singapore")
    assert state_of(desk) == before
    assert zones(desk) == [("Asia/Singapore", True)]
