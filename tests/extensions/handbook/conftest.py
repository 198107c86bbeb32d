"""A desk with the shipped extensions, and a client of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app import bundled
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.web.app import create_app

Write = Callable[[str, str], Path]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(DataFolder(tmp_path / "desk"), bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    return made


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as connection:
        yield connection


@pytest.fixture
def write(desk: Desk) -> Write:
    """Write a page of the site's own."""

    def page(name: str, body: str) -> Path:
        file = desk.folder.root / "handbook" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
        return file

    return page


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    """A browser that prefers English."""
    made = create_app(desk).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def chinese(desk: Desk) -> FlaskClient:
    """A browser that prefers Chinese."""
    made = create_app(desk).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    return made
