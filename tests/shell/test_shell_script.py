"""ui/static/shell.js in a plain browser, where there are no dialogs and no full paths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response, render_template_string
from playwright.sync_api import Browser, Page

from desktop_app.core.paths import resource
from desktop_app.shell.bridge import Bridge
from desktop_app.web.gate import Gate
from desktop_app.web.security import protect
from tests.web.raw import Visitor, serving

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Desk</title>
<meta name="csrf-token" content="{{ csrf_token() }}"><script src="/early.js"></script>
<script type="module" src="/static/shell.js"></script></head>
<body><a id="out" href="http://127.0.0.1:9/elsewhere">out</a> <a id="in" href="/?page=2">in</a>
<form method="post" action="/form"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button>Send</button></form></body></html>
"""
EARLY = """
window.arrived = [];
document.addEventListener("watchdesk:dropped", (e) => arrived.push(...e.detail.paths));
addEventListener("load", async () => {
  const { openExternal } = await import("/static/shell.js");
  window.unasked = await openExternal("http://127.0.0.1:9/elsewhere");
});
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
"""
CALL = "async ([name, ...words]) => (await import('/static/shell.js'))[name](...words)"


class Stage:
    bridge: Bridge

    def make(self, gate: Gate) -> Flask:
        app = Flask("desk", static_folder=str(resource("ui", "static")), static_url_path="/static")
        protect(app, gate)
        self.bridge = Bridge(gate, lambda: None)
        self.bridge.install(app)

        @app.get("/")
        def home() -> str:
            return render_template_string(PAGE)

        @app.get("/early.js")
        def early() -> Response:
            return Response(EARLY, content_type="text/javascript")

        @app.post("/form")
        def form() -> str:
            return "the form arrived"

        return app


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="module")
def visitor(stage: Stage) -> Iterator[Visitor]:
    with serving(stage.make) as made:
        yield made


@pytest.fixture(scope="module")
def opened(visitor: Visitor, browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(visitor.gate.start_address("browser"))
    yield page
    page.close()


@pytest.fixture
def page(opened: Page, visitor: Visitor) -> Page:
    opened.goto(f"{visitor.gate.origin}/")
    return opened


def until(page: Page, truth: str) -> None:
    """Wait for something to be true. Playwright's own way asks again by eval, which the page's policy forbids."""
    for _ in range(1500):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never true: {truth}")


def test_the_start_address_leads_to_the_page_and_leaves_no_token_in_the_bar(page: Page, visitor: Visitor) -> None:
    assert page.url == f"{visitor.gate.origin}/"
    assert page.title() == "Desk"


def test_a_browser_has_no_dialogs(page: Page) -> None:
    assert page.evaluate(CALL, ["available"]) is False
    assert page.evaluate(CALL, ["pick", "files"]) == []
    assert page.evaluate(CALL, ["pick", "folder"]) == []


def test_without_a_click_nothing_is_opened(page: Page) -> None:
    # By the page itself as it loads: what a test evaluates counts as a click.
    until(page, "typeof unasked === 'boolean'")
    assert page.evaluate("unasked") is False
    assert len(page.context.pages) == 1


def test_only_web_addresses_are_opened(page: Page) -> None:
    page.mouse.click(300, 300)
    assert page.evaluate(CALL, ["openExternal", "javascript:alert(1)"]) is False
    assert page.evaluate(CALL, ["openExternal", "file:///etc/passwd"]) is False


def test_a_link_that_leads_outside_opens_beside_the_desk_and_knows_nothing_of_it(page: Page, visitor: Visitor) -> None:
    with page.context.expect_page() as other:
        page.click("#out")
    assert other.value.evaluate("window.opener") is None
    other.value.close()
    assert page.url == f"{visitor.gate.origin}/"


def test_a_link_inside_is_followed(page: Page) -> None:
    page.click("#in")
    page.wait_for_url("**/?page=2")
    assert page.url.endswith("/?page=2")


def test_what_a_start_of_the_program_brought_is_told_to_the_page(page: Page, stage: Stage) -> None:
    # The page as it stands has asked already, else it would take what arrives and be gone with it.
    page.wait_for_load_state("networkidle")
    page.reload(wait_until="networkidle")
    stage.bridge.arrive(["/var/log/auth.log"])
    page.reload()
    until(page, "arrived.length === 1")
    assert page.evaluate("arrived") == ["/var/log/auth.log"]


def test_a_dropped_file_does_not_lead_away_from_the_desk(page: Page) -> None:
    prevented = page.evaluate("""() => {
      const carried = new DataTransfer();
      carried.items.add(new File(["x"], "auth.log"));
      const events = ["dragover", "drop"].map((name) =>
        new DragEvent(name, { dataTransfer: carried, bubbles: true, cancelable: true }));
      events.forEach((event) => document.body.dispatchEvent(event));
      return events.map((event) => event.defaultPrevented);
    }""")
    assert prevented == [True, True]


def test_a_plain_form_passes_the_origin_check(page: Page) -> None:
    page.click("button")
    page.wait_for_url("**/form")
    assert page.text_content("body") == "the form arrived"


def test_nothing_of_it_breaks_the_policy(page: Page) -> None:
    page.evaluate(CALL, ["pick", "files"])
    assert page.evaluate("violations") == []
