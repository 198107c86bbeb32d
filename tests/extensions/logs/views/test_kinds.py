from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.views.kinds import roughly
from tests.extensions.logs.importing import bring_in


def test_kinds_of_messages_are_listed_and_lead_to_exactly_their_events(pages: FlaskClient) -> None:
    page = pages.get("/logs/templates").text
    assert "3 kinds of messages" in page
    row = next(one for one in re.findall(r"<tr>.*?</tr>", page) if "Failed password" in one)
    assert '<td class="n num">40</td>' in row
    link = unescape(re.findall(r'<a href="([^"]*)" title="Show its events"', row)[0])
    counted = pages.get(link.replace("/logs/", "/logs/count", 1)).get_json()
    assert counted["count"] == 40
    assert pages.get(link.replace("/logs/", "/logs/rows", 1)).get_json()["unknown"] == ""


def test_no_message_becomes_markup(pages: FlaskClient) -> None:
    page = pages.get("/logs/templates").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(" in page


def test_what_began_in_the_range_is_marked_new(pages: FlaskClient) -> None:
    page = pages.get("/logs/templates?from=2026-11-20+15:00&order=new").text
    assert page.count('<span class="verdict st-waiting">new</span>') == 2
    assert "st-waiting" not in pages.get("/logs/templates").text
    assert pages.get("/logs/templates?q=(a").status_code == 400


def test_the_unusual_is_told_with_its_reason(own_desk: Desk, client: FlaskClient) -> None:
    quiet = [f"2026-11-20T{n // 60:02}:{n % 60:02}:00Z gate cron[1]: tick" for n in range(240)]
    odd = [f"2026-11-20T04:00:{n:02}Z gate cron[1]: disk sd{n} is failing <b>" for n in range(40)]
    log = own_desk.folder.root / "gate.log"
    log.write_text("\n".join([*quiet, *odd]) + "\n", encoding="utf-8")
    bring_in(own_desk, [log])
    page = client.get("/logs/unusual?from=2026-11-20T04:00:00Z&to=2026-11-20T05:00:00Z&against=rest&f=host:gate").text
    assert "40 events from 2026-11-20 12:00:00" in page
    assert "40 times here, never otherwise." in page
    assert "Not once here" in page
    assert "&lt;b&gt;" in page
    same = client.get("/logs/unusual?from=2026-11-20T01:00:00Z&to=2026-11-20T02:00:00Z&f=host:gate").text
    assert "Nothing stands out" in same


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (1234567.89, "1,234,568"), (123.456, "123"), (40.0, "40"), (12.34, "12"), (9.96, "10"), (2.04, "2"),
        (1.98765, "2"), (1.55, "1.6"), (0.96, "1"), (0.4267, "0.43"), (0.5, "0.5"), (0.0004, "0.01"),
    ],
)  # fmt: skip
def test_a_reckoned_number_has_no_more_digits_than_a_person_reads(value: float, read: str) -> None:
    assert roughly(value) == read


def test_without_times_to_compare_it_says_so_and_leads_on(pages: FlaskClient) -> None:
    page = pages.get("/logs/unusual").text
    assert "There is nothing to hold it against" in page
    assert "against=rest" in page
    assert pages.get("/logs/unusual?q=(a").status_code == 400


def test_who_holds_against_all_other_times_is_not_sent_there_again(client: FlaskClient) -> None:
    page = client.get("/logs/unusual?against=rest").text
    assert "No other time holds an event that fits." in page
    assert "Hold against all other times" not in page


def test_an_empty_desk_offers_what_to_do(empty_pages: FlaskClient) -> None:
    for path in ("/logs/templates", "/logs/unusual"):
        assert "No logs yet" in empty_pages.get(path).text
