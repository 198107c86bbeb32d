from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import marks, triage
from desktop_app.core.cases import cases
from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.core.findings import Filter, listing
from desktop_app.core.model import micros, moment
from desktop_app.extensions.logs.service import timeline
from desktop_app.extensions.logs.service.timeline import Course, Moment
from tests.extensions.logs.importing import bring_in, guesses

SECOND = 1_000_000
BEGIN = micros(moment(0).replace(year=2026, month=11, day=20, hour=6))


@pytest.fixture
def filled(desk: Desk, tmp_path: Path) -> Desk:
    log = tmp_path / "auth.log"
    log.write_text(guesses(40) + "2026-11-20T16:00:00+08:00 gate cron[1]: tick\n", encoding="utf-8")
    bring_in(desk, [log])
    return desk


def test_a_search_is_shown_from_its_first_to_its_last_event(filled: Desk) -> None:
    with filled.connection() as db:
        found = timeline.course(filled, db, Search("Failed"))
        finding = listing(db, Filter("all"))[0]
    assert (found.start, found.end) == (BEGIN, BEGIN + 78 * SECOND + 1)
    assert found.events is not None
    assert {line.values for line in found.events.lines} == {("sshd",)}
    assert (found.events.total, found.outside) == ((40,), 0)
    assert finding.id in {one.finding_id for one in found.moments}


def test_times_of_the_search_bound_the_axis(filled: Desk) -> None:
    with filled.connection() as db:
        found = timeline.course(filled, db, Search("", (), BEGIN, BEGIN + 10 * SECOND))
        later = timeline.course(filled, db, Search("", (), BEGIN + 3600 * SECOND, BEGIN + 3700 * SECOND))
    assert found.events is not None
    assert found.events.total == (5,)
    assert later.moments == ()
    assert later.events is not None
    assert later.events.lines == ()


def test_kept_events_and_notes_have_their_places(filled: Desk) -> None:
    with filled.connection() as db:
        [tick] = filled.events.page(db, Search("tick"), limit=1).rows
        marks.change(db, tick, pin=True, note="why?")
        triage.note(db, listing(db, Filter("all"))[0].id, "asked the shift lead")
        found = timeline.course(filled, db, Search("", (), BEGIN, 2**55))
    told = [(one.lane, one.words) for one in found.moments if one.lane != "finding"]
    assert told == [("kept", "why?"), ("written", "asked the shift lead")]


def test_a_case_shows_its_own_findings_and_says_what_lies_elsewhere(filled: Desk) -> None:
    with filled.connection() as db:
        finding = listing(db, Filter("all"))[0]
        case_id, _ = cases.create(db, "A")
        cases.add(db, case_id, [finding.id])
        empty, _ = cases.create(db, "B")
        found = timeline.course(filled, db, Search(), case_id)
        nothing = timeline.course(filled, db, Search(), empty)
    assert found.start < finding.first_seen < finding.last_seen < found.end
    assert {one.lane for one in found.moments} == {"finding", "kept"}
    assert found.outside > 0  # the decisions of today
    assert nothing.end > nothing.start


def test_an_empty_desk_has_an_axis_without_anything(desk: Desk) -> None:
    with desk.connection() as db:
        found = timeline.course(desk, db, Search())
    assert (found.moments, found.events) == ((), None)
    assert found.end > found.start


def points(*spans: tuple[int, int]) -> Course:
    return Course(0, 1000, tuple(Moment("finding", start, end) for start, end in spans), None, 0)


def test_thousands_of_moments_are_drawn_as_few_pieces() -> None:
    many = points(*((n % 1000, n % 1000) for n in range(5000)))
    drawn = timeline.bins(many, "finding", most=50)
    assert len(drawn) == 50
    assert sum(len(one.moments) for one in drawn) == 5000
    assert timeline.bins(many, "kept") == []


def test_long_ones_are_apart_until_there_are_too_many() -> None:
    assert len(timeline.bins(points((0, 500), (0, 900), (0, 900)), "finding")) == 2
    assert len(timeline.bins(points(*((0, n) for n in range(1000))), "finding", most=100)) <= 101


def test_what_overlaps_lies_in_rows() -> None:
    drawn = timeline.bins(points((0, 900), (100, 200), (300, 400), (350, 600)), "finding")
    assert timeline.stacked(drawn) == [0, 1, 1, 2]
    assert max(timeline.stacked(timeline.bins(points(*((n, 1000) for n in range(50))), "finding"))) == 4
