"""Imports and files as they are stored, and what counts as known."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable, UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs import service, store
from tests.core.events.made import batch
from tests.extensions.logs.importing import bring_in, guesses, state_of

SECURITY = LogSource("windows", "", "security")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def count(desk: Desk) -> int:
    with desk.connection() as db:
        return desk.events.count(db, Search())


# --- rows ------------------------------------------------------------------------------------------------------------


def test_an_input_keeps_its_row_when_an_import_is_resumed(db: Connection) -> None:
    with writing(db):
        import_id = store.create_import(db, "x", {})
        first = store.file_for(db, import_id, ("/a.zip", "b.log"), "b.log", 5)
        other = store.file_for(db, import_id, ("/a.zip", "c.log"), "c.log")
        again = store.file_for(db, import_id, ("/a.zip", "b.log"), "b.log", 9)
    assert again == first
    assert other.id != first.id
    assert (first.state, first.modified, first.notes, first.error) == ("waiting", 5, (), ())


def test_what_became_of_a_file_comes_back_as_it_was_said(db: Connection) -> None:
    told = SourceUnreadable(text("Cannot read %(path)s", path="x"), fix=text("Try again."))
    with writing(db):
        import_id = store.create_import(db, "x", {})
        row = store.file_for(db, import_id, ("/x", ""), "x")
        store.finish_file(db, row.id, {"state": "failed", "error": store.error_json(told), "zone_assumed": 1})
        store.set_zone(db, row.id, "UTC", {"columns": ["a"]}, {"columns": ["b"]})
    [read] = store.files(db, import_id)
    assert [str(one) for one in read.error] == ["Cannot read x", "Try again."]
    assert (read.state, read.zone, read.zone_assumed, read.reading_state) == ("failed", "UTC", True, {"columns": ["a"]})
    assert read.settled.state == {"columns": ["b"]}
    assert store.error_json(None) is None


def test_an_import_adds_up_its_files(desk: Desk, log: Path) -> None:
    empty = log.with_name("broken.gz")
    empty.write_bytes(b"\x1f\x8bno gzip")
    bring_in(desk, [log, empty])
    bring_in(desk, [log])
    with desk.connection() as db:
        second, first = store.import_rows(db)
        assert store.import_row(db, 1) == first
    assert (first.files, first.unread, first.known, first.events, first.state) == (2, 1, 0, 20, "done")
    assert (second.files, second.unread, second.known, second.events, second.undo_id) == (1, 0, 1, 0, None)
    assert first.undo_id is not None
    assert first.findings >= 1
    assert (first.zones, first.zone_assumed) == ((), False)


def test_an_import_that_is_not_there_is_told(db: Connection) -> None:
    with pytest.raises(UsageError, match="no import 7"):
        store.import_row(db, 7)


def test_a_value_kept_with_an_import_is_the_first_one(db: Connection) -> None:
    with writing(db):
        import_id = store.create_import(db, "x", {"zone": "UTC"})
        assert store.keep_option(db, import_id, "made_at", 5) == 5
        assert store.keep_option(db, import_id, "made_at", 9) == 5
    assert store.import_options(db, import_id) == {"zone": "UTC", "made_at": 5}


def test_a_source_remembers_how_far_it_was_read(db: Connection) -> None:
    assert store.source_cursor(db, "journal", "") == {}
    for cursor in ({"at": "a"}, {"at": "b"}):
        with writing(db):
            store.set_source_cursor(db, "journal", "", cursor)
        assert store.source_cursor(db, "journal", "") == cursor
    assert store.source_cursor(db, "journal", "other") == {}


def test_segments_are_found_by_import_and_by_file(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        with writing(db):
            catalogue.hide(db, [1])
        assert store.segment_ids(db, import_id=1) == []
        assert store.segment_ids(db, import_id=1, hidden=True) == [1]
        assert store.segment_ids(db, file_ids=[1]) == []
        with writing(db):
            catalogue.show(db, [1])
        assert store.segment_ids(db, file_ids=[1]) == store.segment_ids(db, import_id=1) == [1]
        assert store.segment_ids(db, file_ids=[]) == []


# --- known files -----------------------------------------------------------------------------------------------------


def test_a_standing_file_is_known_by_its_content_and_its_size(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    size, elsewhere = log.stat().st_size, ("/other", "")
    with desk.connection() as db:
        assert [one.id for one in store.known_files(db, [digest(log), "0" * 64])] == [1]
        assert store.known_files(db, ["0" * 64]) == []
        assert store.known_sizes(db, "auth.log", elsewhere, None) == [size]
        assert store.known_sizes(db, "auth.log", elsewhere, size) == [size]
        assert store.known_sizes(db, "auth.log", elsewhere, size - 1) == []
        assert store.known_sizes(db, "other.log", (str(log), ""), None) == [size]
        assert store.known_sizes(db, "other.log", elsewhere, None) == []
        assert (store.has_size(db, size), store.has_size(db, None), store.has_size(db, size + 1)) == (True, True, False)


def test_of_several_known_files_the_longest_comes_first(db: Connection) -> None:
    for number in range(3):
        with writing(db):
            import_id = store.create_import(db, "x", {})
            row = store.file_for(db, import_id, ("/l/a.log", ""), "a.log")
            store.finish_file(db, row.id, {"sha256": f"{number}", "bytes": 10 + number, "state": "done"})
    assert [one.sha256 for one in store.known_files(db, ["0", "2", "7"])] == ["2", "0"]


def test_an_input_cannot_have_two_rows_in_an_import(db: Connection) -> None:
    with writing(db):
        import_id = store.create_import(db, "x", {})
        store.file_for(db, import_id, ("/l/a.log", ""), "a.log")
    with pytest.raises(sqlite3.IntegrityError), writing(db):
        sql = "INSERT INTO files (import_id, path, name, state) VALUES (?, '/l/a.log', 'a.log', 'done')"
        db.execute(sql, (import_id,))


def test_a_file_of_an_undone_import_is_not_known(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        service.undo_import(desk, db, 1)
        assert store.known_files(db, [digest(log)]) == []
        assert store.known_sizes(db, "auth.log", (str(log), ""), None) == []
        assert not store.has_size(db, None)


def test_a_standing_file_is_known_where_an_undone_one_had_the_same_content(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        undo.undo(desk, db)
    bring_in(desk, [log])
    bring_in(desk, [log])
    with desk.connection() as db:
        assert [one.import_id for one in store.known_files(db, [digest(log)])] == [2]
    assert count(desk) == 20


def test_a_file_that_could_not_be_read_is_not_known(db: Connection) -> None:
    with writing(db):
        row = store.file_for(db, store.create_import(db, "x", {}), ("/x", ""), "x")
        store.finish_file(db, row.id, {"state": "failed", "sha256": "aa", "bytes": 5})
    assert store.known_files(db, ["aa"]) == []
    assert store.known_sizes(db, "x", ("/x", ""), None) == []


def test_what_a_grown_file_continues_is_undone_after_it(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    whole = guesses(20) + guesses(5, hour=15)
    log.write_text(whole, encoding="utf-8")
    bring_in(desk, [log])
    with desk.connection() as db:
        with pytest.raises(UsageError, match="later decision"):
            service.undo_import(desk, db, 1)
        assert store.import_row(db, 1).undo_id != store.import_row(db, 2).undo_id
        service.undo_import(desk, db, 2)
        service.undo_import(desk, db, 1)
    bring_in(desk, [log])
    assert count(desk) == 25


# --- Windows events --------------------------------------------------------------------------------------------------


def record(number: int, **more: object) -> dict[str, object]:
    """Return a record of Windows' security log in the form that other tools export."""
    system = {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}}, "EventID": 4625, "Level": 0,
        "TimeCreated": {"#attributes": {"SystemTime": f"2026-11-20T14:00:{number % 60:02}.000000Z"}},
        "EventRecordID": number, "Channel": "Security", "Computer": "OPC-GW-02",
    }  # fmt: skip
    return {"Event": {"System": {**system, **more}, "EventData": {"TargetUserName": "eve"}}}


