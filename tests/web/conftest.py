"""A desk of made-up findings and a client of its pages, without the gate (which has tests of its own)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension, JobKind
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.web.app import create_app
from tests.web import sample

# As much of Logs as the pages here need: its name, and the kinds of jobs that it runs.
LOGS = Extension(
    id="logs",
    title=text("Logs"),
    version="1",
    jobs=(
        JobKind("logs.import", text("Import"), lambda _context, _params: {}),
        JobKind("logs.demo", text("Sample data"), lambda _context, _params: {}),
    ),
)


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    """An empty desk whose clock stands still."""
    return sample.new_desk(folder, (LOGS,))


@pytest.fixture
def made(desk: Desk) -> dict[str, int]:
    """The numbers of the made-up findings, which are on the desk from now on."""
    return sample.fill(desk)


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    """A connection to the desk."""
    with desk.connection() as connection:
        yield connection


@pytest.fixture
def app(desk: Desk) -> Flask:
    """The application of the desk."""
    return create_app(desk)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that prefers English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
