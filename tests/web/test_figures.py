from __future__ import annotations

from desktop_app.core import triage
from desktop_app.core.database import Connection, writing
from desktop_app.core.text import text
from desktop_app.core.undo import record
from desktop_app.web import figures
from tests.web import sample


def test_a_new_desk_is_empty_until_something_came_in(db: Connection) -> None:
    assert figures.is_empty(db)
    with writing(db):
        db["imports"].insert({"label": "x", "state": "undone", "created": 0})
    assert figures.is_empty(db)


def test_the_newest_import_says_how_many_inputs_were_read_and_names_the_others(
    db: Connection, made: dict[str, int]
) -> None:
    assert made
    latest = figures.latest_import(db)
    assert latest is not None
    assert (latest.label, latest.files, latest.read, latest.missing, latest.events) == ("plant-logs", 3, 2, 1, 48)
    assert [(one.name, str(one.why)) for one in latest.unread] == [("plant-fw.log", "Cannot read plant-fw.log")]


def test_a_file_that_an_interrupted_import_did_not_reach_says_so(db: Connection, made: dict[str, int]) -> None:
    assert made
    with writing(db):
        db.execute("UPDATE files SET state = 'failed', error = NULL WHERE name = 'plant-fw.log'")
    latest = figures.latest_import(db)
    assert latest is not None
    assert [str(one.why) for one in latest.unread] == ["The import was stopped before its end."]


def test_an_import_that_was_taken_back_is_not_the_newest(db: Connection, made: dict[str, int]) -> None:
    assert made
    with writing(db):
        db.execute("UPDATE imports SET state = 'undone'")
    assert figures.latest_import(db) is None
    assert figures.inputs(db) == []


def test_imports_tell_how_they_stand_and_what_they_lack(db: Connection, made: dict[str, int]) -> None:
    assert made
    sample.again(db, "plant-fw.log", events=7, state="reading", job="failed")
    assert figures.readings(db) == {1: figures.Reading("done", 1, 0), 2: figures.Reading("failed", 0, 1)}
    assert figures.earlier_gaps(db, 2) == (0, None)


def test_the_finding_that_waits_longest_is_the_oldest_nobody_worked_on(db: Connection, made: dict[str, int]) -> None:
    assert figures.oldest_untouched(db) == made["foreign/HMI-07"]
    triage.note(db, made["foreign/HMI-07"], "asked the vendor")
    assert figures.oldest_untouched(db) == made["disk/HMI-07"]


def test_nothing_waits_on_an_empty_desk(db: Connection) -> None:
    assert figures.oldest_untouched(db) is None


def test_the_way_back_of_an_import_is_found_until_it_was_gone(db: Connection) -> None:
    assert figures.undo_of_import(db, 1) is None
    with writing(db):
        made = record(db, "logs.import", text("x"), before={}, after=[], subjects=["import:1"])
    assert figures.undo_of_import(db, 1) == made.undo_id
    with writing(db):
        db.execute("UPDATE undo SET undone = 1")
    assert figures.undo_of_import(db, 1) is None


def test_inputs_carry_their_digest(db: Connection, made: dict[str, int]) -> None:
    assert made
    assert {one.name: len(one.sha256 or "") for one in figures.inputs(db)} == {
        "OPC-GW-02_Security.evtx": 64,
        "syslog": 64,
    }


def test_rules_that_the_engine_cannot_use_are_counted_apart(db: Connection, made: dict[str, int]) -> None:
    assert made
    with writing(db):
        db.execute("UPDATE rules SET state = 'unsupported' WHERE id = 'disk'")
        db.execute("UPDATE rules SET enabled = 0 WHERE id = 'guess'")
    assert figures.rules(db) == (2, 1)