def export(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def test_a_larger_export_of_the_same_log_brings_only_the_new_records(desk: Desk, tmp_path: Path) -> None:
    small = export(tmp_path / "monday.json", *(record(number) for number in range(1, 31)))
    large = export(tmp_path / "tuesday.json", *(record(number) for number in range(11, 51)))
    assert bring_in(desk, [small])["events"] == 30
    result = bring_in(desk, [large])
    assert (result["files"][0]["format"], result["events"]) == ("winjson", 20)
    assert count(desk) == 50


def test_records_of_another_computer_channel_number_or_time_are_others(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, [export(tmp_path / "a.json", record(1), record(2))])
    later = {"#attributes": {"SystemTime": "2026-11-21T14:00:01Z"}}
    others = [record(1, Computer="HMI-07"), record(1, Channel="System"), record(3), record(1, TimeCreated=later)]
    assert bring_in(desk, [export(tmp_path / "b.json", *others)])["events"] == 4


def test_an_export_that_brings_nothing_new_says_so_and_stands_for_nothing(desk: Desk, tmp_path: Path) -> None:
    whole = export(tmp_path / "whole.json", *(record(number) for number in range(1, 31)))
    part = export(tmp_path / "part.json", *(record(number) for number in range(5, 10)))
    bring_in(desk, [whole])
    assert bring_in(desk, [part])["events"] == 0
    with desk.connection() as db:
        [row] = store.files(db, 2)
        assert (row.state, [str(one) for one in row.notes]) == (
            "known", ["This file was imported before; nothing was added."],
        )  # fmt: skip
        service.undo_import(desk, db, 1)
    assert bring_in(desk, [part])["events"] == 5


def test_an_export_that_later_ones_built_on_is_undone_after_them(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, [export(tmp_path / "monday.json", *(record(number) for number in range(1, 31)))])
    before = state_of(desk)
    bring_in(desk, [export(tmp_path / "tuesday.json", *(record(number) for number in range(11, 51)))])
    with desk.connection() as db:
        with pytest.raises(UsageError, match=r"Imported tuesday\.json"):
            service.undo_import(desk, db, 1)
        service.undo_import(desk, db, 2)
    assert state_of(desk) == before


def test_what_is_known_is_left_out_of_a_batch_and_its_imports_are_named(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, [export(tmp_path / "a.json", record(1), record(2), record(3))])
    with desk.connection() as db:
        [(_, stored)] = desk.events.load(db, [1])
        left, known = store.without_known(desk, db, stored, {})
        assert (len(left), known) == (0, {1})


def test_events_without_a_number_of_their_own_and_lines_of_text_are_always_new(desk: Desk, tmp_path: Path) -> None:
    numberless = [{"time": 5, "host": "a", "fields": {"Channel": "Security"}}] * 2
    path = export(tmp_path / "a.json", record(1))
    bring_in(desk, [path])
    with desk.connection() as db:
        for made in (batch(numberless, SECURITY), batch([{}, {}]), batch([], SECURITY)):
            assert store.without_known(desk, db, made, {}) == (made, set())


def test_a_damaged_file_of_an_earlier_import_does_not_cost_a_new_one(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, [export(tmp_path / "a.json", record(1), record(2))])
    for path in desk.folder.segments.rglob("*.parquet"):
        path.write_bytes(b"no longer what was written")
    assert bring_in(desk, [export(tmp_path / "b.json", record(2), record(3))])["events"] == 2


def test_the_segments_of_any_number_of_files_are_found(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        assert store.segment_ids(db, file_ids=[*range(1_000, 101_000), 1]) == store.segment_ids(db, import_id=1)
