"""What the page of a case draws."""

from __future__ import annotations

from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection
from desktop_app.web import case_view


def test_there_is_nothing_to_draw_of_a_case_that_is_not_there(db: Connection) -> None:
    assert case_view.show(db, "en", 1, "") is None


def test_the_timeline_is_narrowed_to_what_was_seen_or_done(db: Connection, made: dict[str, int]) -> None:
    case_id, _ = cases.create(db, "Night shift", [made["guess/OPC-GW-02"]])
    cases.note(db, case_id, "asked")
    case_tasks.add(db, case_id, "Look")
    kinds = {}
    for part in case_view.PARTS:
        shown = case_view.show(db, "en", case_id, part)
        assert shown is not None
        kinds[part] = [line.moment.kind for line in shown.lines]
    assert kinds["seen"] == ["first", *["event"] * 5, "last", "event"]
    assert kinds["done"] == ["decision", "note"]
    assert kinds[""] == kinds["seen"] + kinds["done"]


def test_lines_name_their_finding_in_the_readers_language(db: Connection, made: dict[str, int]) -> None:
    case_id, _ = cases.create(db, "Night shift", [made["cleared/ENG-WS-04"]])
    shown = case_view.show(db, "zh", case_id, "no such part")
    assert shown is not None
    assert shown.part == ""
    assert [one.title for one in shown.findings] == ["安全日志被清空"]
    assert shown.lines[0].title == "安全日志被清空"


def test_of_more_moments_than_a_page_holds_the_newest_are_drawn(db: Connection) -> None:
    case_id, _ = cases.create(db, "Night shift")
    for number in range(case_view.MOST + 4):
        db.execute("INSERT INTO case_notes (case_id, time, text) VALUES (?, ?, ?)", (case_id, number, str(number)))
    shown = case_view.show(db, "en", case_id, "")
    assert shown is not None
    assert (len(shown.lines), shown.hidden) == (case_view.MOST, 5)
    assert shown.lines[0].words == "5"
