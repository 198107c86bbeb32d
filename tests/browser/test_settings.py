"""The settings: searched while typing, single keys changed and switched off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desktop_app.core import saved_views, undo
from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.web.bringing import settings_file
from tests.browser.barriers import barriers
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


def test_saved_settings_are_brought_by_keyboard_with_what_is_new_and_without_what_was_unticked(
    page: Page, site: Site, tmp_path: Path
) -> None:
    with site.desk.connection() as db:
        saved_views.save(db, "Waiting", "/findings/?sev=critical")
        channels.add(db, AlertChannel("wecom", "Plant group", {"ca": ""}, enabled=True), 1)
        (tmp_path / "mine.json").write_bytes(settings_file.export(site.desk, db))
        undo.undo(site.desk, db)
        undo.undo(site.desk, db)
    site.enter(page, f"/door/?path={tmp_path / 'mine.json'}")
    expect(page.locator("#brought")).to_contain_text("Alert channel: WeCom robot; switched off, without its secret")
    assert barriers(page) == []
    page.get_by_label("Plant group").focus()
    page.keyboard.press("Space")
    page.locator("#brought button.pri").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Took settings from mine.json")
    expect(page.get_by_role("link", name="Waiting")).to_be_visible()
    with site.desk.connection() as db:
        assert channels.listing(db) == []
