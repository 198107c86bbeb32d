from __future__ import annotations

import hashlib

from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.web.report import appendix
from tests.web import sample
from tests.web.report.conftest import gathered, writer


def test_what_could_not_be_read_is_named_with_its_reason(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    assert appendix.unseen(writer(desk, db))["files"] == [
        {"name": "plant-fw.log", "events": 0, "problem": ["Cannot read plant-fw.log", "Permission denied."]}
    ]


def test_a_file_that_was_imported_twice_is_named_once_and_as_read_last(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    sample.again(db, "plant-fw.log", events=7)
    assert [(one["name"], one["events"]) for one in appendix.unseen(writer(desk, db))["files"]] == [("plant-fw.log", 7)]


def test_rules_that_could_not_see_are_grouped_by_their_reason(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    with writing(db):
        db.execute("UPDATE findings SET count = 0")
        db.execute("UPDATE rules SET enabled = 0 WHERE id = 'disk'")
        db.execute("UPDATE rules SET state = 'unsupported' WHERE id = 'cleared'")
    told = appendix.unseen(writer(desk, db))
    assert told["counts"]["blocked"] == sum(one["count"] for one in told["blocked"]) > 0
    assert all(one["rules"] for one in told["blocked"])
    assert (told["disabled"], told["counts"]["broken"]) == (["Disk errors"], 1)


def test_findings_whose_events_were_removed_are_counted(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    with writing(db):
        db.execute("UPDATE findings SET events_removed = 1 WHERE id = ?", (made["disk/HIST-01"],))
    assert appendix.unseen(writer(desk, db))["removed"] == 1


def test_rules_stand_with_their_versions_and_files_with_their_digests(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    told = appendix.methods(writer(desk, db), gathered(desk, db))
    assert told["rules"][0] == {
        "title": "Disk errors", "id": "disk", "version": "0" * 12, "pack": "watchdesk", "findings": 2
    }  # fmt: skip
    assert {one["sha256"] for one in told["inputs"]} >= {hashlib.sha256(b"syslog").hexdigest()}
