"""What axe finds in a page. What it cannot decide counts as found, but for the reasons that stand here by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).parents[2] / ".work" / "vendor" / "axe-core" / "axe.min.js"
# How high a window is for every page to lie open: axe cannot judge colours where what scrolls is cut by an edge.
WHOLE = 4000
# Why axe could not decide, and why that is no barrier here.
UNDECIDED = {
    "shortTextContent": "one sign of a key or a number: axe cannot tell it from an icon",
    "nonBmp": "the same of signs beyond the usual letters",
    "elmPartiallyObscured": "what a menu or a dialog that is open lies upon, and a row below a head that stays",
    "elmPartiallyObscuring": "the same, told of what lies above",
    "bgOverlap": "the same, of a line that is covered whole",
    "label-content-name-mismatch": "signs such as ? and −, whose names are words",
    "frame-tested": "a report in its frame, where no script runs: it is walked by its own address",
    "heading-order": "where axe has lost its place among the headings: walk.skipped_levels looks itself",
}


def axe_source() -> str:
    """Return the script of axe."""
    return AXE.read_text(encoding="utf-8")


def _open_reasons(node: dict[str, Any]) -> set[str]:
    """Return the reasons for which axe could not decide about an element, as far as they are not named above."""
    checks = [one for kind in ("any", "all", "none") for one in node[kind]]
    told = [(one["id"], one["data"] if isinstance(one["data"], dict) else {}) for one in checks]
    return {str(data.get("messageKey") or check) for check, data in told} - UNDECIDED.keys()


def _told(one: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{one['id']}: {node['html'][:120]} {(node.get('failureSummary') or '')[:200]}"


def judged(found: dict[str, Any]) -> list[str]:
    """Return the violations and what is undecided in an answer of axe, one line each."""
    wrong = [_told(one, node) for one in found["violations"] for node in one["nodes"]]
    unclear = [
        f"undecided {_told(one, node)} {', '.join(sorted(reasons))}"
        for one in found["incomplete"]
        for node in one["nodes"]
        if (reasons := _open_reasons(node))
    ]
    return wrong + unclear


def barriers(page: Page, *rules: str) -> list[str]:
    """Return what axe finds, one line each; with ``rules`` by these alone."""
    options = {"preload": False, "resultTypes": ["violations", "incomplete"]} | (
        {"runOnly": list(rules)} if rules else {}
    )
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe_source() + ";null")
    usual = page.viewport_size
    assert usual is not None
    page.set_viewport_size(ViewportSize(width=usual["width"], height=WHOLE))
    found = page.evaluate("options => axe.run(document, options)", options)
    page.set_viewport_size(usual)
    return judged(found)
