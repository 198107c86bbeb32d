"""Many findings at once, by keyboard and by mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.test_triage import press, title
from tests.web import sample

pytestmark = pytest.mark.usefixtures("faults")


def selected(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('#rows input[name=ids]:checked')].map((one) => Number(one.value))"
    )
    return found


def test_shift_with_j_and_k_selects_on_the_way(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "Shift+J")
    title(page, "The security log was cleared")
    press(page, "Shift+J")
    title(page, "Disk sdb reports errors")
    expect(page.locator("#picked [data-count]")).to_have_text("3 selected")
    assert selected(page) == [1, 2, 3]
    press(page, "c")
    title(page, "Disk sdb reports errors")
    expect(page.locator("#notices")).to_contain_text("Confirmed 3 findings")
    expect(page.locator("#picked")).to_be_hidden()
    assert sample.count(site.desk, "confirmed") == 3


def test_shift_and_a_click_select_a_range_and_open_no_window(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.locator("#rows .f").nth(3).locator("a.t").click(modifiers=["Shift"])
    expect(page.locator("#picked [data-count]")).to_have_text("4 selected")
    assert selected(page) == [1, 2, 3, 4]
    assert len(page.context.pages) == 1
    title(page, "38 failed sign-ins, then a success")


def test_the_box_of_a_line_begins_a_range(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.locator("#rows .f").nth(1).locator("input").check()
    page.locator("#rows .f").nth(3).locator("input").click(modifiers=["Shift"])
    expect(page.locator("#picked [data-count]")).to_have_text("3 selected")
    assert selected(page) == [2, 3, 4]
    press(page, "Escape")
    expect(page.locator("#picked")).to_be_hidden()
    assert selected(page) == []


def test_a_thousand_findings_are_selected_and_decided_and_taken_back(page: Page, site: Site) -> None:
    sample.many(site.desk, 1000)
    site.enter(page, "/findings/")
    press(page, "Shift+X")
    expect(page.locator("#picked [data-count]")).to_have_text("1,005 selected")
    press(page, "c")
    expect(page.locator("#notices")).to_contain_text("Confirmed 1005 findings")
    expect(page.locator("#rows")).to_contain_text("Nothing waits for you.")
    assert sample.count(site.desk, "confirmed") == 1005
    press(page, "z")
    expect(page.locator("#badge-triage")).to_have_text("1,005")
    assert sample.count(site.desk, "triage") == 1005


def test_all_of_a_view_is_all_of_what_is_filtered(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "/")
    page.keyboard.type("disk")
    expect(page.locator("#rows li")).to_have_count(2)
    press(page, "Escape", "Shift+X")
    expect(page.locator("#picked [data-count]")).to_have_text("2 selected")
    press(page, "Shift+X")
    expect(page.locator("#picked")).to_be_hidden()
    press(page, "Shift+X", "s")
    expect(page.locator("#dialog")).to_contain_text("Suppress 2 findings")
    page.keyboard.type("Being replaced")
    press(page, "Enter")
    expect(page.locator("#notices")).to_contain_text("Suppressed 2 findings")
    assert sample.count(site.desk, "suppressed") == 2


def test_a_key_acts_on_the_selection_whatever_is_open(page: Page, site: Site) -> None:
    with site.desk.connection() as db:
        from desktop_app.core import triage

        triage.confirm(db, [1])
    site.enter(page, "/findings/?view=all&id=1")
    page.locator("#rows .f").nth(1).locator("input").check()
    press(page, "c")
    expect(page.locator("#notices")).to_contain_text("Confirmed “The security log was cleared”")
    assert sample.count(site.desk, "confirmed") == 2
