from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.errors import Cancelled
from tests.extensions.logs.views.conftest import JSON, NOW


def ask(client: FlaskClient, what: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(f"/logs/{what}", query_string=parameters, headers=JSON)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_rows_come_newest_first_in_the_time_of_the_site(pages: FlaskClient) -> None:
    rows = ask(pages, "rows")["rows"]
    assert len(rows) == 42
    assert [row["clock"] for row in rows[:2]] == ["11-20 15:31:00.000", "11-20 15:30:00.000"]
    assert rows[-1]["clock"] == "11-20 14:00:00.000"


def test_pages_meet_without_a_gap_in_both_directions(pages: FlaskClient) -> None:
    whole = [row["id"] for row in ask(pages, "rows")["rows"]]
    first = ask(pages, "rows", limit=10)
    second = ask(pages, "rows", limit=10, after=first["older"])
    back = ask(pages, "rows", limit=10, before=second["newer"])
    assert [row["id"] for row in first["rows"] + second["rows"]] == whole[:20]
    assert back["rows"] == first["rows"]


def test_a_jump_lands_on_the_number_asked_for(pages: FlaskClient) -> None:
    whole = [row["id"] for row in ask(pages, "rows")["rows"]]
    assert [row["id"] for row in ask(pages, "rows", at=30, limit=5)["rows"]] == whole[30:35]


def test_hits_are_marked_and_what_is_left_out_is_not(pages: FlaskClient) -> None:
    parts = ask(pages, "rows", q="failed -alice", limit=1)["rows"][0]["parts"]
    assert ["Failed", True] in parts
    assert all(not hit for text, hit in parts if "alice" in text)


def test_evidence_of_a_finding_carries_its_badge(pages: FlaskClient) -> None:
    badges = [row["finding"] for row in ask(pages, "rows", q="root")["rows"] if row["finding"]]
    assert badges
    assert badges[0]["name"].startswith("WD-")
    assert badges[0]["url"].startswith("/findings/")


def test_the_count_says_of_how_many(pages: FlaskClient) -> None:
    counted = ask(pages, "count", q="root", ms=38)
    assert (counted["count"], counted["said"]) == (40, "40 of 42 events · 38 ms")


def test_the_histogram_counts_every_event_once(pages: FlaskClient) -> None:
    drawn = ask(pages, "histogram")
    assert sum(sum(level["counts"]) for level in drawn["levels"]) == 42
    assert len(drawn["labels"]) == len(drawn["ends"]) == len(drawn["levels"][0]["counts"])
    assert all(0 <= tick["at"] <= 1 for tick in drawn["ticks"])
    assert drawn["marks"]


def test_nothing_found_is_an_empty_histogram(pages: FlaskClient) -> None:
    drawn = ask(pages, "histogram", q="nowhere")
    assert sum(sum(level["counts"]) for level in drawn["levels"]) == 0


def facet(drawn: dict[str, Any], field: str) -> dict[str, dict[str, Any]]:
    found = next(one for one in drawn["facets"] if one["field"] == field)
    return {value["value"]: value for value in found["values"]}


def test_a_fields_own_filter_does_not_narrow_its_own_list(pages: FlaskClient) -> None:
    drawn = ask(pages, "facets", f='source.ip:"10.20.4.9"')
    addresses = facet(drawn, "source.ip")
    assert {name: one["count"] for name, one in addresses.items()} == {"10.20.4.17": "40", "10.20.4.9": "2"}
    assert addresses["10.20.4.9"]["state"] == "on"
    assert addresses["10.20.4.17"]["state"] == "off"
    assert facet(drawn, "http.request.method")["GET"]["count"] == "2"


def test_what_is_left_out_stays_in_the_list_so_that_it_can_come_back(pages: FlaskClient) -> None:
    drawn = ask(pages, "facets", f='-source.ip:"10.99.99.99"')
    assert facet(drawn, "source.ip")["10.99.99.99"]["state"] == "not"


def test_levels_are_shown_until_they_are_switched_off(pages: FlaskClient) -> None:
    shown = facet(ask(pages, "facets"), "level")
    level = next(iter(shown))
    assert shown[level]["state"] == "on"
    assert facet(ask(pages, "facets", f=shown[level]["not_term"]), "level")[level]["state"] == "not"


def test_an_event_is_found_in_the_midst_of_its_result(pages: FlaskClient) -> None:
    whole = [row["id"] for row in ask(pages, "rows")["rows"]]
    assert ask(pages, "position", event=whole[17])["position"] == 17
    assert ask(pages, "position", event=whole[17], q="script")["position"] is None
    assert ask(pages, "position", event=12345)["position"] is None


def test_a_query_with_wrong_grammar_is_told_with_its_place(pages: FlaskClient) -> None:
    answer = pages.get("/logs/rows", query_string={"q": "ssh (a"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["position"] == 4
    assert "character 5" in answer.json["error"]["said"]


def test_times_are_those_of_the_site(pages: FlaskClient) -> None:
    assert ask(pages, "count", **{"from": "2026-11-20 15:30", "to": "2026-11-20 15:31"})["count"] == 1
    assert ask(pages, "count", **{"from": "15:31"})["count"] == 1
    assert ask(pages, "rows")["range"]["name"] == "All times"
    assert NOW


def test_a_search_that_a_newer_one_ended_answers_nothing(
    read_desk: Desk, pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object, **__: object) -> None:
        raise Cancelled

    monkeypatch.setattr(read_desk.events, "count", ended)
    assert pages.get("/logs/count?window=w&run=1", headers=JSON).status_code == 409


def test_a_field_that_no_event_has_is_named_where_nothing_was_found(pages: FlaskClient) -> None:
    assert ask(pages, "rows", q="nosuchfield:1")["unknown"] == "No event has a field of that name: nosuchfield."
    assert "No event has a field of that name: nosuchfield." in pages.get("/logs/?q=nosuchfield:1").text
    assert ask(pages, "rows", q="host:nowhere USER.name:nobody nothing")["unknown"] == ""
    assert ask(pages, "rows", q="failed OR nosuchfield:1")["unknown"] == ""
