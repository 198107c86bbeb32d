"""Every page there is, full and empty, in both languages and themes, wide, narrow and enlarged.

The pages come from the application's own map of addresses: a new one is looked at unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.web.app import create_app
from tests.browser import walk
from tests.browser.barriers import axe_source, barriers
from tests.browser.full_desk import empty_desk, full_desk
from tests.browser.site import Site, served

WIDE = {"width": 1280, "height": 820}
NARROW = (800, 600)
ENLARGED = (640, 410)  # what is left of the wide window at 200 %
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
DESKS = {"full": full_desk, "empty": empty_desk}
# What a page for readers of Chinese may say in Latin letters: names, formats, units.
NAMES = ["Watchdesk", "English", "SHA-256", "HTML", "PDF", "CSV", "JSON", "SARIF", "API", "Ctrl K", "Esc", "Python",
         "SQLite", "DuckDB", "Qt for Python", "PowerShell", "Night shift", "UTC", "stable"]  # fmt: skip

WRITTEN = """SELECT name FROM assets UNION SELECT name FROM saved_views UNION SELECT name FROM cases
    UNION SELECT text FROM case_notes UNION SELECT text FROM case_tasks UNION SELECT text FROM notes
    UNION SELECT value FROM finding_entities UNION SELECT DISTINCT actor FROM audit UNION SELECT name FROM api_tokens
    UNION SELECT name FROM alert_channels"""


def cases() -> list[Any]:
    """Return a desk in a language as parameters, each a group of its own."""
    return [
        pytest.param(language, kind, id=f"{language}-{kind}", marks=pytest.mark.xdist_group(f"pages-{language}-{kind}"))
        for language in LANGUAGES
        for kind in DESKS
    ]


@pytest.fixture(autouse=True)
def asked_for(request: pytest.FixtureRequest) -> None:
    """Walk only where it is asked for: four walks over some seventy pages take many minutes."""
    if not request.config.getoption("--every-page"):
        pytest.skip("walking every page takes minutes: ask for it with --every-page")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], language: str) -> dict[str, Any]:
    return {**browser_context_args, "locale": LANGUAGES[language], "viewport": WIDE}


@pytest.fixture
def site(tmp_path: Path, kind: str) -> Iterator[Site]:
    with served(DESKS[kind](tmp_path / "desk")) as made:
        yield made


def settle(page: Page, site: Site) -> None:
    """Wait until the scripts of a page run and it is no longer asking for anything; a report has no script."""
    if page.locator('script[src*="/app.js"]').count():
        site.ready(page)
        page.wait_for_selector("body:not(.loading-events):not(:has(.htmx-request))", state="attached")


def look_at(page: Page, language: str, names: list[str]) -> list[str]:
    """Return what is wrong with the page that is shown."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a width and a height
    found = barriers(page) + walk.skipped_levels(page)
    found += walk.foreign_words(page, names) if language == "zh" else []
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in barriers(page, "color-contrast", "link-in-text-block")]
    return found + walk.too_wide(page, *NARROW) + walk.too_wide(page, *ENLARGED)


def names_on(desk: Desk) -> list[str]:
    """Return what people wrote on a desk and what people and machines are called: in no language, or in theirs."""
    with desk.connection() as db:
        return [row["name"] for row in rows(db, WRITTEN)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "kind"), cases())
def test_every_page_is_open_to_everyone_fits_its_window_and_speaks_one_language(
    page: Page, site: Site, faults: list[str], language: str, kind: str
) -> None:
    page.add_init_script(axe_source())
    site.enter(page)
    names = NAMES + names_on(site.desk)
    found = {}
    for address in walk.addresses(create_app(site.desk), site.desk, full=kind == "full"):
        page.goto(site.gate.origin + address)
        settle(page, site)
        if lines := look_at(page, language, names):
            found[address] = lines
    assert not found, "\n".join(f"{where}: {line}" for where, lines in found.items() for line in lines)
    # The page that is not there is meant to be missing.
    faults[:] = [one for one in faults if "404" not in one]
