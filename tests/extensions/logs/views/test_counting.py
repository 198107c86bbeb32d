from __future__ import annotations

import re

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.events.terms.questions import FUNCTIONS
from desktop_app.extensions.logs.views.counting import NAMES
from tests.extensions.logs.importing import bring_in


def test_every_function_has_a_name_for_people() -> None:
    assert set(FUNCTIONS) == set(NAMES) - {"p95", "p99"}


def test_values_are_counted_and_every_cell_leads_to_its_events(pages: FlaskClient) -> None:
    page = pages.get("/logs/counting?agg=count+by+source.ip&q=-nothing").text
    rows = re.findall(r'<tr><td class="mono">.*?</tr>', page, re.DOTALL)
    assert len(rows) == 2
    assert "10.20.4.17" in rows[0]
    assert ">40</a>" in rows[0]
    assert "/logs/?q=-nothing&amp;f=source.ip%3A%2210.20.4.17%22" in rows[0]
    assert "f=-source.ip%3A%2210.20.4.17%22" in rows[0]
    assert "over 42 events" in page


def test_the_form_and_the_words_ask_the_same(pages: FlaskClient) -> None:
    chosen = pages.get("/logs/counting?fn=distinct&field=source.ip&by=host&every=1h").text
    assert 'name="agg" value="distinct source.ip by host every 1h"' in chosen
    assert '<option value="distinct" selected>' in chosen
    assert "<option selected>1h</option>" in chosen
    plain = pages.get("/logs/counting?fn=count&every=auto").text
    assert 'name="agg" value="count by time"' in plain


def test_time_is_drawn_and_each_span_leads_to_its_events(pages: FlaskClient) -> None:
    page = pages.get("/logs/counting?agg=count+by+host+every+1h").text
    assert page.count('class="course"') == 2
    assert "from=2026-11-20T06%3A00%3A00.000000Z&amp;to=2026-11-20T07%3A00%3A00.000000Z" in page
    assert "11-20 14:00" in page
    assert '<td class="mono"><a href=' in page


def test_numbers_say_what_was_left_out_of_them(pages: FlaskClient) -> None:
    page = pages.get("/logs/counting?agg=sum+http.response.body.bytes,+max+http.response.body.bytes").text
    assert "http.response.body.bytes is a number in 2 of 42 events" in page
    assert "5,129" in page
    assert "5,120" in page


def test_a_wrong_question_is_told_beside_its_field(pages: FlaskClient) -> None:
    answer = pages.get("/logs/counting?agg=sum<b>")
    assert answer.status_code == 400
    assert "This cannot be counted." in answer.text
    assert 'aria-describedby="agg-wrong"' in answer.text
    assert "<b>sum" not in answer.text
    assert "sum&lt;b&gt;" in answer.text


def test_a_field_tells_presence_values_and_course(pages: FlaskClient) -> None:
    page = pages.get("/logs/field?name=source.ip").text
    assert "42 of 42 events (100.0 %)" in page
    assert "95.2 %" in page
    assert 'class="course"' in page
    numbers = pages.get("/logs/field?name=http.response.body.bytes").text
    assert "2 of 42 events (4.8 %)" in numbers
    assert "95 % lie below" in numbers


def test_names_of_which_some_are_numbers_are_no_quantity(own_desk: Desk, client: FlaskClient) -> None:
    log = own_desk.folder.root / "hosts.jsonl"
    hosts = ("plc-4", "pump", "17", "18")
    log.write_text(
        "".join(f'{{"time":"2026-11-20T15:00:00Z","pump_name":"{one}","message":"m"}}\n' for one in hosts), "ascii"
    )
    bring_in(own_desk, [log])
    page = client.get("/logs/field?name=pump_name").text
    assert "4 of 46 events" in page
    assert "lie below" not in page


def test_a_field_that_no_event_has_says_so(pages: FlaskClient) -> None:
    assert "No event has this field" in pages.get("/logs/field?name=nothing").text
    assert pages.get("/logs/field?name=host&q=(a").status_code == 400


def test_hostile_values_and_names_are_text(own_desk: Desk, client: FlaskClient) -> None:
    log = own_desk.folder.root / "hostile.jsonl"
    log.write_text(
        '{"time":"2026-11-20T15:00:00Z","<img src=x>":"<script>\\u001b[31m","message":"m"}\n', encoding="utf-8"
    )
    bring_in(own_desk, [log])
    page = client.get("/logs/counting?agg=count+by+%22%3Cimg+src%3Dx%3E%22").text
    assert "<script>\x1b" not in page
    assert "<img src" not in page
    assert "&lt;script&gt;" in page
    assert client.get("/logs/field?name=%3Cimg+src%3Dx%3E").status_code == 200


def test_an_empty_desk_offers_what_to_do(empty_pages: FlaskClient) -> None:
    assert "No logs yet" in empty_pages.get("/logs/counting").text


def test_a_length_that_the_form_does_not_offer_is_shown_as_chosen(pages: FlaskClient) -> None:
    assert "<option selected>30m</option>" in pages.get("/logs/counting?agg=count+every+30m").text
