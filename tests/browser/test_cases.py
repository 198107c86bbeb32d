"""Cases, wide suppressions and what changed, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from desktop_app.core.cases import cases
from desktop_app.core.database import writing
from tests.browser.site import Site
from tests.browser.test_triage import press, title
from tests.web import sample

pytestmark = pytest.mark.usefixtures("faults")


def test_a_opens_a_new_case_and_the_next_finding(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "a")
    expect(page.locator("#dialog")).to_contain_text("Add this finding to a case")
    expect(page.get_by_label("Name of the new case")).to_be_focused()
    press(page, "Control+A")
    page.keyboard.type("Night shift")
    press(page, "Enter")
    title(page, "The security log was cleared")
    expect(page.locator("#notices")).to_contain_text("Opened the case “Night shift”")
    expect(page.locator("#tabs")).to_contain_text("In a case1")
    press(page, "z")
    expect(page.locator("#tabs")).to_contain_text("In a case0")


def test_a_adds_what_is_selected_to_a_case_that_is_open(page: Page, site: Site) -> None:
    with site.desk.connection() as db:
        cases.create(db, "Night shift")
    site.enter(page, "/findings/")
    press(page, "Shift+J", "a")
    expect(page.locator("#dialog")).to_contain_text("Add 2 findings to a case")
    expect(page.get_by_role("radio", name="Night shift")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#notices")).to_contain_text("Added 2 findings to the case “Night shift”")
    assert sample.count(site.desk, "case") == 2


def test_a_case_is_worked_by_keyboard(page: Page, site: Site) -> None:
    with site.desk.connection() as db:
        cases.create(db, "Night shift", [1])
    site.enter(page, "/findings/")
    press(page, "g", "c")
    expect(page).to_have_url(f"{site.gate.origin}/cases/")
    page.get_by_role("link", name="Night shift").focus()
    press(page, "Enter")
    expect(page).to_have_url(f"{site.gate.origin}/cases/1")
    site.ready(page)
    press(page, "a")
    page.keyboard.type("Ask the shift lead")
    press(page, "Enter")
    expect(page.locator("#tasks")).to_contain_text("0 of 1")
    site.ready(page)
    page.get_by_role("checkbox", name="Done: Ask the shift lead").focus()
    press(page, "Space")
    expect(page.locator("#tasks")).to_contain_text("1 of 1")
    site.ready(page)
    press(page, "n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Nobody was there")
    press(page, "Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Nobody was there")
    site.ready(page)
    press(page, "z")
    expect(page.locator("#timeline")).not_to_contain_text("Nobody was there")


def test_shift_s_writes_a_suppression_with_a_look_at_what_it_hides(page: Page, site: Site) -> None:
    site.enter(page, "/findings/?id=3")
    press(page, "Shift+S")
    expect(page).to_have_url(f"{site.gate.origin}/suppressions/new?id=3")
    site.ready(page)
    expect(page.locator("#preview")).to_contain_text("1 finding")
    page.locator("input[name=asset]").focus()
    press(page, "Space")
    expect(page.locator("#preview")).to_contain_text("2 findings")
    page.locator("input[name=reason]").focus()
    page.keyboard.type("The disks are being replaced")
    press(page, "Enter")
    expect(page.locator("#notices")).to_contain_text("Wrote a suppression that hides 2 findings")
    assert sample.count(site.desk, "suppressed") == 2
    site.ready(page)
    press(page, "z")
    expect(page.locator("#badge-triage")).to_have_text("5")


def test_what_changed_is_shown_and_marked_as_seen(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    with site.desk.connection() as db, writing(db):
        db.execute("UPDATE looks SET since = since - 1")
    site.go(page, "/findings/")
    expect(page.locator("#rows")).to_contain_text("5 changed since")
    page.get_by_role("button", name="Mark all as seen").focus()
    press(page, "Enter")
    expect(page.locator("#notices")).to_contain_text("Marked everything as seen")
    expect(page.locator("#rows")).not_to_contain_text("changed since")
    press(page, "z")
    expect(page.locator("#rows")).to_contain_text("5 changed since")
