"""The table of a million rows, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.site import Site

ROW = 26
MILLION = 1_000_000
# None while the rows are being drawn anew.
FIRST_ROW = """(() => { const head = document.querySelector('.ev-head').getBoundingClientRect().bottom - 1;
  const rows = [...document.querySelectorAll('.ev-row')];
  return rows.find((row) => row.getBoundingClientRect().top >= head)?.dataset.index ?? null })()"""


def made_up_row(number: int) -> dict[str, Any]:
    return {"id": str(number + 1), "time": MILLION - number, "clock": f"row {number}", "host": "h", "source": "s",
            "parts": [[f"event {number}", False]], "finding": None, "tone": "info", "level_class": "dim",
            "level_name": "info"}  # fmt: skip


def made_up_page(asked: dict[str, list[str]]) -> dict[str, Any]:
    """Answer a page of a result of a million events; a key is the number of its event."""
    limit = int(asked.get("limit", ["100"])[0])
    start = int(asked.get("at", ["0"])[0])
    if "after" in asked:
        start = int(asked["after"][0]) + 1
    if "before" in asked:
        start = max(0, int(asked["before"][0]) - limit)
    end = min(MILLION, start + limit)
    return {"rows": [made_up_row(number) for number in range(start, end)], "newer": str(start) if start else None,
            "older": str(end - 1) if end < MILLION else None, "ms": 1, "partial": [], "chips": [], "error": None,
            "range": {"name": "All times", "from": "", "to": ""}}  # fmt: skip


@pytest.fixture
def million(page: Page, site: Site, faults: list[str]) -> Page:
    """The search page before a result of a million events."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.path.endswith("/rows"):
            body = made_up_page(parse_qs(parts.query))
        else:
            body = {"count": MILLION, "total": MILLION, "said": "1,000,000 of 1,000,000 events", "partial": []}
        route.fulfill(body=json.dumps(body), content_type="application/json")

    page.route(re.compile(r"/logs/(rows|count)\?"), answer)
    page.goto(site.gate.start_address("browser"))
    page.goto(f"{site.gate.origin}/logs/")
    # The first page of the real result was drawn by the server; a search of any kind brings the made-up one.
    page.locator('input[name="q"]').fill("all")
    page.keyboard.press("Enter")
    expect(page.locator("#ev-0")).to_contain_text("event 0")
    expect(page.locator("#result")).to_contain_text("1,000,000")
    expect(page.locator("#events")).to_have_attribute("aria-rowcount", str(MILLION + 1))
    return page


def first_in_view(page: Page) -> int:
    """Return the number of the first row below the head, once everything in view has been fetched and drawn."""
    expect(page.locator(".ev-row .wait")).to_have_count(0)
    while (found := page.evaluate(FIRST_ROW)) is None:
        page.wait_for_timeout(20)
    return int(found)


def scroll_to(page: Page, share: float) -> None:
    page.evaluate(
        f"(() => {{ const it = document.getElementById('events');"
        f" it.scrollTop = (it.scrollHeight - it.clientHeight) * {share} }})()"
    )
    page.wait_for_timeout(120)


def test_the_scroll_bar_reaches_every_part_of_a_million_rows(million: Page) -> None:
    assert million.evaluate("document.querySelector('.ev-space').offsetHeight") == 8_000_000
    for share in (0.5, 0.9, 0.25):
        scroll_to(million, share)
        assert abs(first_in_view(million) - share * MILLION) < 300
    scroll_to(million, 1)
    first_in_view(million)
    expect(million.locator("#ev-999999")).to_contain_text("event 999999")
    scroll_to(million, 0)
    assert first_in_view(million) == 0


def test_the_wheel_and_the_arrows_go_by_rows_however_many_there_are(million: Page) -> None:
    scroll_to(million, 0.5)
    before = first_in_view(million)
    million.locator("#events").hover()
    million.mouse.wheel(0, 4 * ROW)
    million.wait_for_timeout(120)
    assert first_in_view(million) == before + 4
    million.locator("#events").focus()
    million.keyboard.press("j")
    active = million.locator("#events").get_attribute("aria-activedescendant")
    million.keyboard.press("ArrowDown")
    assert million.locator("#events").get_attribute("aria-activedescendant") == f"ev-{int(str(active)[3:]) + 1}"


def test_the_ends_are_one_key_away_and_rows_join_without_a_gap(million: Page) -> None:
    million.locator("#events").focus()
    million.keyboard.press("End")
    first_in_view(million)
    expect(million.locator("#ev-999999")).to_have_class(re.compile("active"))
    million.keyboard.press("PageUp")
    million.keyboard.press("PageUp")
    first_in_view(million)
    shown = million.locator(".ev-row .tm").all_inner_texts()
    numbers = [int(one.removeprefix("row ")) for one in shown]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    million.keyboard.press("Home")
    million.wait_for_selector("#ev-0.active")
    assert first_in_view(million) == 0
    assert million.locator(".ev-row").count() < 100
