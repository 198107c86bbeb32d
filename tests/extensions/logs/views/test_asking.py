from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from desktop_app.extensions.logs.views import asking


def test_the_search_above_the_page_keeps_what_the_page_asks(pages: FlaskClient) -> None:
    page = pages.get("/logs/counting?q=root&agg=count+by+host&f=level:error").text
    assert '<input type="hidden" name="agg" value="count by host">' in page
    assert 'action="/logs/counting"' in page
    assert "/logs/counting?q=root&amp;agg=count+by+host" in page  # the filter's way out


def test_a_query_with_wrong_grammar_is_told_on_the_page(pages: FlaskClient) -> None:
    answer = pages.get("/logs/counting?q=(a")
    assert (answer.status_code, "never closed" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "\N{EN DASH}"), (7, "7"), (12345.0, "12,345"), (1.23456, "1.235"), (1e6 + 0.5, "1,000,000.5")],
)
def test_numbers_are_as_exact_as_they_are_read(value: float | None, shown: str, pages: FlaskClient) -> None:
    with pages.application.test_request_context():
        assert asking.said(value, "number") == shown
