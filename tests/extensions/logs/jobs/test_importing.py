from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import findings, jobs, undo
from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError
from desktop_app.core.events import catalogue, writer
from desktop_app.core.events.search import Search
from desktop_app.core.model import EventBatch
from desktop_app.core.text import text
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.jobs import earlier, importing
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.syslog import Syslog
from tests.extensions.logs.importing import bring_in, count, guesses, run, state_of


def test_a_log_becomes_events_and_findings(desk: Desk, log: Path) -> None:
    result = bring_in(desk, [log])
    assert (result["events"], result["bytes"]) == (40, log.stat().st_size)
    assert result["files"] == [
        {"path": str(log), "format": "syslog", "events": 40, "skipped": 0, "error": None},
    ]
    assert result["findings"] >= 1
    assert count(desk, "source.ip:10.20.4.17") == 40


def test_importing_the_same_again_changes_nothing_and_leaves_no_undo_entry(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    before = state_of(desk)
    copy = log.with_name("other-name.log")
    shutil.copy(log, copy)
    result = bring_in(desk, [log, copy])
    assert result["events"] == 0
    assert state_of(desk) == before
    with desk.connection() as db:
        assert len(undo.entries(db)) == 1


def test_a_grown_file_brings_only_its_tail(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with log.open("a", encoding="utf-8") as file:
        file.write(guesses(5, hour=15))
    assert bring_in(desk, [log])["events"] == 5
    assert count(desk) == 45
    with desk.connection() as db:
        said = [str(one) for one in store.files(db, 2)[0].notes]
        assert said == ["Only what was added since the last import was read."]
        newest = desk.events.page(db, Search(), limit=1).rows[0]
        assert int(newest["id"]) & 0xFFFFFFFF == 45


def test_a_log_that_grows_while_it_is_read_loses_and_doubles_nothing(
    desk: Desk, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_normalize, real_look_back = Syslog.normalize, earlier.look_back
    hours = iter(range(15, 24))

    def grow() -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(guesses(3, hour=next(hours)))

    def normalize(format_: Syslog, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        grow()
        return real_normalize(format_, records, reading)

    def look_back(*args: Any, **options: Any) -> earlier.Past:
        grow()
        past = real_look_back(*args, **options)
        grow()
        return past

    with monkeypatch.context() as growing:
        growing.setattr(Syslog, "normalize", normalize)
        growing.setattr(importing, "look_back", look_back)
        assert bring_in(desk, [log])["events"] == 40
        assert bring_in(desk, [log])["events"] == 9
    bring_in(desk, [log])
    raws = sorted(raw for *_, raw in state_of(desk)["events"])
    assert raws == sorted(log.read_text(encoding="utf-8").splitlines())


def at_the_same_time(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """Let something happen between an import's look at what is known and its commit."""
    real, happened = earlier.look_back, list[bool]()

    def look_back(*args: Any, **options: Any) -> earlier.Past:
        past = real(*args, **options)
        if not happened:
            happened.append(True)
            meanwhile()
        return past

    monkeypatch.setattr(importing, "look_back", look_back)


def test_a_file_in_two_imports_at_once_comes_in_once(
    desk: Desk, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.txt"
    shutil.copy(log, copy)
    at_the_same_time(monkeypatch, lambda: bring_in(desk, [copy]))
    result = bring_in(desk, [log])
    assert (result["events"], count(desk)) == (0, 40)
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 1
    with desk.connection() as db:
        row = store.files(db, 1)[0]
    assert (row.state, [str(one) for one in row.notes]) == (
        "known",
        ["This file was imported before; nothing was added."],
    )


def test_a_log_of_which_another_import_brings_the_beginning_at_once_adds_only_the_rest(
    desk: Desk, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "auth.log").write_text(guesses(25), encoding="utf-8")
    at_the_same_time(monkeypatch, lambda: bring_in(desk, [tmp_path / "auth.log"]))
    assert bring_in(desk, [log])["events"] == 15
    assert count(desk) == 40


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("cut", [20, 61, 119])
def test_a_last_line_without_an_end_is_imported_and_made_whole_when_the_log_has_grown(
    desk: Desk, tmp_path: Path, encoding: str, cut: int
) -> None:
    log = tmp_path / "auth.log"
    whole = guesses(8)
    lines = whole.splitlines()
    first = "\n".join(lines[:5]) + "\n" + lines[5][:cut]
    log.write_text(first, encoding=encoding, newline="")
    assert bring_in(desk, [log])["events"] == 6
    before = state_of(desk)
    log.write_text(whole, encoding=encoding, newline="")
    bring_in(desk, [log])
    assert sorted(raw for *_, raw in state_of(desk)["events"]) == sorted(lines)
    with desk.connection() as db:
        assert sum(one.events for one in store.import_rows(db)) == count(desk) == 8
        undo.undo(desk, db)
        assert store.import_row(db, 1).events == 6
    assert state_of(desk) == before


def test_a_log_that_is_caught_in_a_line_again_and_again_has_each_line_once(desk: Desk, tmp_path: Path) -> None:
    log, whole = tmp_path / "auth.log", guesses(6).encode()
    for size in (50, 150, 199, 420, len(whole) - 1, len(whole)):
        log.write_bytes(whole[:size])
        bring_in(desk, [log])
    assert sorted(raw for *_, raw in state_of(desk)["events"]) == guesses(6).splitlines()
    with desk.connection() as db:
        while undo.latest(db):
            undo.undo(desk, db)
    assert count(desk) == 0


def test_what_the_earlier_file_found_outlives_the_replacement_of_its_last_line(desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_text(guesses(40).rstrip("\n"), encoding="utf-8")
    bring_in(desk, [log])
    before = state_of(desk)
    with log.open("a", encoding="utf-8") as file:
        file.write("\n2026-11-20T15:00:00+08:00 opc-gw cron[1]: nothing special\n")
    bring_in(desk, [log], detect=False)
    assert {one["fingerprint"]: one["status"] for one in state_of(desk)["findings"]} == {
        one["fingerprint"]: one["status"] for one in before["findings"]
    }
    assert count(desk) == 41


def test_undo_removes_all_that_an_import_brought(desk: Desk, tmp_path: Path, log: Path) -> None:
    other = tmp_path / "other.log"
    other.write_text(guesses(3, hour=9, address="10.9.9.9"), encoding="utf-8")
    bring_in(desk, [other])
    before = state_of(desk)
    files = set(desk.folder.segments.rglob("*.parquet"))
    bring_in(desk, [log])
    with desk.connection() as db:
        undo.undo(desk, db)
    assert state_of(desk) == before
    assert set(desk.folder.segments.rglob("*.parquet")) == files


def test_after_an_undo_the_same_file_comes_in_again(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        undo.undo(desk, db)
    assert bring_in(desk, [log])["events"] == 40


def test_a_touched_finding_outlives_its_import_and_is_marked(desk: Desk, log: Path) -> None:
    from desktop_app.core import triage

    bring_in(desk, [log])
    with desk.connection() as db:
        ids = [row.id for row in findings.listing(db, findings.Filter("all"))]
        triage.confirm(db, ids)
        service.undo_import(desk, db, 1)
        kept = findings.listing(db, findings.Filter("all"))
        assert [row.id for row in kept] == ids
        assert all(row.events_removed for row in kept)
        assert all(findings.evidence_of(db, one) for one in ids)


def test_order_and_division_of_files_do_not_matter(desk: Desk, tmp_path: Path) -> None:
    lines = (guesses(30) + guesses(20, hour=15, address="10.8.8.8")).splitlines(keepends=True)
    for name, part in (("b.log", lines[:13]), ("a.log", lines[13:33]), ("c.log", lines[33:])):
        (tmp_path / name).write_text("".join(part), encoding="utf-8")
    for name in ("c.log", "b.log", "a.log"):
        bring_in(desk, [tmp_path / name])
    apart = state_of(desk)
    with desk.connection() as db:
        while undo.latest(db):
            undo.undo(desk, db)
    (tmp_path / "whole.log").write_text("".join(lines), encoding="utf-8")
    bring_in(desk, [tmp_path / "whole.log"])
    whole = state_of(desk)
    assert whole["findings"] == apart["findings"]
    assert whole["contributions"] == apart["contributions"]


def test_a_disk_that_fills_up_is_one_sentence_and_nothing_half_read_stays(
    desk: Desk, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tmp_path / "first.log"
    first.write_text(guesses(4, hour=9), encoding="utf-8")
    bring_in(desk, [first])
    before = state_of(desk)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("desktop_app.core.pipeline.write_segments", full)
        with desk.connection() as db:
            job_id = service.start_import(db, [str(log)])
        ended = run(desk, job_id)
    assert ended.state == "failed"
    assert str(ended.error[0]) == "The disk is full."
    assert state_of(desk) == before
    with desk.connection() as db:
        jobs.resume(db, job_id)
    assert run(desk, job_id).state == "done"
    assert count(desk) == 44


def test_a_worker_killed_between_two_files_resumes_to_the_same_state(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.log").write_text(guesses(20, hour=9 + number), encoding="utf-8")
    paths = [tmp_path / f"{number}.log" for number in range(3)]
    real = writer.write_segments
    calls: list[int] = []

    def dies(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)  # type: ignore[arg-type]

    with desk.connection() as db:
        job_id = service.start_import(db, [str(one) for one in paths])
    with monkeypatch.context() as broken:
        broken.setattr("desktop_app.core.pipeline.write_segments", dies)
        with pytest.raises(KeyboardInterrupt):
            run(desk, job_id)
    jobs.Runner(desk).recover()
    with desk.connection() as db:
        assert jobs.job(db, job_id).state == "interrupted"
        assert count(desk) == 20
        jobs.resume(db, job_id)
    run(desk, job_id)
    resumed = state_of(desk)
    with desk.connection() as db:
        undo.undo(desk, db)
    assert count(desk) == 0
    bring_in(desk, paths)
    undisturbed = state_of(desk)
    assert resumed["findings"] == undisturbed["findings"]
    assert sorted(one[1:] for one in resumed["events"]) == sorted(one[1:] for one in undisturbed["events"])


def test_a_cut_off_import_can_be_rolled_back(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        (tmp_path / f"{number}.log").write_text(guesses(20, hour=9 + number), encoding="utf-8")
    with desk.connection() as db:
        job_id = service.start_import(db, [str(tmp_path / "0.log"), str(tmp_path / "1.log")])
        real = jobs.JobContext.progress

        def cancels(context: jobs.JobContext, *args: object) -> None:
            real(context, *args)  # type: ignore[arg-type]
            jobs.cancel(context.db, context.job_id)

        monkeypatch.setattr(jobs.JobContext, "progress", cancels)
        assert run(desk, job_id).state == "cancelled"
        assert count(desk) == 20
        service.undo_import(desk, db, store.import_rows(db)[0].id)
    assert count(desk) == 0


def test_a_forced_format_and_zone_are_taken(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "local.log"
    path.write_text("2026-11-20 14:00:00 something happened\n" * 3, encoding="utf-8")
    bring_in(desk, [path], zone="UTC", format_id="plain")
    with desk.connection() as db:
        row = store.files(db, 1)[0]
        event = desk.events.page(db, Search(), limit=1).rows[0]
    assert (row.zone, row.zone_assumed, row.format) == ("UTC", True, "plain")
    assert event["time"] == 1_795_183_200_000_000


def test_a_missing_path_and_a_wrong_zone_are_refused_before_anything_is_queued(desk: Desk, log: Path) -> None:
    from desktop_app.core.errors import UsageError

    with desk.connection() as db:
        with pytest.raises(UsageError, match="no file or folder"):
            service.start_import(db, [str(log) + ".absent"])
        with pytest.raises(UsageError, match="No time zone"):
            service.start_import(db, [str(log)], zone="Mars/Base")
        with pytest.raises(UsageError, match="Nothing was chosen"):
            service.start_import(db, [])
        assert rows(db, "SELECT 1 FROM jobs") == []


def test_a_store_that_cannot_write_is_told(desk: Desk, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise StoreError(text("Not now."))

    monkeypatch.setattr("desktop_app.core.pipeline.write_segments", refuses)
    with desk.connection() as db:
        job_id = service.start_import(db, [str(log)])
    ended = run(desk, job_id)
    assert (ended.state, [str(part) for part in ended.error]) == ("failed", ["Not now."])


def test_uploaded_copies_are_deleted_after_they_were_read(desk: Desk, log: Path) -> None:
    bring_in(desk, [log], uploads=True)
    assert not log.exists()
    with desk.connection() as db:
        assert catalogue.live(db)
