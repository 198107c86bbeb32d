from __future__ import annotations

import re

from flask.testing import FlaskClient

from desktop_app.core.database import value, writing
from desktop_app.core.desk import Desk
from tests.extensions.logs.views.conftest import JSON


def id_of(client: FlaskClient, query: str) -> str:
    answer = client.get("/logs/rows", query_string={"q": query, "limit": 1}, headers=JSON)
    assert answer.json is not None
    return str(answer.json["rows"][0]["id"])


def test_an_event_has_a_page_with_all_that_is_known(pages: FlaskClient) -> None:
    page = pages.get(f"/logs/event/{id_of(pages, 'root')}").text
    assert "source.ip" in page
    assert "10.20.4.17" in page
    assert "Nov 20 14:01:18 opc-gw sshd[42]" in page
    assert "auth.log" in page
    assert "<dt>Line</dt><dd>40</dd>" in page


def test_a_time_without_a_zone_is_told_as_assumed(pages: FlaskClient) -> None:
    note = "The line names no time zone; its time was taken as Asia/Shanghai."
    assert note in pages.get(f"/logs/event/{id_of(pages, 'root')}").text
    assert note not in pages.get(f"/logs/event/{id_of(pages, 'script')}").text


def test_every_value_can_be_searched_for_and_left_out(pages: FlaskClient) -> None:
    detail = pages.get(f"/logs/event/{id_of(pages, 'root')}/detail").text
    assert 'href="/logs/?f=source.ip%3A%2210.20.4.17%22"' in detail
    assert 'data-term="-source.ip:&#34;10.20.4.17&#34;"' in detail
    assert 'aria-label="Leave out source.ip 10.20.4.17"' in detail


def test_the_finding_that_cites_an_event_is_named(pages: FlaskClient) -> None:
    detail = pages.get(f"/logs/event/{id_of(pages, 'root')}/detail").text
    assert "<b>WD-" in detail
    assert "Open finding" in detail


def test_an_event_is_shown_in_the_midst_of_what_happened_around_it(pages: FlaskClient) -> None:
    event = id_of(pages, "script")
    around = f"/logs/?from=2026-11-20T07%3A26%3A00Z&amp;to=2026-11-20T07%3A36%3A00Z&amp;event={event}"
    assert around in pages.get(f"/logs/event/{event}").text


def test_markup_in_a_log_line_stays_text(pages: FlaskClient) -> None:
    page = pages.get(f"/logs/event/{id_of(pages, 'script')}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_event_that_is_gone_is_told_with_where_its_copy_may_be(pages: FlaskClient) -> None:
    answer = pages.get("/logs/event/99999")
    assert answer.status_code == 404
    assert "There is no such event." in answer.text
    assert pages.get(f"/logs/event/{2**70}").status_code == 404


def test_an_event_of_a_finding_says_which_of_its_values_matched(pages: FlaskClient, read_desk: Desk) -> None:
    with read_desk.connection() as db:
        event_id = value(db, "SELECT event_id FROM evidence LIMIT 1")
    page = pages.get(f"/logs/event/{event_id}").text
    assert '<ul class="matched">' in page
    assert re.search(r"<dd><mark>[^<]+</mark></dd>", page)


def test_an_event_is_pinned_tagged_and_noted_and_found_by_it(client: FlaskClient) -> None:
    event = id_of(client, "root")
    client.post(f"/logs/event/{event}/mark", data={"pin": "1"})
    client.post(f"/logs/event/{event}/mark", data={"tags": "#odd, <b>", "note": "look <i>"})
    page = client.get(f"/logs/event/{event}").text
    assert 'value="odd, &lt;b&gt;"' in page
    assert "look &lt;i&gt;" in page
    assert "Unpin" in page
    for query in ("tag:odd", "pinned:true", 'tag:"<b>"'):
        found = client.get("/logs/rows", query_string={"q": query}).get_json()
        assert ([row["id"] for row in found["rows"]], found["unknown"]) == ([event], "")


def test_the_copy_of_an_event_stays_when_the_event_goes(own_desk: Desk, client: FlaskClient) -> None:
    event = id_of(client, "root")
    client.post(f"/logs/event/{event}/mark", data={"note": "keep"})
    with own_desk.connection() as db, writing(db):
        db.execute("UPDATE segments SET state = 'hidden'")
    page = client.get(f"/logs/event/{event}")
    assert page.status_code == 200
    assert "this is the copy that was kept" in page.text
    assert "Failed password for root" in page.text


def test_what_stood_before_and_after_comes_from_all_sources(pages: FlaskClient) -> None:
    event = id_of(pages, "index.html")
    page = pages.get(f"/logs/event/{event}?around=3").text
    rows = re.findall(r'<tr class="(\w*)"', page)
    assert rows == ["same", "own", "", "", ""]
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="?around=12"' in page
