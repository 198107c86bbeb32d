"""Saving a view where it is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

pytestmark = pytest.mark.usefixtures("faults")


def test_a_filter_is_saved_under_a_name_and_stands_in_the_navigation(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1300, "height": 760})
    site.enter(page, "/findings/")
    page.locator("#q").fill("disk")
    expect(page).to_have_url(f"{site.gate.origin}/findings/?q=disk")
    page.get_by_role("link", name="Save view").click()
    expect(page.locator("dialog.dialog input[name=name]")).to_be_focused()
    page.keyboard.type("Failing disks")
    page.keyboard.press("Enter")
    expect(page.locator(".nav a[aria-current=true]")).to_have_text("Failing disks2")
    expect(page).to_have_url(f"{site.gate.origin}/findings/?q=disk")


def test_escape_saves_nothing(page: Page, site: Site) -> None:
    site.enter(page, "/findings/?q=disk")
    page.get_by_role("link", name="Save view").click()
    expect(page.locator("dialog.dialog input[name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.dialog[open]")).to_have_count(0)
    expect(page.locator(".nav h2")).to_have_count(0)
