"""The live tail and the pages of live sources in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from desktop_app.core.database import writing
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.store import live
from desktop_app.web import times
from tests.browser.barriers import barriers
from tests.browser.logs.conftest import open_search
from tests.browser.pictures import LOOKS
from tests.browser.site import Site
from tests.browser.test_pages import LOCALES
from tests.extensions.logs.importing import bring_in
from tests.extensions.logs.views.conftest import NOW


def more(site: Site, folder: Path, name: str, number: int = 3) -> None:
    """Let events come in that are newer than what is there."""
    lines = [f"Nov 20 15:5{n % 10}:0{n // 10} opc-gw sshd[1]: {name} number {n}\n" for n in range(number)]
    (folder / f"{name}.log").write_text("".join(lines), encoding="utf-8")
    bring_in(site.desk, [folder / f"{name}.log"])


def with_source(site: Site) -> int:
    with site.desk.connection() as db:
        number, _ = deciding.add(db, "syslog", "fw01", {"tls": True, "bind": "0.0.0.0"})
        with writing(db):
            hour = times.HOUR
            live.add_gap(db, live.Gap(number, "fw01", NOW - hour - hour // 4, NOW - hour, "closed", 0))
            live.tell(db, number, {"state": "listening", "heartbeat": NOW, "arrived": NOW - hour})
    return number


def test_new_events_appear_by_themselves_at_the_top(logs: Page, site: Site, tmp_path: Path, faults: list[str]) -> None:
    logs.keyboard.press("l")
    expect(logs.locator("#live")).to_have_attribute("aria-pressed", "true")
    more(site, tmp_path, "first")
    expect(logs.locator(".ev-row").first).to_contain_text("first number 2")
    expect(logs.locator("#result")).to_contain_text("45 of 45 events")
    assert "live=1" in logs.url
    logs.keyboard.press("l")
    more(site, tmp_path, "second")
    expect(logs.locator("#live")).to_have_attribute("aria-pressed", "false")
    assert "live=1" not in logs.url
    assert faults == []


def test_who_works_further_down_is_left_there_and_told_how_many_wait(
    page: Page, site: Site, tmp_path: Path, faults: list[str]
) -> None:
    page.goto(site.gate.start_address("browser"))
    open_search(page, site, "?live=1")
    page.locator(".ev-row").nth(4).click()
    more(site, tmp_path, "first")
    expect(page.locator("#live-new")).to_have_text("3 new")
    expect(page.locator(".exp")).to_be_visible()
    more(site, tmp_path, "second", 2)
    expect(page.locator("#live-new")).to_have_text("5 new")
    page.locator("#live-new").click()
    expect(page.locator("#live-new")).to_be_hidden()
    expect(page.locator(".ev-row").first).to_contain_text("number")
    expect(page.locator(".exp")).to_have_count(0)
    assert faults == []


def test_only_what_fits_appears(page: Page, site: Site, tmp_path: Path) -> None:
    page.goto(site.gate.start_address("browser"))
    page.goto(f"{site.gate.origin}/logs/?q=wanted&live=1")
    expect(page.locator("#no-events")).to_be_visible()
    more(site, tmp_path, "other")
    more(site, tmp_path, "wanted")
    expect(page.locator(".ev-row").first).to_contain_text("wanted number 2")
    expect(page.locator(".ev-row")).to_have_count(3)


def test_gaps_are_hatched_in_the_chart_and_said(page: Page, site: Site) -> None:
    with_source(site)
    page.goto(site.gate.start_address("browser"))
    open_search(page, site)
    expect(page.locator(".hist-stage rect.gap")).to_have_count(1)
    expect(page.locator(".hist-levels")).to_contain_text("Not listening")
    said = page.locator(".hist-levels .b-gap").locator("..").get_attribute("title") or ""
    assert said == "fw01: not listening today 14:45:00 to 15:00:00: the program was closed"


def test_a_live_source_is_added_paused_and_removed_by_keyboard(page: Page, site: Site, faults: list[str]) -> None:
    site.enter(page, "/logs/sources")
    page.get_by_role("link", name="Add a live source").press("Enter")
    page.get_by_role("link", name="Syslog listener").press("Enter")
    page.get_by_label("Name", exact=True).fill("Plant")
    page.get_by_label("Who may send").fill("10.0.0")
    page.get_by_role("button", name="Save, but paused").press("Enter")
    expect(page.get_by_text("This is no network: 10.0.0")).to_be_visible()
    page.get_by_label("Who may send").fill("10.0.0.0/8")
    page.get_by_role("button", name="Save, but paused").press("Enter")
    expect(page.locator(".det h1")).to_have_text("Plant")
    expect(page.locator("#live-state")).to_contain_text("Paused")
    page.get_by_role("button", name="Resume").press("Enter")
    expect(page.locator("#live-state")).to_contain_text("Begins to listen")
    page.get_by_role("button", name="Remove").press("Enter")
    expect(page.locator("#notices")).to_contain_text("Removed the live source Plant")
    site.ready(page)  # the keys of the page that was drawn anew are heard
    page.keyboard.press("z")
    expect(page.locator(".import-row").first).to_contain_text("Plant")
    faults[:] = [one for one in faults if "422" not in one]  # a form that was sent back


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_axe_finds_no_barrier_on_the_pages_of_live_sources(browser: Browser, site: Site, look: tuple[str, str]) -> None:
    number = with_source(site)
    language, theme = look
    context = browser.new_context(
        locale=LOCALES[language], color_scheme=theme, viewport={"width": 1100, "height": 760}, reduced_motion="reduce"  # type: ignore[arg-type] # one of the two themes
    )  # fmt: skip
    page = context.new_page()
    with site.desk.connection() as db:
        db.execute("UPDATE settings SET value = ? WHERE key = 'language'", (language,))
        db.conn.commit()
    page.goto(site.gate.start_address("browser"))
    found = {}
    forms = [f"/logs/sources/live/new?kind={kind}" for kind in deciding.USUAL]
    for path in (f"/logs/sources?live={number}", "/logs/sources/live/new", *forms, "/logs/?live=1"):
        page.goto(site.gate.origin + path)
        page.wait_for_timeout(300)
        found[path] = barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
    assert {where: lines for where, lines in found.items() if lines} == {}


def test_at_800_px_the_list_of_sources_has_room_for_its_words(logs: Page, site: Site) -> None:
    with_source(site)
    logs.set_viewport_size({"width": 800, "height": 760})
    site.go(logs, "/logs/sources")
    widths = logs.evaluate(
        "[...document.querySelectorAll('.split.imports > *')].map(one => one.getBoundingClientRect().width)"
    )
    assert widths[0] >= 260
    assert widths[1] >= 400
