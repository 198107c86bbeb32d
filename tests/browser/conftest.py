"""A Chromium of the distribution, a served desk whose every word is fixed, and pages that report what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from desktop_app.core.paths import DataFolder
from tests.browser import pictures
from tests.browser.faults import listen
from tests.browser.full_desk import empty_desk, full_desk
from tests.browser.site import Site, served
from tests.web import sample


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the reference pictures anew instead of comparing")
    parser.addoption("--busy-desk", default=None, help="folder of a desk filled by build/seed.py, to measure on")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The same window for every test."""
    return {**browser_context_args, "viewport": {"width": 1100, "height": 760}, "reduced_motion": "reduce",
            "locale": "en-US", "color_scheme": "light"}  # fmt: skip


def _extensions() -> tuple[Any, ...]:
    from desktop_app.bundled import EXTENSIONS

    return EXTENSIONS


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A desk with made-up findings, served."""
    desk = sample.new_desk(DataFolder(tmp_path / "desk"), _extensions())
    sample.fill(desk)
    with served(desk) as made:
        yield made


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """An empty desk, served."""
    with served(sample.new_desk(DataFolder(tmp_path / "empty"), _extensions())) as made:
        yield made


@pytest.fixture(scope="session")
def desk_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    """One served desk of each kind, "full" and "empty", for all tests that look and change nothing on it."""
    made = {"full": full_desk, "empty": empty_desk}
    with ExitStack() as opened:
        yield cache(lambda kind: opened.enter_context(served(made[kind](tmp_path_factory.mktemp(kind) / "desk"))))


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What goes wrong in a page: errors of scripts, breaches of the policy, requests that leave the machine.

    The test fails at its end when the list is not empty.
    """
    found = listen(page)
    yield found
    assert found == []


@pytest.fixture(params=pictures.LOOKS, ids="-".join)
def look(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A language and a theme."""
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def compare(look: tuple[str, str], tmp_path: Path, pytestconfig: pytest.Config) -> Callable[[Page, str], None]:
    """Hold a page against its reference in this language and theme."""
    update = bool(pytestconfig.getoption("--update"))

    def check(page: Page, name: str) -> None:
        page.wait_for_selector("#badge-triage", state="attached")
        # It asserts that no more than a few dots differ, and fails where there is no reference.
        pictures.check(page, f"{name}.{look[0]}.{look[1]}", tmp_path, update=update)

    return check
