from __future__ import annotations

import hashlib

import orjson

from desktop_app.core import triage
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.web.report.choice import Choice
from tests.web import sample
from tests.web.report.conftest import built


def test_a_report_is_plain_values_and_nothing_else(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = built(desk, db)
    assert orjson.loads(orjson.dumps(told)) == told


def test_findings_have_evidence_with_digests(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    first = built(desk, db)["findings"][0]
    assert (first["title"], first["asset"], first["count"]) == ("38 failed sign-ins, then a success", "OPC-GW-02", 39)
    assert first["evidence"][0]["sha256"] == hashlib.sha256(sample.GUESS_LINES[0].encode()).hexdigest()
    assert first["name"] == f"WD-{made['guess/OPC-GW-02']}"
    assert first["first"] == "2026-11-22 14:27:48 UTC+8"


def test_the_cover_names_site_author_and_what_was_chosen(desk: Desk, db: Connection) -> None:
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('report_site', 'Cold mill', 0), ('report_author', 'M. Chen', 0)")
    cover = built(desk, db, Choice(severities=("critical",), assets=("OPC-GW-02",)))["cover"]
    assert (cover["site"], cover["author"]) == ("Cold mill", "M. Chen")
    assert cover["chosen"] == [["Severities", "Critical"], ["Status", "New", "In progress"], ["Assets", "OPC-GW-02"]]
    assert (cover["start"], cover["end"]) == ("2026-11-15 14:37:00 UTC+8", "2026-11-22 14:37:00 UTC+8")


def test_decisions_verdicts_and_notes_go_with_their_finding(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    number = made["guess/OPC-GW-02"]
    triage.confirm(db, [number])
    triage.note(db, number, "Asked the shift lead.")
    first = built(desk, db)["findings"][0]
    assert (first["status"], first["verdict"]) == ("In progress", "True positive")
    assert [one["words"] for one in first["decisions"]] == ["Confirmed 1 finding"]
    assert [one["text"] for one in first["notes"]] == ["Asked the shift lead."]


def test_what_is_suppressed_says_why(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    triage.suppress(db, [made["disk/HIST-01"]], "Known, the disk is ordered.", None)
    told = next(one for one in built(desk, db)["findings"] if one["suppressed"])
    assert told["suppressed"] == {"reason": "Known, the disk is ordered.", "until": ""}


def test_cases_of_the_findings_are_told(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    cases.create(db, "One matter", [made["guess/OPC-GW-02"]])
    assert [one["name"] for one in built(desk, db)["cases"]] == ["One matter"]
    assert built(desk, db, Choice(period="0", severities=("low",)))["cases"] == []


def test_sections_that_are_not_asked_for_cost_nothing(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    cases.create(db, "One matter", [made["guess/OPC-GW-02"]])
    told = built(desk, db, Choice(period="0", sections=("summary",)))
    assert (told["findings"], told["cases"], told["sections"]) == ([], [], ["summary"])
    assert told["total"] == 5


def test_the_language_is_that_of_the_reader(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = built(desk, db, language="zh")
    assert told["language"] == "zh-CN"
    assert told["findings"][0]["title"] == "38 次登录失败后登录成功"
