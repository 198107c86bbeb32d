"""The rule desk by keyboard alone, in both languages: import, switch, write, try, except, go back, undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from desktop_app.core import jobs
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue, own
from desktop_app.extensions.logs.service import applying
from tests.browser.barriers import barriers
from tests.browser.site import Site
from tests.browser.test_pages import LOCALES
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import run

OWN = """title: Somebody tried root
logsource: {product: linux, service: auth}
detection:
    selection:
        user.name: root
    condition: selection
level: high
"""
LANGUAGES = ("en", "zh")


@pytest.fixture(params=LANGUAGES)
def desk_page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Page:
    """A page of the desk in one of the languages."""
    language = str(request.param)
    with site.desk.connection() as db:
        db.execute("UPDATE settings SET value = ? WHERE key = 'language'", (language,))
        db.conn.commit()
    context = browser.new_context(locale=LOCALES[language], viewport={"width": 1280, "height": 900},
                                  reduced_motion="reduce")  # fmt: skip
    page = context.new_page()
    page.goto(site.gate.start_address("browser"))
    return page


def press(one: Locator, key: str = "Enter") -> None:
    one.focus()
    one.press(key)


def write(one: Locator, words: str) -> None:
    one.focus()
    one.press("ControlOrMeta+a")
    one.page.keyboard.insert_text(words)


def work(desk: Desk) -> None:
    """Do the newest job that waits, as the desk would in a process of its own."""
    with desk.connection() as db:
        newest = jobs.active(db)[-1].id
    assert run(desk, newest).state == "done"


def enabled(desk: Desk, rule_id: str) -> bool:
    with desk.connection() as db:
        found = catalogue.rule(db, rule_id)
    assert found is not None
    return found.enabled


def written(page: Page, site: Site) -> None:
    """Write a rule in the editor and save it."""
    site.go(page, "/logs/rules/new")
    write(page.locator("#body"), OWN)
    expect(page.locator("#checked .fine")).to_be_visible()
    press(page.locator("#editor button[type=submit].pri"))
    page.wait_for_url("**/logs/rules/*-*")
    site.ready(page)


def test_rules_are_previewed_brought_in_switched_and_taken_back(desk_page: Page, site: Site, tmp_path: Path) -> None:
    page, pack = desk_page, folder_with(tmp_path / "mine", a=yaml_of(1), b="title: [")
    site.go(page, "/logs/detections")
    press(page.locator("#rules-menu > summary"))
    write(page.locator("#rules-import input[name=path]"), str(pack))
    page.keyboard.press("Enter")
    page.wait_for_url("**/logs/rules/import/*")
    work(site.desk)
    expect(page.locator("#rules-plan .plan")).to_contain_text("Rule 1")
    assert barriers(page) == []
    press(page.locator("#rules-plan .told-head button.pri"))
    expect(page.locator("#rules-plan")).to_have_attribute("data-state", "queued")
    work(site.desk)
    expect(page.locator("#rules-plan .told .btn.pri")).to_be_visible()
    site.go(page, "/logs/detections?pack=mine")
    press(page.locator(".rules-grid button[type=submit]"))
    expect(page.locator("#notices form[data-undo]")).to_be_visible()
    assert not enabled(site.desk, id_of(1))
    site.ready(page)
    page.locator("#main").press("z")
    expect(page.locator("#notices")).to_be_visible()
    expect(page.locator(".rules-grid .st-disabled")).to_have_count(0)
    assert enabled(site.desk, id_of(1))
    page.context.close()


def test_a_rule_is_written_with_a_live_check_and_tried_before_it_is_saved(desk_page: Page, site: Site) -> None:
    page = desk_page
    site.go(page, "/logs/rules/new")
    body = page.locator("#body")
    write(body, OWN.replace("condition: selection", "condition: nothing"))
    expect(page.locator("#checked [data-line='6']")).to_be_visible()
    expect(page.locator("#gutter .bad")).to_have_count(1)
    press(page.locator("#checked [data-line='6']"))
    expect(body).to_be_focused()
    write(body, OWN + "# more\n" * 3)
    expect(page.locator("#checked .fine")).to_be_visible()
    expect(page.locator("#gutter .bad")).to_have_count(0)
    write(body, OWN)
    expect(page.locator("#gutter div")).to_have_text([str(line) for line in range(1, OWN.count("\n") + 2)])
    press(page.locator("#editor button[formaction$='/rules/try']"))
    expect(page.locator("#tried progress")).to_be_visible()
    work(site.desk)
    expect(page.locator("#tried .tried li")).to_have_count(20)
    assert barriers(page) == []
    press(page.locator("#editor button[formaction$='/rules/try']"))
    press(page.locator("#tried button[name=next]"))
    expect(page.locator("#tried progress")).to_have_count(0)
    press(page.locator("#editor button[type=submit].pri"))
    expect(page.locator(".det h1")).to_have_text("Somebody tried root")
    page.context.close()


def test_a_rule_gets_an_exception_a_new_version_and_its_old_one_back(desk_page: Page, site: Site) -> None:
    page = desk_page
    written(page, site)
    address = page.url
    press(page.locator("#exception-new > summary"))
    write(page.locator("#exception-new input[name=field]").first, "source.ip")
    write(page.locator("#exception-new textarea[name=values]").first, "10.20.4.17")
    write(page.locator("#exception-new input[name=reason]"), "Ours")
    page.keyboard.press("Enter")
    expect(page.locator("#exceptions .plan li")).to_have_count(1)
    assert barriers(page) == []
    site.ready(page)
    page.locator("#main").press("z")
    expect(page.locator("#exceptions .plan li")).to_have_count(0)
    page.goto(f"{address.partition('#')[0]}/edit")
    site.ready(page)
    before = page.locator("#body").input_value()
    write(page.locator("#body"), before.replace("root", "admin"))
    expect(page.locator("#checked .fine")).to_be_visible()
    press(page.locator("#editor button[type=submit].pri"))
    expect(page.locator("#versions li")).to_have_count(1)
    press(page.locator("#versions button"))
    expect(page.locator("#versions li")).to_have_count(2)
    expect(page.locator("pre.raw-text").first).to_contain_text("root")
    page.context.close()


def test_the_page_of_a_rule_shows_by_itself_what_it_found_once_it_was_applied(site: Site, page: Page) -> None:
    with site.desk.connection() as db:
        rule_id, _ = own.save(db, OWN)
        assert applying.apply_again(db, {rule_id: ""}) is not None
    site.enter(page, f"/logs/rules/{rule_id}")
    expect(page.locator("#rule-told")).to_contain_text("The rules are being applied to the stored events.")
    press(page.locator("#exceptions summary").first)
    write(page.locator("#exceptions input[name=reason]"), "Half a reason")
    assert barriers(page) == []
    work(site.desk)
    expect(page.locator("#rule-told")).not_to_contain_text("being applied")
    expect(page.locator("#rule-state")).to_have_text("Fired")
    expect(page.locator("#rule-found li")).not_to_have_count(0)
    assert page.locator("#exceptions input[name=reason]").input_value() == "Half a reason"


def test_the_list_of_rules_fills_itself_in_once_they_were_applied(site: Site, page: Page) -> None:
    with site.desk.connection() as db:
        rule_id, _ = own.save(db, OWN)
        assert applying.apply_again(db, {rule_id: ""}) is not None
    site.enter(page, "/logs/detections?q=tried+root")
    expect(page.locator("#rules-told")).to_contain_text("The rules are being applied to the stored events.")
    expect(page.locator("#rules-list .verdict")).not_to_have_text("Fired")
    press(page.locator("#rules-finer summary"))
    write(page.locator("#rules-finer input[name=tag]"), "attack.")
    assert barriers(page) == []
    work(site.desk)
    expect(page.locator("#rules-told")).not_to_contain_text("being applied")
    expect(page.locator("#rules-list .verdict")).to_have_text("Fired")
    expect(page.locator("#rules-states")).to_contain_text("Fired")
    assert page.locator("#rules-finer input[name=tag]").input_value() == "attack."
