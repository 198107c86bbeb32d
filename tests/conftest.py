"""Options and fixtures that every room of tests shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import migrate
from desktop_app.core.paths import DataFolder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-browser", action="store_true", help="fail instead of skipping without Chromium or Xvfb")
    parser.addoption("--data", default=None, help="folder with the test data that is not part of this repository")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """An empty data folder with a migrated database."""
    made = DataFolder(tmp_path / "desk")
    migrate(made)
    return made


@pytest.fixture(scope="session")
def data_dir(request: pytest.FixtureRequest) -> Path:
    """The folder of test data; tests that need it skip where it is absent."""
    named = request.config.getoption("--data")
    found = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not found.is_dir():
        pytest.skip("the test data folder is absent (name it with --data)")
    return found
