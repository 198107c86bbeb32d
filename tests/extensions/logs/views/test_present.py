from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.forms import SearchForm, read_search
from desktop_app.extensions.logs.views import present
from desktop_app.web.app import create_app
from tests.extensions.logs.views.conftest import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = 3_600_000_000


@pytest.fixture
def request_of_a_reader(read_desk: Desk) -> Iterator[None]:
    with create_app(read_desk).test_request_context("/logs/"):
        yield


def asked(**values: str | list[str]) -> SearchForm:
    return read_search(MultiDict(values), SHANGHAI, NOW)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("failed password", ["password", "failed"]),
        ('"failed password" -alice', ["failed password"]),
        ("not root or host:web-*", ["root", "web-", "not"]),
        ("user.name:alice status:>=500 host:[a TO b]", ["alice"]),
        ("", []),
    ],
)
def test_what_a_query_looks_for_is_marked(query: str, marked: list[str]) -> None:
    assert present.marked_words(query) == marked


def test_a_message_is_cut_into_hits_and_the_rest() -> None:
    pieces = present.parts("Failed password for FAILED", present.marker("failed"))
    assert pieces == [("Failed", True), (" password for ", False), ("FAILED", True)]


def test_special_characters_of_a_query_are_only_characters() -> None:
    assert present.parts("a.b axb", present.marker("a.b")) == [("a.b", True), (" axb", False)]


def test_a_row_is_one_line_however_long_the_record() -> None:
    (shown, _), *rest = present.parts("a\nb" * 10_000, None)
    assert len(shown) == present.LONGEST_MESSAGE
    assert "\n" not in shown
    assert rest == []


@pytest.mark.parametrize(
    ("values", "name", "edges"),
    [
        ({}, "All times", ("", "")),
        ({"from": "-1h"}, "Last hour", ("-1h", "")),
        ({"from": "14:00", "to": "15:00"}, "Today 14:00 – 15:00", ("2026-11-20 14:00:00", "2026-11-20 15:00:00")),
        ({"from": "2026-11-19 08:00"}, "Since 2026-11-19 08:00:00", ("2026-11-19 08:00:00", "")),
        ({"to": "2026-11-19 08:00"}, "Until 2026-11-19 08:00:00", ("", "2026-11-19 08:00:00")),
        ({"from": "2026-11-18 22:00", "to": "2026-11-19 03:00"}, "11-18 22:00 – 11-19 03:00", None),
        ({"from": "2025-11-18 22:00", "to": "2025-11-19 03:00"}, "2025-11-18 22:00 – 2025-11-19 03:00", None),
        ({"from": "2025-12-31 22:00", "to": "2026-01-01 03:00"}, "2025-12-31 22:00 – 2026-01-01 03:00", None),
        ({"from": "2025-11-18 22:00", "to": "2025-11-18 23:00"}, "2025-11-18 22:00 – 23:00", None),
    ],
)
@pytest.mark.usefixtures("request_of_a_reader")
def test_a_range_has_a_name_and_two_edges(values: dict[str, str], name: str, edges: tuple[str, str] | None) -> None:
    shown = present.time_range(asked(**values), SHANGHAI, NOW)
    assert shown["name"] == name
    assert edges is None or (shown["from"], shown["to"]) == edges


@pytest.mark.usefixtures("request_of_a_reader")
def test_an_address_keeps_what_is_not_changed() -> None:
    form = asked(q="a b", f=['host:"A"', "x:*"], **{"from": "-1h"})
    assert present.search_url(form, start=None) == "/logs/?q=a+b&f=host%3A%22A%22&f=x%3A%2A"
    assert present.search_url() == "/logs/"


@pytest.mark.usefixtures("request_of_a_reader")
def test_a_chip_knows_the_search_without_it() -> None:
    first, second = present.chips(asked(f=['host:"A"', "a or b"]))
    assert (first["field"], first["value"], first["url"]) == ("host", "A", "/logs/?f=a+or+b")
    assert (second["field"], second["value"]) == ("", "a or b")


@pytest.mark.parametrize(
    ("step", "label"),
    [
        (30_000_000, "11-20 14:00:00"),
        (HOUR, "11-20 14:00"),
        (24 * HOUR, "11-20"),
        (100_000, "11-20 14:00:00.000"),
    ],
)
def test_a_bar_is_named_as_exactly_as_it_is_wide(step: int, label: str) -> None:
    assert present.bucket_clock(NOW - 2 * HOUR, SHANGHAI, step, years=False) == label


@pytest.mark.usefixtures("request_of_a_reader")
def test_a_step_is_said_in_its_own_unit() -> None:
    assert [present.step_said(one) for one in (500_000, 30_000_000, 5 * 60_000_000, 24 * HOUR)] == [
        "500 ms", "30 s", "5 min", "1 d",
    ]  # fmt: skip


def test_a_windows_event_is_told_in_the_language_of_the_reader(read_desk: Desk) -> None:
    fields = {"EventID": "1102", "Channel": "Security", "Provider_Name": "Microsoft-Windows-Eventlog"}
    event = {"message": "stored", "raw": "{}", "fields": fields, "source": "Security"}
    with create_app(read_desk).test_request_context("/logs/"):
        from flask import g

        assert present.readable(event) == "stored"
        g.language = "zh"
        assert any("\u4e00" <= letter <= "\u9fff" for letter in present.readable(event))
        assert present.readable({**event, "fields": {"EventID": "65000"}}) == "stored"
