"""Triage by keyboard alone, as a person does it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from desktop_app.core.database import writing
from tests.browser.site import Site
from tests.web import sample

pytestmark = pytest.mark.usefixtures("faults")


def title(page: Page, words: str) -> None:
    expect(page.locator("#detail h1")).to_have_text(words)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_j_and_k_move_and_the_address_follows(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "j")
    title(page, "The security log was cleared")
    expect(page).to_have_url(f"{site.gate.origin}/findings/?id=2")
    expect(page.locator("#rows a[aria-current]")).to_have_text("High: The security log was cleared")
    press(page, "k")
    title(page, "38 failed sign-ins, then a success")


def test_c_confirms_shows_the_next_and_z_takes_it_back(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "c")
    title(page, "The security log was cleared")
    expect(page.locator("#notices")).to_contain_text("Confirmed “38 failed sign-ins, then a success”")
    expect(page.locator("#tabs")).to_contain_text("Confirmed1")
    expect(page.locator("#badge-triage")).to_have_text("4")
    press(page, "z")
    title(page, "38 failed sign-ins, then a success")
    expect(page.locator("#badge-triage")).to_have_text("5")
    assert sample.count(site.desk, "confirmed") == 0


def test_z_takes_back_in_place_also_when_the_notice_was_dismissed(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.evaluate("window.stays = true")
    press(page, "c")
    title(page, "The security log was cleared")
    page.locator("#notices [data-dismiss]").click()
    press(page, "z")
    title(page, "38 failed sign-ins, then a success")
    expect(page.locator("#notices")).to_contain_text("Undone: ")
    assert page.evaluate("window.stays") is True
    press(page, "z")
    expect(page.locator("#notices")).to_contain_text("There is nothing to undo.")
    assert page.evaluate("window.stays") is True


def test_lines_that_stay_are_the_same_lines_after_a_decision_a_filter_and_an_undo(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.evaluate("""document.querySelectorAll("#rows .f").forEach((line) => { line.kept = true; })""")
    kept = """[...document.querySelectorAll("#rows .f")].map((line) => [line.dataset.id, line.kept === true])"""
    press(page, "c")
    title(page, "The security log was cleared")
    expect(page.locator("#rows .f")).to_have_count(4)
    assert all(same for _, same in page.evaluate(kept))
    expect(page.locator("#rows .f.on")).to_have_class(re.compile(r"\bread\b"))  # so it differs, and is drawn anew
    press(page, "z")
    expect(page.locator("#rows .f")).to_have_count(5)
    assert [same for _, same in page.evaluate(kept)] == [False, False, True, True, True]
    page.locator("#q").fill("disk")
    expect(page.locator("#rows .f")).to_have_count(2)
    assert all(same for _, same in page.evaluate(kept))


def test_the_neighbours_are_fetched_ahead_and_forgotten_once_something_is_decided(page: Page, site: Site) -> None:
    came: list[str] = []

    def note(asked: Request) -> None:
        if asked.headers.get("hx-target") == "detail":
            came.append(asked.url)

    page.on("requestfinished", note)

    def wait_for(finding: int) -> None:
        while f"{site.gate.origin}/findings/?id={finding}" not in came:
            page.wait_for_timeout(20)
        page.wait_for_timeout(20)  # what came has been read

    site.enter(page, "/findings/?id=2")
    wait_for(4)
    came.clear()
    press(page, "j")
    title(page, "Disk sdb reports errors")
    assert f"{site.gate.origin}/findings/?id=4" not in came
    wait_for(2)
    came.clear()
    press(page, "c")
    expect(page.locator("#notices")).to_contain_text("Confirmed")
    press(page, "k")
    title(page, "The security log was cleared")
    wait_for(2)


def test_x_selects_and_the_decision_acts_on_all(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "x", "j")
    title(page, "The security log was cleared")
    press(page, "x")
    expect(page.locator("#picked")).to_contain_text("2 selected")
    press(page, "c")
    title(page, "Disk sdb reports errors")
    expect(page.locator("#notices")).to_contain_text("Confirmed 2 findings")
    expect(page.locator("#picked")).to_be_hidden()
    assert sample.count(site.desk, "confirmed") == 2


def test_s_asks_for_a_reason_and_hides(page: Page, site: Site) -> None:
    site.enter(page, "/findings/?id=4")
    press(page, "s")
    expect(page.locator("#dialog")).to_be_visible()
    expect(page.locator("input[name=reason]")).to_be_focused()
    page.keyboard.type("A known bad sector")
    press(page, "Enter")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#notices")).to_contain_text("Suppressed “Disk sdb reports errors”")
    assert sample.count(site.desk, "suppressed") == 1


def test_escape_leaves_the_dialog_and_changes_nothing(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "s")
    expect(page.locator("#dialog")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    assert sample.count(site.desk, "suppressed") == 0


def test_n_writes_a_note(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("jkcs: asked m.chen")
    press(page, "Tab", "Enter")
    expect(page.locator(".note")).to_contain_text("jkcs: asked m.chen")
    assert sample.count(site.desk, "triage") == 5


def test_slash_filters_and_the_filter_is_an_address(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("disk")
    expect(page.locator("#rows li")).to_have_count(2)
    expect(page).to_have_url(f"{site.gate.origin}/findings/?q=disk")


def test_g_and_a_letter_go_to_a_page(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "g", "s")
    expect(page).to_have_url(f"{site.gate.origin}/settings/")
    site.ready(page)
    press(page, "g", "f")
    expect(page).to_have_url(f"{site.gate.origin}/findings/")


def test_a_question_mark_shows_the_keys(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    press(page, "?")
    expect(page.locator("#help")).to_contain_text("Next and previous finding")
    press(page, "c", "Escape")
    expect(page.locator("#help")).to_be_hidden()
    assert sample.count(site.desk, "confirmed") == 0


def test_keys_do_nothing_while_chinese_is_composed(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'c', isComposing: true, bubbles: true}))")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'c', ctrlKey: true, bubbles: true}))")
    press(page, "j")
    title(page, "The security log was cleared")
    assert sample.count(site.desk, "confirmed") == 0


def test_keys_can_be_switched_off(page: Page, site: Site) -> None:
    with site.desk.connection() as db, writing(db):
        db.execute("INSERT INTO settings VALUES ('keys', '0', 0)")
    site.enter(page, "/findings/")
    press(page, "c", "j", "?")
    page.get_by_role("button", name="Confirm").click()
    title(page, "The security log was cleared")
    expect(page.locator("#help")).to_be_hidden()
    assert sample.count(site.desk, "confirmed") == 1


def test_a_ticked_step_and_a_read_finding_stay_so(page: Page, site: Site) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/read")):
        site.enter(page, "/findings/")
    with page.expect_response(lambda answer: "/step/0" in answer.url):
        page.locator("#step-0").check()
    page.wait_for_selector("#rows .f.on.read")
    site.go(page, "/findings/")
    expect(page.locator("#step-0")).to_be_checked()
    expect(page.locator("#rows .f.on")).to_have_class("f read on")


def test_the_desk_lights_up_when_something_new_comes_in(page: Page, site: Site) -> None:
    site.enter(page, "/jobs/")
    expect(page.locator("#badge-triage")).to_have_text("5")
    sample.many(site.desk, 3)
    sample.running_job(site.desk, 25)
    expect(page.locator("#badge-triage")).to_have_text("8")
    expect(page.locator("#running")).to_contain_text("25%")
    expect(page.locator("#live")).to_contain_text("Import plant-fw.log")
