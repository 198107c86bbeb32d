"""A desk with real events, served, for the pages of the logs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site, served
from tests.extensions.logs.importing import bring_in
from tests.extensions.logs.views.conftest import make_desk, write_logs


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A desk with 42 events, served."""
    desk = make_desk(tmp_path / "desk")
    bring_in(desk, write_logs(tmp_path / "in"))
    with served(desk) as made:
        yield made


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A desk without any event, served."""
    with served(make_desk(tmp_path / "desk")) as made:
        yield made


@pytest.fixture
def logs(page: Page, site: Site, faults: list[str]) -> Page:
    """The search page, drawn whole."""
    page.goto(site.gate.start_address("browser"))
    return open_search(page, site)


def open_search(page: Page, site: Site, query: str = "") -> Page:
    page.goto(f"{site.gate.origin}/logs/{query}")
    expect(page.locator("#result")).to_contain_text("events")
    expect(page.locator("#facets li").first).to_be_attached()
    return page
