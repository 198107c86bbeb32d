"""A desk with findings and events, and its API behind the real gate."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.bundled import EXTENSIONS, load
from desktop_app.core import tokens
from desktop_app.core.desk import Desk
from desktop_app.core.jobs import run_to_end
from desktop_app.core.model import now
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs import service
from desktop_app.web.app import create_app
from desktop_app.web.gate import Gate

LINES = "".join(
    f"2026-03-03T04:05:{n:02d}Z gate-01 sshd[9{n}]: Failed password for operator from 203.0.113.7 port 4{n:04d} ssh2\n"
    for n in range(40)
)


@pytest.fixture
def full(tmp_path: Path) -> Desk:
    """A desk with all extensions, forty events and what our rules find in them."""
    desk = Desk(DataFolder(tmp_path / "full"), EXTENSIONS, load=load)
    desk.prepare()
    log = tmp_path / "auth.log"
    log.write_text(LINES, encoding="utf-8")
    with desk.connection() as db:
        job = service.start_import(db, [str(log)])
    assert run_to_end(desk, job).state == "done"
    return desk


@pytest.fixture
def gate() -> Gate:
    return Gate(5000)


@pytest.fixture
def gated(full: Desk, gate: Gate) -> Flask:
    """The whole application behind its gate."""
    app = create_app(full, gate)
    app.config["SERVER_NAME"] = gate.host  # where the clients of these tests ask
    return app


def secret_of(desk: Desk, *, writes: bool) -> str:
    with desk.connection() as db:
        return tokens.make(db, f"a test that writes: {writes}", now(), writes=writes)


def holder(app: Flask, secret: str | None) -> FlaskClient:
    """A program that holds a token."""
    client = app.test_client()
    if secret is not None:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


@pytest.fixture
def reader(full: Desk, gated: Flask) -> FlaskClient:
    return holder(gated, secret_of(full, writes=False))


@pytest.fixture
def writer(full: Desk, gated: Flask) -> FlaskClient:
    return holder(gated, secret_of(full, writes=True))
