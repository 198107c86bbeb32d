from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app import bundled
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import micros
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import store
from desktop_app.web.app import create_app
from tests.extensions.logs.importing import bring_in

NOW = micros(dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC))  # 16:00 in Shanghai
JSON = {"Accept": "application/json"}

AUTH = [f"Nov 20 14:{second // 30:02}:{second % 30 * 2:02} opc-gw sshd[42]: Failed password for root"
        f" from 10.20.4.17 port {40000 + second} ssh2" for second in range(40)]  # fmt: skip
WEB = ['10.20.4.9 - - [20/Nov/2026:15:30:00 +0800] "GET /index.html HTTP/1.1" 200 5120 "-" "curl/8.0"',
       '10.20.4.9 - - [20/Nov/2026:15:31:00 +0800] "GET /<script>alert(1) HTTP/1.1" 500 9 "-" "-"']  # fmt: skip


def make_desk(root: Path) -> Desk:
    """A desk with the shipped extensions in Shanghai, whose clock stands still."""
    made = Desk(DataFolder(root), bundled.EXTENSIONS, load=bundled.load)
    made = dataclasses.replace(made, clock=lambda: NOW)
    made.prepare()
    with made.connection() as db, writing(db):
        store(db, {"site_zone": "Asia/Shanghai", "language": "en"})
    return made


def write_logs(folder: Path) -> list[Path]:
    """Write the two logs that the pages are tested with."""
    folder.mkdir(parents=True, exist_ok=True)
    auth, web = folder / "auth.log", folder / "access.log"
    auth.write_text("\n".join(AUTH) + "\n", encoding="utf-8")
    web.write_text("\n".join(WEB) + "\n", encoding="utf-8")
    return [auth, web]


@pytest.fixture(scope="session")
def read_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with 42 events that tests only look at."""
    root = tmp_path_factory.mktemp("read")
    made = make_desk(root / "desk")
    bring_in(made, write_logs(root / "in"))
    return made


@pytest.fixture
def pages(read_desk: Desk) -> Iterator[FlaskClient]:
    """A client of the desk that tests only look at."""
    with create_app(read_desk).test_client() as client:
        yield client


@pytest.fixture
def own_desk(tmp_path: Path) -> Desk:
    """A desk of the test's own, with the 42 events."""
    made = make_desk(tmp_path / "desk")
    bring_in(made, write_logs(tmp_path / "in"))
    return made


@pytest.fixture
def client(own_desk: Desk) -> Iterator[FlaskClient]:
    """A client of the desk of the test's own."""
    with create_app(own_desk).test_client() as made:
        yield made


@pytest.fixture
def empty_pages(tmp_path: Path) -> FlaskClient:
    """A client of a desk without events."""
    return create_app(make_desk(tmp_path / "empty")).test_client()
