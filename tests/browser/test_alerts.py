"""Alerts: made by keyboard, previewed while it is filled in, tested from its form; readable by everyone."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest
from playwright.sync_api import Page, expect

from desktop_app.core.alerts import channels, secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.database import writing
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import text
from tests.browser.site import Site
from tests.browser.test_pages import barriers
from tests.core.alerts.servers import Hooks, hooks
from tests.web import sample

pytestmark = pytest.mark.usefixtures("faults")


@pytest.fixture
def server() -> Iterator[Hooks]:
    with hooks() as made:
        yield made


def fill(site: Site) -> None:
    """Make three channels: one that delivers, one that fails, one that is off."""
    with site.desk.connection() as db:
        ref = secrets.ask({"url": "https://oapi.example.org/robot/send?access_token=x"})
        mail = {"host": "mail.example.org", "port": "587", "security": "starttls", "user": "", "ca": "",
                "sender": "desk@example.org", "to": "ops@example.org"}  # fmt: skip
        terms = Which(3, assets=("db-*",), tags=("attack.t1110*",)), Timing("hour", 30, "08:00", "22:00", "06:00", 5)
        channels.add(db, AlertChannel("mail", "夜班", mail, *terms, enabled=True), sample.NOW)
        channels.add(db, AlertChannel("dingtalk", "Ops", {"ca": ""}, secret=ref, enabled=True), sample.NOW)
        collector = {"host": "log.example.org", "port": "514", "transport": "tcp", "ca": ""}
        channels.add(db, AlertChannel("syslog", "Collector", collector), sample.NOW)
        failure = Undelivered(text("%(place)s takes no connections.", place="oapi.example.org:443"))
        error = orjson.dumps(failure.to_json()).decode()
        with writing(db):
            db.execute(
                "INSERT INTO outbox (channel, finding_id, since, created, due, attempts, state, sent, error) VALUES"
                " ('alert:1', 1, 0, ?1, ?1, 0, 'sent', ?1, NULL), ('alert:2', 1, 0, ?1, ?1 + 60000000, 3, 'waiting',"
                " NULL, ?2), ('alert:2', 2, 0, ?1, ?1 + 60000000, 0, 'waiting', NULL, NULL)",
                [sample.NOW, error],
            )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_barrier(page: Page, site: Site, theme: str) -> None:
    fill(site)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    site.enter(page, "/settings/alerts/")
    found = barriers(page)
    for path in ("/settings/alerts/1", "/settings/alerts/2", "/settings/alerts/new?kind=feishu", "/"):
        site.go(page, path)
        found += barriers(page)
    assert found == []


def test_a_failing_channel_is_told_on_every_page(page: Page, site: Site) -> None:
    fill(site)
    site.enter(page, "/")
    expect(page.locator("footer")).to_contain_text("1 alert channel cannot deliver")
    page.get_by_role("link", name="Open Alerts").click()
    expect(page.locator(".channels .problem")).to_contain_text("oapi.example.org:443 takes no connections.")


def test_a_channel_is_made_tested_and_switched_on_by_keyboard(page: Page, site: Site, server: Hooks) -> None:
    site.enter(page, "/settings/alerts/new?kind=wecom")
    page.locator("#a-name").focus()
    page.keyboard.type("Ops")
    page.locator("#a-url").focus()
    page.keyboard.type(server.url)
    page.locator("#a-keep").select_option("asked")
    page.keyboard.press("Tab")
    expect(page.locator("#preview")).to_contain_text(f"To 127.0.0.1:{server.port}, for example:")
    page.get_by_role("button", name="Send a test").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tried")).to_contain_text("The test was taken.")
    assert len(server.requests) == 1
    assert page.locator("#a-url").input_value() == server.url, "nothing has to be typed again"
    page.get_by_role("button", name="Save and switch on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Made the alert channel “Ops”")
    expect(page.locator("footer")).to_contain_text("Only alerts leave this machine, by 1 channel")
    site.ready(page)  # the keys of the page that was drawn anew are heard
    page.keyboard.press("z")
    expect(page.locator("footer")).to_contain_text("Offline")


def test_a_test_that_fails_is_told_beside_the_form(page: Page, site: Site, server: Hooks) -> None:
    server.answer = (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', {})
    site.enter(page, "/settings/alerts/new?kind=wecom")
    page.locator("#a-name").fill("Ops")
    page.locator("#a-url").fill(server.url)
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("#tried")).to_contain_text("93000 invalid webhook url")
