"""A desk of made-up findings with reports on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import reports
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.reports import ReportData
from desktop_app.web.i18n import Language
from desktop_app.web.report import model
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.room import room
from desktop_app.web.report.writer import Writer, site_zone
from tests.web import sample
from tests.web.conftest import LOGS


def print_nothing(source: Path, target: Path) -> None:
    """Stand for an engine: the pages of a real one are tested in tests/shell."""
    target.write_bytes(b"%PDF " + source.read_bytes()[:200])


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    """An empty desk whose clock stands still, and that can print."""
    return replace(sample.new_desk(folder, (LOGS, room)), printer=print_nothing)


@pytest.fixture
def made(desk: Desk) -> dict[str, int]:
    """The numbers of the made-up findings, which are on the desk from now on."""
    return sample.fill(desk)


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as connection:
        yield connection


EVERYTHING = Choice(period="0", statuses=())


def gathered(desk: Desk, db: Connection, choice: Choice = EVERYTHING, most: int = 500) -> ReportData:
    """Count and choose what a report tells."""
    zone = site_zone(db)
    return reports.gather(desk, db, choice.scope(zone, desk.clock()), zone, most)


def built(desk: Desk, db: Connection, choice: Choice = EVERYTHING, language: Language = "en") -> dict[str, Any]:
    """Return the plain values of a report."""
    return model.build(desk, db, choice, language, gathered(desk, db, choice, choice.most))


def writer(desk: Desk, db: Connection, language: Language = "en") -> Writer:
    """Return what values are said with."""
    return Writer(desk, db, language, site_zone(db))
