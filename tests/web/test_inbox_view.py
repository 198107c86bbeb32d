from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.findings import Filter, finding
from desktop_app.core.model import Severity
from desktop_app.web.asked import Asked
from desktop_app.web.inbox_view import Inbox, events_url, where
from tests.web import sample


def inbox(desk: Desk, db: Connection, asked: Asked | None = None) -> Inbox:
    return Inbox(desk, db, "en", asked or Asked(Filter()))


def test_the_list_is_grouped_by_severity_from_the_highest_down(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    groups = inbox(desk, db).groups()
    assert [(one.severity, one.total) for one in groups] == [
        (Severity.CRITICAL, 1), (Severity.HIGH, 1), (Severity.MEDIUM, 2), (Severity.LOW, 1)
    ]  # fmt: skip
    assert groups[0].rows[0].title == "38 failed sign-ins, then a success"


def test_a_list_that_is_cut_says_so_and_counts_no_group_that_goes_on(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    short = inbox(desk, db, Asked(Filter(), limit=3))
    assert (len(short.rows), short.total) == (3, len(made))
    assert [one.total for one in short.groups()] == [1, 1, None]


def test_a_row_tells_where_it_is_without_saying_the_asset_twice(db: Connection, made: dict[str, int]) -> None:
    found = finding(db, made["guess/OPC-GW-02"])
    assert found is not None
    assert where(found.row) == "OPC-GW-02 · svc_historian · 10.20.4.17"


def test_after_a_decision_the_next_finding_below_is_opened(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    shown = inbox(desk, db)
    ids = shown.ids
    assert len(ids) == len(made)
    assert shown.after([ids[0]]) == ids[1]
    assert shown.after(ids[1:3]) == ids[3]


def test_after_the_last_one_the_finding_above_is_opened(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    shown = inbox(desk, db)
    assert shown.after([shown.ids[-1]]) == shown.ids[-2]
    assert shown.after(shown.ids) is None


def test_a_finding_tells_its_place_and_its_neighbours(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    detail = inbox(desk, db).detail(made["cleared/ENG-WS-04"])
    assert detail is not None
    assert (detail.position, detail.total) == (2, len(made))
    assert detail.newer == made["guess/OPC-GW-02"]
    assert detail.older == made["disk/HIST-01"]
    assert str(detail.extension) == "Logs"


def test_a_finding_outside_the_filter_can_still_be_read(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    detail = inbox(desk, db, Asked(Filter(severities=(1,)))).detail(made["cleared/ENG-WS-04"])
    assert detail is not None
    assert (detail.position, detail.newer, detail.older) == (0, None, None)


def test_a_finding_that_is_gone_is_none(desk: Desk, db: Connection) -> None:
    assert inbox(desk, db).detail(99) is None


def test_techniques_come_from_the_tags_of_the_rule(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    detail = inbox(desk, db).detail(made["guess/OPC-GW-02"])
    assert detail is not None
    assert [one.name for one in detail.techniques] == ["T1110.001"]


def test_events_are_searched_by_the_values_that_belong_together_in_their_time(
    db: Connection, made: dict[str, int]
) -> None:
    found = finding(db, made["guess/OPC-GW-02"])
    assert found is not None
    asked = parse_qsl(urlsplit(events_url(found.row, found.evidence)).query)
    assert asked[:2] == [("f", 'TargetUserName:"svc_historian"'), ("f", 'IpAddress:"10.20.4.17"')]
    assert asked[2:] == [("from", "2026-11-22T06:27:48+00:00"), ("to", "2026-11-22T06:31:00.000001+00:00")]


def test_events_of_a_plain_rule_are_searched_by_their_asset(db: Connection, made: dict[str, int]) -> None:
    found = finding(db, made["cleared/ENG-WS-04"])
    assert found is not None
    assert ("f", 'host:"ENG-WS-04"') in parse_qsl(urlsplit(events_url(found.row, found.evidence)).query)


def test_an_asset_that_is_only_the_name_of_a_file_is_not_searched_as_a_host(
    db: Connection, made: dict[str, int]
) -> None:
    found = finding(db, made["cleared/ENG-WS-04"])
    assert found is not None
    row, copies = replace(found.row, asset="access.log"), [replace(one, host=None) for one in found.evidence]
    asked = parse_qsl(urlsplit(events_url(row, copies)).query)
    assert asked[0] == ("f", 'source:"Security"')
    assert [name for name, _ in asked] == ["f", "from", "to"]


def test_a_value_that_no_kept_event_has_does_not_narrow_the_events(db: Connection, made: dict[str, int]) -> None:
    found = finding(db, made["guess/OPC-GW-02"])
    assert found is not None
    row = replace(found.row, group=(("account", "svc_historian"), ("IpAddress", "10.20.4.17")))
    asked = parse_qsl(urlsplit(events_url(row, found.evidence)).query)
    assert [one for name, one in asked if name == "f"] == ['IpAddress:"10.20.4.17"']


def test_the_open_finding_is_the_one_asked_for_else_the_first(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    shown = inbox(desk, db)
    assert shown.chosen_id() == shown.ids[0]
    assert inbox(desk, db, Asked(Filter(), chosen=made["disk/HMI-07"])).chosen_id() == made["disk/HMI-07"]


def test_every_view_has_its_count_and_address(app: object, desk: Desk, db: Connection, made: dict[str, int]) -> None:
    sample.decide_some(desk, made)
    with app.test_request_context():  # type: ignore[attr-defined] # the fixture's Flask
        tabs = {view: (count, url) for view, _, count, url in inbox(desk, db).tabs()}
    assert tabs["triage"] == (3, "/findings/")
    assert tabs["confirmed"] == (1, "/findings/?view=confirmed")
    assert tabs["suppressed"] == (1, "/findings/?view=suppressed")
    assert tabs["all"] == (5, "/findings/?view=all")
