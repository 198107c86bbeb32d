"""What goes wrong while a page is shown, as the browser tells it."""

from __future__ import annotations

from playwright.sync_api import Page, Request


def listen(page: Page) -> list[str]:
    """Return a list that fills itself: errors of scripts, breaches of the policy, requests that leave the machine."""
    found: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            found.append(f"asked {request.url}")

    def said(kind: str, words: str, address: str) -> None:
        # The bridge to the window is mounted by the shell, which these tests do without.
        if kind in {"error", "warning"} and "/shell/" not in address:
            found.append(f"{kind}: {words}")

    page.on("request", asked)
    page.on("console", lambda message: said(message.type, message.text, message.location["url"]))
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    return found
