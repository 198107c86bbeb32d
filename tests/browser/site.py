"""A desk behind the real server, with its gate, and a browser page that has been let in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page

from desktop_app.core.desk import Desk
from desktop_app.shell.server import Server, bind
from desktop_app.web import stream
from desktop_app.web.app import create_app
from desktop_app.web.gate import Gate


@dataclass(frozen=True)
class Site:
    """A served desk."""

    desk: Desk
    gate: Gate

    def enter(self, page: Page, path: str = "/") -> None:
        """Let a page in by a start token, then go to a path and wait until it is drawn and its scripts run."""
        page.goto(self.gate.start_address("browser"))
        self.go(page, path)

    def go(self, page: Page, path: str) -> None:
        """Open a path in a page that has been let in."""
        page.goto(self.gate.origin + path)
        self.ready(page)

    def ready(self, page: Page) -> None:
        """Wait until the scripts of a page run and its letters are drawn."""
        page.wait_for_selector("html[data-ready]", state="attached")
        page.evaluate("document.fonts.ready.then(() => true)")


@contextmanager
def served(desk: Desk) -> Iterator[Site]:
    """Serve a desk on a free port while the block lasts."""
    taken = bind(0)
    gate = Gate(taken.getsockname()[1])
    app = create_app(desk, gate)
    server = Server(app, taken)
    server.start()
    try:
        yield Site(desk, gate)
    finally:
        stream.close_all(app)
        server.stop()
