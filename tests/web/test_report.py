from __future__ import annotations

import hashlib
import re
from base64 import b64encode

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.web import report
from desktop_app.web.report import ReportRequest
from tests.web import sample


def test_a_report_needs_no_request_and_tells_findings_with_evidence_and_digests(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    told = report.render(desk, db, ReportRequest(), "en")
    assert "38 failed sign-ins, then a success" in told
    assert "Someone guessed passwords for svc_historian until one worked." in told
    assert f"SHA-256 {hashlib.sha256(sample.GUESS_LINES[0].encode()).hexdigest()}" in told
    assert hashlib.sha256(b"syslog").hexdigest() in told
    assert "2026-11-22 14:31:00 UTC+8" in told


def test_a_report_speaks_the_readers_language(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = report.render(desk, db, ReportRequest(), "zh")
    assert '<html lang="zh-CN">' in told
    assert "38 次登录失败后登录成功" in told


def test_a_report_says_what_could_not_be_seen(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = report.render(desk, db, ReportRequest(), "en")
    assert "1 file could not be read whole" in told
    assert "plant-fw.log" in told
    assert "Permission denied." in told


def test_a_report_says_what_the_rules_could_not_see(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    with sample.writing(db):
        db.execute("UPDATE findings SET count = 0")
        db.execute("UPDATE rules SET enabled = 0 WHERE id = 'disk'")
    told = report.render(desk, db, ReportRequest(), "en")
    assert "Rules applied" not in told
    assert "could not fire: no log of" in told
    assert "1 rule was switched off." in told


def test_a_file_that_was_imported_twice_is_named_once_and_as_read_last(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    sample.again(db, "plant-fw.log", events=7)
    told = report.render(desk, db, ReportRequest(), "en")
    assert told.count("<li><b>plant-fw.log</b>") == 1
    assert "<b>plant-fw.log</b> (read in part: 7 events)" in told


def test_a_report_is_one_file_that_asks_nothing_of_any_other(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = report.render(desk, db, ReportRequest(), "en")
    assert "<script" not in told
    assert not re.search(r'(src|href)="(?!#)', told)
    assert "@import" not in told
    assert "url(" not in told


def test_period_and_severities_choose_what_is_told(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    late = report.render(desk, db, ReportRequest(start=sample.NOW - sample.HOUR // 2), "en")
    assert "38 failed sign-ins" in late
    assert "The security log was cleared" not in late
    low = report.render(desk, db, ReportRequest(severities=(2,)), "en")
    assert "Suspicious Rundll32 Activity" in low
    assert "38 failed sign-ins" not in low


def test_an_empty_report_calls_nothing_clean(desk: Desk, db: Connection) -> None:
    told = report.render(desk, db, ReportRequest(), "en")
    assert "No rule found anything in what was read. This says nothing about what was not read." in told


def test_what_was_read_from_a_log_is_never_taken_as_html(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    with sample.writing(db):
        db.execute("UPDATE assets SET name = '<img src=x>' WHERE id = ?", (made["guess/OPC-GW-02"],))
    told = report.render(desk, db, ReportRequest(), "en")
    assert "<img" not in told
    assert "&lt;img src=x&gt;" in told


def test_the_policy_allows_exactly_the_style_that_the_report_carries(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    told = report.render(desk, db, ReportRequest(), "en")
    inside = re.search(r"<style>(.*?)</style>", told, re.DOTALL)
    assert inside is not None
    assert b64encode(hashlib.sha256(inside[1].encode()).digest()).decode() in report.policy()
    assert "unsafe" not in report.policy()


def test_a_frozen_report_is_a_file_with_its_digest(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    path = report.freeze(desk, db, ReportRequest(), "en")
    digest, held = db.execute("SELECT sha256, findings FROM reports").fetchone()
    assert path.parent == desk.folder.reports
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert held == len(made)
