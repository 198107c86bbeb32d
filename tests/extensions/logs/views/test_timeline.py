from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from desktop_app.core.cases import cases
from desktop_app.core.desk import Desk
from desktop_app.core.findings import Filter, listing
from desktop_app.extensions.logs.service import timeline


def test_findings_and_the_events_of_each_source_share_one_axis(pages: FlaskClient) -> None:
    page = pages.get("/logs/timeline").text
    assert re.search(r"42 events from [-\d: ]+ to ", page)
    assert {"sshd", "access"} <= set(re.findall(r'<a class="label" href="[^"]*" title="[^"]*">([^<]*)</a>', page))
    assert '<span class="label">Findings</span>' in page
    assert 'aria-current="true">Timeline</a>' in page


def test_the_number_is_that_of_the_sources_that_are_followed(
    pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "SOURCES", 1)
    assert "events of the largest sources from " in pages.get("/logs/timeline").text


def test_a_lane_leads_to_exactly_its_events(pages: FlaskClient) -> None:
    page = pages.get("/logs/timeline?q=Failed").text
    link = unescape(re.findall(r'<a class="label" href="([^"]*)"', page)[0])
    assert pages.get(link.replace("/logs/", "/logs/count", 1)).get_json()["count"] == 40


def test_looking_closer_is_an_address(pages: FlaskClient) -> None:
    page = pages.get("/logs/timeline?q=Failed").text
    closer = unescape(re.findall(r'href="([^"]*)" data-zoom="in"', page)[0])
    narrowed = pages.get(closer).text
    spans = [
        tuple(map(int, re.findall(r'data-start="(-?\d+)" data-end="(-?\d+)"', one)[0])) for one in (page, narrowed)
    ]
    assert spans[0][0] < spans[1][0] < spans[1][1] < spans[0][1]
    assert 'data-zoom="whole"' in narrowed
    assert 'data-zoom="whole"' not in page


def test_no_line_becomes_markup(pages: FlaskClient) -> None:
    assert "<script>alert" not in pages.get("/logs/timeline").text


def test_a_query_that_cannot_be_read_and_a_case_that_is_not_are_told(pages: FlaskClient) -> None:
    assert pages.get("/logs/timeline?q=(a").status_code == 400
    assert pages.get("/logs/timeline?case=99").status_code == 404


def test_a_case_is_shown_with_its_name_and_a_way_out(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db:
        case_id, _ = cases.create(db, "Gate <b>")
        cases.add(db, case_id, [listing(db, Filter("all"))[0].id])
    page = client.get(f"/logs/timeline?case={case_id}").text
    assert "Gate &lt;b&gt;" in page
    assert f"case={case_id}" in unescape(re.findall(r'href="([^"]*)" data-zoom="out"', page)[0])
    assert f'href="/logs/timeline?case={case_id}"' in client.get(f"/cases/{case_id}").text


def test_an_empty_desk_offers_what_to_do(empty_pages: FlaskClient) -> None:
    assert "No logs yet" in empty_pages.get("/logs/timeline").text
