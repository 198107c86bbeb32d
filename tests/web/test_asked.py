from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from desktop_app.web import asked


def read(*pairs: tuple[str, str]) -> asked.Asked:
    return asked.read(MultiDict(pairs))


def test_an_empty_address_asks_for_what_is_to_be_triaged() -> None:
    found = read()
    assert (found.filter.view, found.limit, found.chosen) == ("triage", asked.PAGE, None)
    assert not found.narrowed
    assert found.query() == ""


def test_every_filter_is_in_the_address_and_comes_back_from_it() -> None:
    pairs = (
        ("view", "all"),
        ("q", "disk"),
        ("sev", "high"),
        ("sev", "low"),
        ("rule", "r"),
        ("asset", "A b"),
        ("id", "7"),
    )
    found = read(*pairs)
    assert found.filter.severities == (4, 2)
    assert sorted(found.pairs(found.chosen)) == sorted(pairs)
    assert found.narrowed


@pytest.mark.parametrize(
    "pair", [("view", "nonsense"), ("sev", "fatal"), ("id", "x"), ("limit", "many")], ids=lambda pair: pair[0]
)
def test_what_is_not_known_is_taken_as_not_asked_for(pair: tuple[str, str]) -> None:
    assert read(pair) == read()


def test_the_number_of_rows_has_a_limit() -> None:
    assert read(("limit", "999999999")).limit == asked.MOST
    assert read(("limit", "-5")).limit == 1


def test_another_view_keeps_the_filters(app: Flask) -> None:
    with app.test_request_context():
        assert read(("q", "disk")).view_url("all") == "/findings/?view=all&q=disk"


def test_more_rows_keep_the_open_finding(app: Flask) -> None:
    with app.test_request_context():
        assert read(("id", "7")).more_url() == "/findings/?limit=1000&id=7"


def test_as_many_rows_as_are_ever_drawn_lead_to_no_more(app: Flask) -> None:
    with app.test_request_context():
        assert read(("limit", str(asked.MOST))).more_url() is None


@pytest.mark.parametrize("written", ["", "yesterday", "2026-11-20..", "2026-13-01", "9999-12-31", "2026-11-20..x"])
def test_what_is_no_day_is_not_asked_for(app: Flask, written: str) -> None:
    with app.test_request_context():
        made = asked.read(MultiDict({"first": written}))
    # A day without an end is that one day.
    assert (made.filter.first_from is None) == (made.first == "")
    assert made.first in {"", "2026-11-20.."}
