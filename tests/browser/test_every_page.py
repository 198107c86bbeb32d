"""Every page there is, full and empty, in both languages and themes, wide, narrow and enlarged.

The pages come from the application's own map of addresses: a new one is looked at unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.web.app import create_app
from tests.browser import walk
from tests.browser.barriers import axe_source, barriers
from tests.browser.faults import listen
from tests.browser.full_desk import CHOSEN, empty_desk
from tests.browser.site import Site

WIDE = {"width": 1280, "height": 820}
NARROW = (800, 600)
ENLARGED = (640, 410)  # what is left of the wide window at 200 %
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
COLOURS = ("color-contrast", "link-in-text-block")  # what axe says about a theme
SHARES = {"full": 6, "empty": 2}  # tests that the pages of a desk are dealt to, so that workers share them
# What a page for readers of Chinese may say in Latin letters: names, formats, units, commands.
NAMES = ["Watchdesk", "English", "SHA-256", "HTML", "PDF", "CSV", "JSON", "SARIF", "API", "Ctrl K", "Esc", "Python",
         "SQLite", "DuckDB", "Flask", "Qt for Python", "PowerShell", "UTC", "stable",
         "sudo systemctl stop historian.service"]  # fmt: skip
# What people wrote on the desk, and what people and machines are called.
WRITTEN = """SELECT name FROM assets UNION SELECT name FROM saved_views UNION SELECT name FROM cases
    UNION SELECT text FROM case_notes UNION SELECT text FROM case_tasks UNION SELECT text FROM notes
    UNION SELECT value FROM finding_entities UNION SELECT DISTINCT actor FROM audit UNION SELECT name FROM api_tokens
    UNION SELECT name FROM alert_channels UNION SELECT name FROM sources UNION SELECT reason FROM suppressions
    UNION SELECT reason FROM suppression_scopes"""


@pytest.fixture(scope="session")
def reader_of(browser: Browser, desk_of: Callable[[str], Site]) -> Iterator[Callable[[str, str], BrowserContext]]:
    """One browser of each language for a desk, let in once and carrying axe."""
    with ExitStack() as opened:

        def reader(language: str, kind: str) -> BrowserContext:
            made = browser.new_context(locale=LANGUAGES[language], viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type] # a width and a height
            opened.callback(made.close)
            made.add_init_script(axe_source())
            page = made.new_page()
            desk_of(kind).enter(page)
            page.close()
            return made

        yield cache(reader)


def settle(page: Page, site: Site) -> None:
    """Wait until the scripts of a page run and it is no longer asking for anything; a report has no script."""
    if page.locator('script[src*="/app.js"]').count():
        site.ready(page)
        page.wait_for_selector("body:not(.loading-events):not(:has(.htmx-request))", state="attached")


def look_at(page: Page, language: str, names: list[str]) -> list[str]:
    """Return what is wrong with the page that is shown: in both themes, and at each width."""
    page.emulate_media(color_scheme="light")
    found = barriers(page) + walk.skipped_levels(page) + walk.faint_drawn_words(page)
    found += walk.foreign_words(page, names) if language == "zh" else []
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in barriers(page, *COLOURS) + walk.faint_drawn_words(page)]
    found += walk.too_wide(page, *NARROW) + walk.too_wide(page, *ENLARGED)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type] # a width and a height
    return found


def visit(page: Page, site: Site, address: str, status: int) -> list[str]:
    """Open a page, and return what goes wrong with that."""
    wrong = listen(page)
    answer = page.goto(site.gate.origin + address)
    assert answer is not None
    settle(page, site)
    if answer.status != status or "text/html" not in answer.headers["content-type"]:
        wrong.append(f"answered {answer.status} {answer.headers['content-type']}")
    # The browser tells of a page that is meant to be refused as of an error.
    return [one for one in wrong if status == 200 or f"status of {status}" not in one]


def names_on(desk: Desk) -> list[str]:
    """Return what people wrote on a desk and what people and machines are called: in no language, or in theirs."""
    with desk.connection() as db:
        return [row["name"] for row in rows(db, WRITTEN)]


def cases() -> list[Any]:
    """Return a language, a desk and a share of its pages as parameters."""
    return [
        pytest.param(language, kind, share, id=f"{language}-{kind}-{share + 1}")
        for kind, shares in SHARES.items()
        for language in LANGUAGES
        for share in range(shares)
    ]


@pytest.mark.parametrize(("language", "kind", "share"), cases())
def test_every_page_is_open_to_everyone_fits_its_window_and_speaks_one_language(
    desk_of: Callable[[str], Site],
    reader_of: Callable[[str, str], BrowserContext],
    language: str,
    kind: str,
    share: int,
) -> None:
    site, reader = desk_of(kind), reader_of(language, kind)
    names = [*NAMES, *CHOSEN, *names_on(site.desk)]
    refused = walk.REFUSED if kind == "full" else walk.REFUSED_EMPTY
    found = {}
    for address in walk.addresses(create_app(site.desk), site.desk, full=kind == "full")[share :: SHARES[kind]]:
        page = reader.new_page()
        if lines := visit(page, site, address, refused.get(address, 200)) + look_at(page, language, names):
            found[address] = lines
        page.close()
    assert not found, "\n".join(f"{where}: {line}" for where, lines in found.items() for line in lines)


def test_no_address_is_forgotten(tmp_path: Path) -> None:
    """What can be opened is walked, or named in ``walk.LEFT_OUT`` with its reason."""
    assert walk.forgotten(create_app(empty_desk(tmp_path / "desk"))) == []


def test_what_is_left_out_shows_no_page(desk_of: Callable[[str], Site]) -> None:
    site = desk_of("full")
    app = create_app(site.desk, site.gate)
    client = app.test_client()
    assert client.get(site.gate.start_address("browser")).status_code == 303
    assert [path for path in walk.left_out(app, site.desk) if shows_a_page(client, site.gate.origin, path)] == []


def shows_a_page(client: FlaskClient, origin: str, path: str) -> bool:
    """Say whether an address answers with a whole page that a browser would show."""
    with client.get(path, base_url=origin, buffered=True) as answer:
        saved = answer.headers.get("Content-Disposition", "").startswith("attachment")
        return answer.status_code < 400 and not saved and "<html" in answer.get_data(as_text=True)
