"""Options and fixtures that every room of tests shares."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from desktop_app.core.database import migrate
from desktop_app.core.paths import DataFolder

CHROMIUM = os.environ.get("WATCHDESK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

# A machine with other work to do is slow now and then: no example fails for the time it took.
settings.register_profile("watchdesk", deadline=None)
settings.load_profile("watchdesk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-browser", action="store_true", help="fail instead of skipping without Chromium or Xvfb")
    parser.addoption("--data", default=None, help="folder with the test data that is not part of this repository")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip by name what needs a Chromium where there is none, unless one is required."""
    if CHROMIUM is None and not config.getoption("--require-browser"):
        absent = pytest.mark.skip(reason="no Chromium was found (name one in WATCHDESK_CHROMIUM)")
        for item in items:
            if "playwright" in getattr(item, "fixturenames", ()):
                item.add_marker(absent)


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


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test serves a desk of its own. The plugin's fixture of this name is of a kind that pytest warns of."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the distribution's Chromium; nothing is downloaded."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = ["--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", *(["--no-sandbox"] * root)]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": flags}
