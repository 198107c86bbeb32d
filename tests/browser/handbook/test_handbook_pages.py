"""The handbook in a browser: no barrier, by keyboard alone, narrow, and nothing asked of another machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from tests.browser.barriers import barriers
from tests.browser.pictures import LOOKS
from tests.browser.site import Site, served
from tests.browser.test_pages import LOCALES

RULE = "/handbook/rules/a81bf785-1013-4b7e-a34a-6cdf1534b57d"
PAGES = ("/handbook/", "/handbook/guides/disk-and-memory", "/handbook/guides/recipes", "/handbook/rules/", RULE,
         "/handbook/search?q=ssh", "/handbook/search?q=frobnicator")  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A desk with the shipped rules, served."""
    desk = Desk(DataFolder(tmp_path / "desk"), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    with served(desk) as made:
        yield made


def wait_for(page: Page, expression: str) -> None:
    """Poll: the page's policy forbids what wait_for_function would need."""
    end = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


@pytest.fixture(params=LOOKS, ids="-".join)
def look(request: pytest.FixtureRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.param
    return found


class TestInEveryLook:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any], look: tuple[str, str]) -> dict[str, Any]:
        return {**browser_context_args, "locale": LOCALES[look[0]], "color_scheme": look[1]}

    def test_axe_finds_no_barrier(self, page: Page, site: Site, faults: list[str]) -> None:
        site.enter(page)
        found = {}
        for path in PAGES:
            site.go(page, path)
            if lines := barriers(page):
                found[path] = lines
        assert found == {}
        assert faults == []


@pytest.mark.usefixtures("faults")
def test_pages_are_turned_and_sought_by_keys_alone(page: Page, site: Site) -> None:
    site.enter(page, "/handbook/guides/first-hour")
    page.keyboard.press("j")
    page.wait_for_url("**/guides/reading-logs")
    site.ready(page)
    page.keyboard.press("k")
    page.wait_for_url("**/guides/first-hour")
    site.ready(page)
    page.keyboard.press("/")
    page.keyboard.type("cleared")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cleared")
    site.ready(page)
    assert page.locator(".hits a").first.inner_text() == "Cleared logs"


@pytest.mark.usefixtures("faults")
def test_a_search_answers_while_it_is_written(page: Page, site: Site) -> None:
    site.enter(page, "/handbook/search")
    page.keyboard.press("/")
    page.keyboard.type("time and cl")
    wait_for(page, "document.querySelector('.hits a')?.textContent === 'Time and clock'")


@pytest.mark.usefixtures("faults")
def test_a_narrow_page_keeps_its_contents_behind_a_button_and_nothing_runs_over(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    site.enter(page, "/handbook/guides/disk-and-memory")
    assert not page.locator("#contents").is_visible()
    page.get_by_role("button", name="Contents").click()
    assert page.locator("#contents").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#contents").is_visible()
    assert page.evaluate(
        "document.querySelector('.reading').scrollWidth <= document.querySelector('.reading').clientWidth"
    )


@pytest.mark.usefixtures("faults")
def test_a_recipe_opens_in_the_log_search(page: Page, site: Site) -> None:
    site.enter(page, "/handbook/guides/recipes")
    wanted = page.locator(".recipe code").first.inner_text()
    page.locator(".recipe a").first.click()
    page.wait_for_url("**/logs/?q=*")
    assert parse_qs(urlsplit(page.url).query)["q"] == [wanted]


@pytest.mark.usefixtures("faults")
def test_what_leads_outside_never_leaves_the_page(page: Page, site: Site) -> None:
    site.enter(page, RULE)
    link = page.locator("a.out").first
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"
