from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core import audit, report_files, undo
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError, UsageError
from desktop_app.core.report_files import DAY, Frozen, Label

LABEL = Label(created=5_000_000, start=1, end=None, query={"period": "7"}, format="html", language="zh", findings=3,
              left_out=2)  # fmt: skip


def frozen(desk: Desk, db: Connection, content: bytes = b"<html>", label: Label = LABEL) -> Frozen:
    made = desk.folder.temporary / "made.html"
    made.parent.mkdir(exist_ok=True)
    made.write_bytes(content)
    return report_files.freeze(desk, db, made, ".html", label)


def test_a_frozen_report_is_a_file_with_period_query_and_digest(desk: Desk, db: Connection) -> None:
    one = frozen(desk, db)
    assert report_files.checked(desk, one).read_bytes() == b"<html>"
    assert one.sha256 == hashlib.sha256(b"<html>").hexdigest()
    assert (one.period_from, one.period_to, one.query, one.bytes) == (1, None, {"period": "7"}, 6)
    assert (one.findings, one.left_out, one.format, one.language) == (3, 2, "html", "zh")
    assert report_files.listing(db) == [one]
    assert str(audit.entries(db)[0].action) == f"Made the report {one.path}"


def test_two_reports_of_one_moment_do_not_overwrite_each_other(desk: Desk, db: Connection) -> None:
    first, second = frozen(desk, db, b"en"), frozen(desk, db, b"zh")
    assert [report_files.checked(desk, one).read_bytes() for one in (first, second)] == [b"en", b"zh"]
    assert report_files.total(db) == 2


def test_the_same_bytes_of_the_same_moment_are_one_report(desk: Desk, db: Connection) -> None:
    frozen(desk, db)
    again = frozen(desk, db)
    assert report_files.listing(db) == [again]
    assert report_files.checked(desk, again).is_file()


def test_a_file_that_was_changed_is_not_handed_out(desk: Desk, db: Connection) -> None:
    one = frozen(desk, db)
    (desk.folder.reports / one.path).write_bytes(b"<HTML>")
    with pytest.raises(StoreError, match="not the one that was frozen"):
        report_files.checked(desk, one)


def test_a_file_that_is_gone_is_told_as_such(desk: Desk, db: Connection) -> None:
    one = frozen(desk, db)
    (desk.folder.reports / one.path).unlink()
    with pytest.raises(StoreError, match="is gone"):
        report_files.checked(desk, one)


def test_deleting_can_be_undone_until_the_file_goes(desk: Desk, db: Connection) -> None:
    one = frozen(desk, db)
    report_files.delete(db, one.id, at=0)
    assert report_files.listing(db) == []
    with pytest.raises(UsageError, match="no report of that number"):
        report_files.report(db, one.id)
    assert report_files.sweep(desk, db, 30 * DAY) == 0
    undo.undo(desk, db)
    assert report_files.checked(desk, report_files.report(db, one.id)).read_bytes() == b"<html>"
    report_files.delete(db, one.id, at=0)
    assert report_files.sweep(desk, db, 30 * DAY + 1) == 1
    assert list(desk.folder.reports.iterdir()) == []


def test_reports_of_a_schedule_are_listed_by_it(desk: Desk, db: Connection) -> None:
    frozen(desk, db)
    of_it = frozen(desk, db, b"2", replace(LABEL, schedule_id=7))
    assert report_files.listing(db, schedule_id=7) == [of_it]


def test_retiring_takes_the_file_and_its_unchanged_copy(desk: Desk, db: Connection, tmp_path: Path) -> None:
    copies = [tmp_path / "kept.html", tmp_path / "changed.html"]
    for number, copy in enumerate(copies):
        one = frozen(desk, db, f"{number}".encode())
        copy.write_bytes(f"{number}".encode())
        report_files.remember_copy(db, one.id, copy)
    copies[1].write_bytes(b"somebody wrote on it")
    for one in report_files.listing(db):
        report_files.retire(desk, db, one)
    assert [copy.exists() for copy in copies] == [False, True]
    assert (report_files.total(db), list(desk.folder.reports.iterdir())) == (0, [])


def test_a_report_of_an_earlier_version_has_no_query(desk: Desk, db: Connection) -> None:
    one = frozen(desk, db)
    db.execute("UPDATE reports SET query = '[{}]'")
    assert report_files.report(db, one.id).query == {}
