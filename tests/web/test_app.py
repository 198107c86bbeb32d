from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from desktop_app.core.desk import Desk
from desktop_app.web.app import create_app
from desktop_app.web.gate import Gate

PAGES = (
    "/",
    "/findings/",
    "/jobs/",
    "/settings/",
    "/about/",
    "/about/activity",
    "/about/crashes",
    "/report/",
    "/report/preview",
    "/report/schedules",
    "/report/template",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("tag", ["en", "zh-CN"])
def test_every_page_is_drawn_in_both_languages(client: FlaskClient, made: dict[str, int], path: str, tag: str) -> None:
    assert made
    answer = client.get(path, headers={"Accept-Language": tag})
    assert answer.status_code == 200
    assert f'<html lang="{tag}"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn_on_an_empty_desk(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_no_page_carries_script_or_style_of_its_own(client: FlaskClient, made: dict[str, int], path: str) -> None:
    assert made
    page = client.get(path).text
    assert "style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_a_gate_lets_nobody_in_without_a_session(desk: Desk) -> None:
    client = create_app(desk, Gate(80)).test_client()
    assert client.get("/", base_url="http://127.0.0.1:80").status_code == 403


def test_a_name_that_a_template_does_not_know_is_an_error(desk: Desk) -> None:
    with pytest.raises(UndefinedError):
        create_app(desk).jinja_env.from_string("{{ misspelt }}").render()
