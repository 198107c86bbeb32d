"""The passphrase lock in a browser: pages leave at once, by key and by idleness, and come back to where they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import BrowserContext, Page, expect

from desktop_app.core import passphrase
from tests.browser.barriers import barriers
from tests.browser.faults import listen
from tests.browser.site import Site

WORDS = "correct horse"


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What goes wrong in a page, less the refusals of a locked desk: a page that asks just then must hear 401."""
    found = listen(page)
    yield found
    assert [one for one in found if "401 (UNAUTHORIZED)" not in one] == []


@pytest.fixture
def locked(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with a passphrase, as it is after a start."""
    monkeypatch.setattr(passphrase, "hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with site.desk.connection() as db:
        passphrase.choose(db, "", WORDS, WORDS, site.desk.clock())
    return site


def unlock(page: Page, site: Site) -> None:
    page.get_by_label("Passphrase").fill(WORDS)
    page.keyboard.press("Enter")
    site.ready(page)


def test_a_start_asks_first_and_tells_nothing(page: Page, locked: Site, faults: list[str]) -> None:
    page.goto(locked.gate.start_address("browser"))
    expect(page.get_by_role("heading", name="Watchdesk is locked.")).to_be_visible()
    expect(page).to_have_title("Watchdesk")
    assert "svc_historian" not in page.content()
    assert barriers(page) == []
    unlock(page, locked)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_the_key_locks_and_unlocking_leads_back(page: Page, locked: Site, faults: list[str]) -> None:
    page.goto(locked.gate.start_address("browser"))
    unlock(page, locked)
    locked.go(page, "/findings/?view=all")
    page.keyboard.press("Control+Shift+L")
    expect(page.get_by_label("Passphrase")).to_be_focused()
    unlock(page, locked)
    expect(page).to_have_url(locked.gate.origin + "/findings/?view=all")


def test_another_page_of_the_desk_leaves_by_itself(
    page: Page, context: BrowserContext, locked: Site, faults: list[str]
) -> None:
    page.goto(locked.gate.start_address("browser"))
    unlock(page, locked)
    locked.go(page, "/findings/")
    other = context.new_page()
    locked.go(other, "/jobs/")
    other.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_role("heading", name="Watchdesk is locked.")).to_be_visible()
    expect(page).to_have_title("Watchdesk")
    unlock(page, locked)
    expect(page).to_have_url(locked.gate.origin + "/findings/")


def test_wrong_words_are_told_beside_the_field(page: Page, locked: Site) -> None:
    page.goto(locked.gate.start_address("browser"))
    page.get_by_label("Passphrase").fill("something else")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This is not the passphrase of this desk.")
    assert barriers(page) == []
