"""Every page by keyboard alone: Tab reaches what can be used, one sees where the focus is, and keys never lose it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desktop_app.web.app import create_app
from tests.browser import keyboard, walk
from tests.browser.site import Site
from tests.browser.test_every_page import settle

HELD = """() => {
  const at = document.activeElement;
  const drawn = (one) => one && (getComputedStyle(one).outlineStyle !== "none" || one.matches("input, textarea"));
  return { lost: at === document.body, name: at.id || at.className || at.tagName,
    shown: drawn(at) || drawn(at.closest(".f")) };
}"""


def pages(site: Site) -> list[str]:
    """Return the address of every page, once each: what is searched for brings no other parts, a report has no keys."""
    every = walk.addresses(create_app(site.desk), site.desk, full=True)
    once = [one for one in every if "?" not in one or "id=" in one or "kind=" in one]
    return [one for one in once if not one.endswith("/document")]


def test_tab_reaches_every_part_of_every_page_and_the_focus_is_seen(
    page: Page, desk_of: Callable[[str], Site], faults: list[str]
) -> None:
    site = desk_of("full")
    site.enter(page)
    found = {}
    for address in pages(site):
        page.goto(site.gate.origin + address)
        settle(page, site)
        if lines := keyboard.tab_through(page):
            found[address] = lines
    faults[:] = [one for one in faults if "status of 404" not in one]  # the page that says that there is no such page
    assert not found, "\n".join(f"{where}: {line}" for where, lines in found.items() for line in lines)


def keep(page: Page, *keys: str) -> None:
    """Press keys, and hold after each that the focus stands somewhere and is seen."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(120)  # answers come and are drawn
        held = page.evaluate(HELD)
        assert not held["lost"], (key, held)
        assert held["shown"], (key, held)


@pytest.mark.usefixtures("faults")
def test_deciding_by_keys_never_loses_the_focus(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.locator("#rows .f a.t").first.focus()
    keep(page, "j", "k", "x", "Escape", "c", "j", "z", "n", "Escape")
    keep(page, "/", "Escape", "s", "Escape", "a", "Escape", "?", "Escape")
    page.locator("#act-confirm").focus()
    keep(page, "j", "k", "c", "z")
    page.locator("#picked").evaluate("(bar) => document.querySelector('#rows input[name=ids]').click()")
    page.locator("[data-clear]").focus()
    keep(page, "Enter", "j")


@pytest.mark.usefixtures("faults")
def test_the_focus_goes_along_and_enter_reads_the_open_finding(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.keyboard.press("j")
    line = page.locator("#rows .f", has_text="The security log was cleared").locator("a.t")
    expect(line).to_be_focused()
    expect(page.locator("#detail h1")).to_have_text("The security log was cleared")
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#detail h1")).to_have_text("38 failed sign-ins, then a success")
    expect(page.locator("#detail")).to_be_focused()


@pytest.mark.usefixtures("faults")
def test_n_and_c_act_on_the_line_that_has_the_focus(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    line = page.locator("#rows .f", has_text="Disk sdb reports errors").first.locator("a.t")
    line.focus()
    page.keyboard.press("n")
    expect(page.locator("#detail h1")).to_have_text("Disk sdb reports errors")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Ordered a new one")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#detail .notes, #detail")).to_contain_text("Ordered a new one")
    page.keyboard.press("Escape")
    page.locator("#rows .f", has_text="The security log was cleared").locator("a.t").focus()
    page.keyboard.press("c")
    expect(page.locator("#notices")).to_contain_text("Confirmed “The security log was cleared”")


@pytest.mark.usefixtures("faults")
def test_tab_comes_to_the_events_before_the_many_values_beside_them(page: Page, desk_of: Callable[[str], Site]) -> None:
    site = desk_of("full")
    site.enter(page, "/logs/")
    page.wait_for_selector("#facets input")
    page.locator("#zoom-in").focus()
    for _ in range(80):  # the marks of findings in the chart
        page.keyboard.press("Tab")
        if page.locator("#events:focus, #facets :focus").count():
            break
    expect(page.locator("#events")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator("#events")).to_be_focused()


@pytest.mark.usefixtures("faults")
def test_a_page_that_draws_itself_again_keeps_the_focus(page: Page, site: Site) -> None:
    site.enter(page, "/")
    held = page.locator(".tiles a").nth(1)
    held.focus()
    held.evaluate("one => { one.dataset.earlier = '' }")
    page.evaluate("document.dispatchEvent(new CustomEvent('watchdesk:counts', { detail: {} }))")
    expect(page.locator("[data-earlier]")).to_have_count(0)
    expect(page.locator(".tiles a").nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".tiles a").nth(2)).to_be_focused()
