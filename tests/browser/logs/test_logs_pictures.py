"""The pages of the logs, held against pictures of how they were approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desktop_app.core.database import value, writing
from desktop_app.core.settings import store
from tests.browser.pictures import TWO_LOOKS
from tests.browser.site import Site

EVENT = "/logs/event/{event}"
SHOWN = {
    "search": ("/logs/", "#facets li"),
    "rules": ("/logs/detections", ".rules-grid .title"),
    "sources": ("/logs/sources", "main h1"),
    "event": (EVENT, "main h1"),
}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], look: tuple[str, str]) -> dict[str, Any]:
    """A browser that prefers this theme; the language is a setting of these desks."""
    return {**browser_context_args, "color_scheme": look[1]}


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize("look", TWO_LOOKS, indirect=True, ids="-".join)
@pytest.mark.parametrize("name", SHOWN)
def test_pages_of_the_logs_look_as_they_were_approved(
    page: Page, site: Site, compare: Callable[[Page, str], None], look: tuple[str, str], name: str
) -> None:
    with site.desk.connection() as db, writing(db):
        store(db, {"language": look[0]})
        event = value(db, "SELECT min_id FROM segments WHERE state = 'live' ORDER BY min_id LIMIT 1")
    path, drawn = SHOWN[name]
    site.enter(page, path.format(event=event))
    expect(page.locator(drawn).first).to_be_attached()
    page.wait_for_selector("body:not(.loading-events):not(:has(.htmx-request))", state="attached")
    # How long an answer took is another each time.
    page.locator("#result").evaluate_all("all => all.forEach((one) => { one.textContent = ''; })")
    compare(page, f"logs-{name}")
