from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core.extension import Hit
from desktop_app.core.text import text
from desktop_app.web.palette import draw_later


def groups(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('role="group" aria-label="')[1:]]


def test_the_answers_are_links_and_buttons(client: FlaskClient) -> None:
    page = client.get("/palette/answers").text
    assert 'href="/jobs/"' in page
    assert 'form="palette-run" formaction="/settings/" name="theme" value="dark"' in page
    assert groups(page) == ["Go to", "Do"]


def test_the_group_with_the_best_answer_comes_first(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    assert groups(client.get("/palette/answers?q=appearance").text)[:2] == ["Settings", "Do"]
    assert groups(client.get("/palette/answers?q=WD-2").text)[0] == "Findings"


def test_a_finding_is_one_link_away(client: FlaskClient, made: dict[str, int]) -> None:
    page = client.get("/palette/answers?q=cleared").text
    assert f'href="/findings/{made["cleared/ENG-WS-04"]}"' in page


def test_a_setting_is_one_link_away(client: FlaskClient) -> None:
    assert 'href="/settings/#set-site_zone"' in client.get("/palette/answers?q=time+zone").text


def test_no_more_of_a_group_are_shown_than_can_be_read(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    page = client.get("/palette/answers?q=e").text
    assert max(part.count('role="option"') for part in page.split('role="group"')[1:]) <= 5


def test_what_was_typed_is_shown_as_it_is_and_never_as_markup(client: FlaskClient) -> None:
    page = client.get("/palette/?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_without_scripts_it_is_a_page_of_its_own(client: FlaskClient) -> None:
    page = client.get("/palette/?q=jobs").text
    assert '<a href="/jobs/">' in page
    assert 'href="/palette/" data-palette' in page
    assert "Nothing is called that." in client.get("/palette/?q=qqqqqq").text


@pytest.mark.parametrize("words", ["x" * 5000, "%", "\\", "日" * 500, "\x00"])
def test_any_words_are_answered(client: FlaskClient, made: dict[str, int], words: str) -> None:
    assert made
    assert client.get("/palette/answers", query_string={"q": words}).status_code == 200


def test_later_answers_have_names_of_their_own(app: Flask) -> None:
    with app.test_request_context():
        drawn = draw_later([Hit(text("Jobs"), "<b>", "jobs.index", 0)])
    assert 'id="answer-later-1-1"' in drawn
    assert "&lt;b&gt;" in drawn
