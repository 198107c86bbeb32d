from __future__ import annotations

from flask.testing import FlaskClient


def test_the_newest_events_are_found(pages: FlaskClient) -> None:
    page = pages.get("/logs/palette?q=password&window=w&run=1").text
    assert page.count('role="option"') == 3
    assert 'href="/logs/event/' in page
    assert "opc-gw · today 14:" in page


def test_words_that_are_no_query_and_no_words_find_nothing(pages: FlaskClient) -> None:
    assert pages.get("/logs/palette?q=%28").status_code == 204
    assert "option" not in pages.get("/logs/palette?q=").text


def test_the_palette_offers_to_search_events(pages: FlaskClient) -> None:
    page = pages.get("/palette/answers?q=failed+root").text
    assert 'href="/logs/?q=failed+root"' in page
    assert "Search events for “failed root”" in page


def test_the_palette_finds_rules_in_both_languages(pages: FlaskClient) -> None:
    assert 'href="/logs/rules/' in pages.get("/palette/answers?q=ssh").text
    assert 'href="/logs/rules/' in pages.get("/palette/answers?q=密码").text
