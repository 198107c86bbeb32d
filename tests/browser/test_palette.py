"""The command palette by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.site import Site
from tests.web import sample

pytestmark = pytest.mark.usefixtures("faults")


def active(page: Page) -> str:
    """Return what the marked answer says, by way of the field."""
    found = page.evaluate(
        "document.getElementById(document.querySelector('#palette input').getAttribute('aria-activedescendant'))"
        "?.querySelector('b').textContent ?? ''"
    )
    return str(found)


def search(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type(words)


def test_words_and_enter_go_to_a_page(page: Page, site: Site) -> None:
    site.enter(page)
    search(page, "jobs")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Jobs")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.gate.origin}/jobs/")


def test_the_arrows_mark_and_the_field_keeps_the_focus(page: Page, site: Site) -> None:
    site.enter(page)
    search(page, "disk")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Disk errors")
    page.keyboard.press("ArrowDown")
    assert active(page) == "Disk sdb reports errors"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert active(page) == page.locator("#palette [role=option] b").last.text_content()
    expect(page.locator("#palette input")).to_be_focused()


def test_a_finding_is_opened_by_its_number(page: Page, site: Site) -> None:
    site.enter(page)
    search(page, "wd-2")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("The security log was cleared")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h1")).to_have_text("The security log was cleared")


def test_an_action_runs_and_returns_to_the_page(page: Page, site: Site) -> None:
    site.enter(page, "/findings/?q=disk")
    search(page, "appearance dark")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Appearance: dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(f"{site.gate.origin}/findings/?q=disk")


def test_escape_empties_then_closes_and_single_keys_stay_off_meanwhile(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    search(page, "c")
    page.keyboard.press("Escape")
    expect(page.locator("#palette input")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    assert sample.count(site.desk, "confirmed") == 0


def test_enter_belongs_to_the_input_method_while_chinese_is_composed(page: Page, site: Site) -> None:
    site.enter(page)
    search(page, "jobs")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Jobs")
    page.evaluate(
        "document.querySelector('#palette input').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(page.locator("#palette")).to_be_visible()
    expect(page).to_have_url(f"{site.gate.origin}/")


def test_the_box_in_the_navigation_opens_it_too(page: Page, site: Site) -> None:
    site.enter(page)
    page.locator(".find").click()
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator("#palette [role=option]").first).to_have_text("Overview")


def test_names_of_pages_and_actions_are_answered_while_the_server_still_thinks(page: Page, site: Site) -> None:
    page.route(re.compile(r"/palette/answers\?q=."), lambda _route: None)  # never answered
    site.enter(page)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_have_text("Overview")
    page.keyboard.type("night")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Appearance: dark")
    for _ in "night":
        page.keyboard.press("Backspace")
    page.keyboard.type("设置")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Settings")


def test_what_an_arrow_marked_stays_marked_when_more_answers_come(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/palette/answers?q=appearance", lambda route: held.append(route))  # noqa: PLW0108 - no method of a list can be marked
    site.enter(page)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_have_text("Overview")
    with page.expect_request("**/palette/answers?q=appearance"):
        page.keyboard.type("appearance")
    page.keyboard.press("ArrowDown")
    marked = active(page)
    assert marked.startswith("Appearance")
    held[0].continue_()
    expect(page.locator("#palette [role=group][aria-label]").first).to_be_attached()
    assert active(page) == marked
