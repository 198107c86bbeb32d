from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.jobs.landing import Landing, Whose
from desktop_app.extensions.logs.sources.feed import Loss, Portion
from desktop_app.extensions.logs.store import live
from tests.extensions.logs.importing import count, guesses
from tests.extensions.logs.listening import add

WHOSE = Whose(1, "syslog")


def portion(lines: list[str], **more: Any) -> Portion:
    return Portion(lines, ("live:syslog", "syslog"), "syslog", 1, 2, sum(map(len, lines)), **more)


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    add(desk)
    with desk.connection() as opened:
        yield opened


def test_events_cursor_and_findings_come_together(desk: Desk, db: Connection) -> None:
    landing = Landing(desk, db)
    lines = guesses(40).splitlines()
    for start in range(0, 40, 10):
        landed = landing.land(WHOSE, portion(lines[start : start + 10], cursor={"at": start + 10}), {"arrived": 5})
        assert landed.events == 10
    assert live.cursor(db, 1) == {"at": 40}
    assert (live.source(db, 1).events, live.source(db, 1).arrived) == (40, 5)
    assert count(desk) == 40
    [one] = rows(db, "SELECT events, records, bytes FROM files")
    assert one == {"events": 40, "records": 40, "bytes": sum(map(len, lines))}
    assert rows(db, "SELECT count FROM findings WHERE rule_id LIKE '%' AND count >= 5"), "the rules saw a burst"


def test_a_message_without_host_has_its_sender_for_its_host(desk: Desk, db: Connection) -> None:
    told = ["<34>Nov 22 10:00:00 web01 app: with host", "<34>nothing that anybody could read"]
    Landing(desk, db).land(WHOSE, portion(told, peers=["10.0.0.7", "10.0.0.8"]), {})
    found = desk.events.page(db, Search()).rows
    assert {row["host"] for row in found} == {"web01", "10.0.0.8"}
    assert {row["fields"]["log.source.address"] for row in found} == {"10.0.0.7", "10.0.0.8"}


def test_a_message_without_a_time_came_when_it_came_whoever_wrote_before_it(desk: Desk, db: Connection) -> None:
    before = desk.clock()
    told = ["<34>1 2020-01-01T10:00:00Z web01 app - - - an old one", "nothing that anybody could read"]
    Landing(desk, db).land(WHOSE, portion(told, peers=["10.0.0.7", "10.0.0.8"]), {})
    found = {row["host"]: row["time"] for row in desk.events.page(db, Search()).rows}
    assert found["web01"] == 1_577_872_800_000_000
    assert found["10.0.0.8"] >= before


def test_a_day_of_a_source_is_taken_back_by_one_undo_and_goes_on_anew(desk: Desk, db: Connection) -> None:
    landing = Landing(desk, db)
    landing.land(WHOSE, portion(["<34>one", "<34>two"]), {})
    [first] = service.import_rows(db)
    assert undo.latest(db) is not None
    assert undo.latest(db).summary.id == "Added the live source %(name)s"  # type: ignore[union-attr] # checked above
    service.undo_import(desk, db, first.id)
    assert count(desk) == 0
    landing.land(WHOSE, portion(["<34>three"]), {})
    assert count(desk) == 1
    assert [one.state for one in service.import_rows(db)] == ["done", "undone"]


def test_a_rule_that_is_switched_off_meanwhile_is_not_applied(desk: Desk, db: Connection) -> None:
    landing = Landing(desk, db)
    landing.land(WHOSE, portion(guesses(2).splitlines()), {})
    catalogue.disable(db, [row["id"] for row in rows(db, "SELECT id FROM rules")])
    landing.land(WHOSE, portion(guesses(40).splitlines()), {})
    assert value(db, "SELECT COUNT(*) FROM findings") == 0


def test_what_was_lost_is_a_gap(desk: Desk, db: Connection) -> None:
    Landing(desk, db).land(WHOSE, portion([], losses=[Loss(5, 9, 12, "flood")], refused=2), {})
    assert [(one.start, one.end, one.lost, one.reason) for one in live.gaps(db)] == [(5, 9, 12, "flood")]
    assert (live.source(db, 1).lost, live.source(db, 1).refused) == (12, 2)
    assert not rows(db, "SELECT 1 FROM segments")


def test_a_portion_that_trips_a_parser_is_kept_as_plain_text(
    desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.extensions.logs.sources.syslog import Syslog

    def trip(*_: object) -> None:
        raise ValueError("tripped")

    monkeypatch.setattr(Syslog, "normalize", trip)
    assert Landing(desk, db).land(WHOSE, portion(["<34>one"]), {}).events == 1
    assert count(desk) == 1


def test_a_note_of_our_own_is_an_event_of_the_source(desk: Desk, db: Connection) -> None:
    Landing(desk, db).note(WHOSE, {"event.action": "source-silent"}, "No record has come for 9 min", "warning")
    assert count(desk, "event.action:source-silent watchdesk.source:syslog") == 1
