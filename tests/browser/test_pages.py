"""Pages in both languages and themes: what opens over them is readable by everyone, and they look as approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.pictures import TWO_LOOKS
from tests.browser.site import Site
from tests.web import sample

PAGES = ("/", "/findings/", "/findings/suppress?id=1", "/jobs/", "/jobs/1", "/settings/", "/about/", "/about/activity",
         "/about/history", "/cases/", "/cases/1", "/cases/choose?id=1", "/suppressions/", "/suppressions/new?id=1",
         "/noise/", "/report/", "/report/preview", "/report/schedules", "/report/template",
         "/views/", "/views/new?url=/findings/?q=disk", "/palette/?q=disk", "/settings/?q=zone", "/lock/passphrase",
         "/backup/", "/retention/", "/door/", "/settings/api/", "/no-such-page")  # fmt: skip
EMPTY_PAGES = ("/", "/findings/", "/findings/?view=case", "/cases/", "/suppressions/", "/noise/", "/about/history",
               "/jobs/", "/report/", "/settings/api/")  # fmt: skip
LOCALES = {"en": "en-US", "zh": "zh-CN"}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], look: tuple[str, str]) -> dict[str, Any]:
    """A browser that prefers this language and theme."""
    language, theme = look
    return {**browser_context_args, "locale": LOCALES[language], "color_scheme": theme}


def all_barriers(page: Page, site: Site, paths: Sequence[str]) -> dict[str, list[str]]:
    """Return what axe finds, by page."""
    site.enter(page)
    found = {}
    for path in paths:
        site.go(page, path)
        if lines := barriers(page):
            found[path] = lines
    return found


def test_axe_finds_no_barrier_on_any_page(page: Page, site: Site, faults: list[str]) -> None:
    sample.running_job(site.desk)
    sample.work_on_some(site.desk)
    assert all_barriers(page, site, PAGES) == {}
    # The page that is not there is meant to be missing.
    faults[:] = [one for one in faults if "404" not in one]


def test_axe_finds_no_barrier_on_an_empty_desk(page: Page, empty_site: Site, faults: list[str]) -> None:
    assert all_barriers(page, empty_site, EMPTY_PAGES) == {}
    assert faults == []


def open_palette(page: Page, words: str, first: str) -> None:
    """Open the palette and wait for its first answer."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text(first)


@pytest.mark.usefixtures("faults")
def test_axe_finds_no_barrier_in_the_open_palette_and_dialogs(page: Page, site: Site) -> None:
    site.enter(page, "/findings/")
    open_palette(page, "WD-1", "38")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-save-view]").click()
    expect(page.locator("#save-view input[name=name]")).to_be_focused()
    assert barriers(page) == []


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize(("name", "path"), [("findings", "/findings/"), ("overview", "/"), ("settings", "/settings/")])
def test_pages_look_as_they_were_approved(
    page: Page, site: Site, compare: Callable[[Page, str], None], name: str, path: str
) -> None:
    site.enter(page, path)
    compare(page, name)


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize("look", TWO_LOOKS, indirect=True, ids="-".join)
@pytest.mark.parametrize(
    ("name", "path"), [("case", "/cases/1"), ("handbook", "/handbook/"), ("guide", "/handbook/guides/disk-and-memory")]
)
def test_pages_beside_the_inbox_look_as_they_were_approved(
    page: Page, site: Site, compare: Callable[[Page, str], None], name: str, path: str
) -> None:
    sample.work_on_some(site.desk)
    site.enter(page, path)
    compare(page, name)


@pytest.mark.usefixtures("faults")
def test_the_three_doors_look_as_they_were_approved(
    page: Page, empty_site: Site, compare: Callable[[Page, str], None]
) -> None:
    empty_site.enter(page)
    # Where this test keeps its desk is of no interest.
    page.locator(".threshold .mono").evaluate("place => { place.textContent = '/data/watchdesk'; }")
    compare(page, "doors")


@pytest.mark.usefixtures("faults")
def test_the_open_palette_looks_as_it_was_approved(
    page: Page, site: Site, compare: Callable[[Page, str], None]
) -> None:
    site.enter(page, "/jobs/")
    open_palette(page, "sdb", "sdb")
    compare(page, "palette")
