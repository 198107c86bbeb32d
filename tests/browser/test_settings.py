"""The settings: searched while typing, single keys changed and switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.web import sample

pytestmark = pytest.mark.usefixtures("faults")


def test_typing_filters_and_enter_goes_to_the_setting(page: Page, site: Site) -> None:
    site.enter(page, "/settings/")
    page.keyboard.press("/")
    page.keyboard.type("时区")
    expect(page.locator(".setting:visible")).to_have_count(2)
    expect(page.locator(".setting:visible").first).to_contain_text("Time zone of the site")
    expect(page.locator(".setting:visible").last).to_contain_text("Sources of the logs")  # each has a zone of its own
    expect(page).to_have_url(f"{site.gate.origin}/settings/?q=%E6%97%B6%E5%8C%BA")
    page.keyboard.press("Enter")
    expect(page.locator("#set-site_zone")).to_be_focused()


def test_nothing_found_is_said_and_leads_back_to_all(page: Page, site: Site) -> None:
    site.enter(page, "/settings/")
    page.locator("input[type=search]").fill("qqqq")
    expect(page.locator("#no-setting")).to_be_visible()
    page.locator("#no-setting a").click()
    expect(page.locator("#set-theme")).to_be_visible()


def test_an_address_leads_to_one_setting(page: Page, site: Site) -> None:
    site.enter(page, "/settings/#set-key_note")
    expect(page.locator("#set-key_note")).to_be_focused()
    expect(page.locator("#set-key_note")).to_be_in_viewport()


def test_a_changed_key_acts_and_the_old_one_no_longer_does(page: Page, site: Site) -> None:
    site.enter(page, "/settings/#set-key_confirm")
    page.keyboard.type("v")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Saved the settings")
    site.go(page, "/findings/")
    page.keyboard.press("c")
    page.keyboard.press("j")
    expect(page.locator("#detail h1")).to_have_text("The security log was cleared")
    assert sample.count(site.desk, "confirmed") == 0
    page.keyboard.press("v")
    expect(page.locator("#notices")).to_contain_text("Confirmed “The security log was cleared”")
    page.keyboard.press("?")
    expect(page.locator("#help .shortcuts div", has_text="Confirm")).to_contain_text("V")


def test_one_key_can_be_switched_off_while_the_others_act(page: Page, site: Site) -> None:
    site.enter(page, "/settings/#set-key_confirm")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Saved the settings")
    site.go(page, "/findings/")
    page.keyboard.press("c")
    page.keyboard.press("j")
    expect(page.locator("#detail h1")).to_have_text("The security log was cleared")
    assert sample.count(site.desk, "confirmed") == 0
