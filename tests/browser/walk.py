"""Every address of the application that shows a page, found in its map of addresses, and what is looked at on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlencode

from flask import Flask, url_for
from playwright.sync_api import Page
from werkzeug.routing import Rule

from desktop_app.core.database import Connection, value
from desktop_app.core.desk import Desk

MISSING = "/no-such-page"  # the page that says so is looked at too
# What is meant to answer with another status than 200: on any desk, and on an empty one.
REFUSED = {MISSING: 404}
REFUSED_EMPTY = {**REFUSED, "/report/template/check": 400}
# Endpoints that show no page of their own, with why. An address that stands neither here nor can be filled fails.
LEFT_OUT = {
    "static": "files",
    "health": "one word for the shell",
    "stream.stream": "an answer without end",
    "door.settings": "a file",
    "handbook.file": "a picture of a site's page",
    "handbook.palette": "answers of the palette, seen there",
    "logs.count": "a number for the search page",
    "logs.event_detail": "the opened row of the search page, seen there",
    "logs.export": "a file",
    "logs.facets": "values for the search page",
    "logs.format_file": "a file",
    "logs.histogram": "values for the search page",
    "logs.live": "a number for the search page",
    "logs.live_certificate": "a file",
    "logs.palette": "answers of the palette, seen there",
    "logs.position": "a number for the search page",
    "logs.progress": "a part of the page of imports, seen there",
    "logs.rows": "rows of the search page, seen there",
    "logs.trial_page": "a part of the editor of rules, seen there",
    "logs.unseen": "a part of the page of detections, seen there",
    "palette.some_answers": "answers of the palette, seen there",
    "report.download": "a file",
    "suppressions.preview": "a part of the form of a suppression, seen there",
    "lock.page": "shown on a locked desk alone: test_lock.py",
}
# Addresses with something asked of them, beside the bare one.
ASKED: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "about.activity": ({"q": "suppress"}, {"q": "nothing of that name"}),
    "cases.index": ({"state": "closed"},),
    "handbook.search": ({"q": "ssh"}, {"q": "frobnicator"}),
    "inbox.index": ({"view": "all"}, {"view": "suppressed"}, {"q": "nothing of that name"}),
    "logs.live_new": ({"kind": "syslog"}, {"kind": "follow"}, {"kind": "drop"}),
    "logs.search": ({"q": "failed"}, {"q": "nowhere"}),
    "logs.sources": ({"live": "1"},),
    "palette.index": ({"q": "disk"},),
    "settings.index": ({"q": "zone"},),
    "suppressions.index": ({"state": "ended"},),
}
# Addresses that are nothing without a question.
ONLY_ASKED: Mapping[str, Mapping[str, str]] = {
    "alerts.new": {"kind": "dingtalk"},
    "cases.choose": {"id": "1"},
    "inbox.suppress_form": {"id": "1"},
    "suppressions.new": {"id": "1"},
    "views.new": {"url": "/findings/?q=disk"},
}


def _one(sql: str) -> Callable[[Desk, Connection], object]:
    return lambda _desk, db: value(db, sql)


def _event(desk: Desk, db: Connection) -> object:
    return value(db, "SELECT min_id FROM segments WHERE state = 'live' LIMIT 1")


# What an address is filled with, by the name of its part; by endpoint where the name alone does not say which.
PARTS: Mapping[str, Callable[[Desk, Connection], object]] = {
    "case_id": _one("SELECT MIN(id) FROM cases"),
    "channel_id": _one("SELECT MAX(id) FROM alert_channels"),
    "event_id": _event,
    "file": lambda _desk, _db: "LICENSE.txt",
    "finding_id": _one("SELECT id FROM findings ORDER BY severity DESC, id LIMIT 1"),
    "job_id": _one("SELECT MIN(id) FROM jobs"),
    "logs.rules_import/job_id": _one("SELECT MAX(id) FROM jobs WHERE kind = 'logs.rules_preview'"),
    "name": lambda _desk, _db: "Flask",
    "page_id": lambda _desk, _db: "disk-and-memory",
    "report_id": _one("SELECT MAX(id) FROM reports"),
    "rule_id": _one("SELECT rule_id FROM findings ORDER BY severity DESC, id LIMIT 1"),
    "schedule_id": _one("SELECT MAX(id) FROM schedules WHERE key IS NULL"),
    "source_id": _one("SELECT MAX(id) FROM sources WHERE kind = 'syslog'"),
    "view_id": _one("SELECT MAX(id) FROM saved_views"),
}


def rules(app: Flask) -> Iterator[Rule]:
    """Every address that can be opened, but for the API: it answers programs."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("api."):
            yield rule


def _parts(rule: Rule) -> dict[str, Callable[[Desk, Connection], object] | None]:
    """Return what fills each part of an address: said for this endpoint, else for the part's name, else nothing."""
    return {part: PARTS.get(f"{rule.endpoint}/{part}") or PARTS.get(part) for part in sorted(rule.arguments)}


def forgotten(app: Flask) -> list[str]:
    """Return addresses that nobody fills or names a reason for, and names here that no address has any more."""
    known = list(rules(app))
    named = {*LEFT_OUT, *ASKED, *ONLY_ASKED, *(name.split("/")[0] for name in PARTS if "/" in name)}
    unfilled = [
        f"{rule.endpoint}: nothing fills {part}"
        for rule in known
        if rule.endpoint not in LEFT_OUT
        for part, filling in _parts(rule).items()
        if filling is None
    ]
    return unfilled + [f"{name}: there is no such address" for name in named - {rule.endpoint for rule in known}]


def _filled(rule: Rule, desk: Desk, db: Connection) -> dict[str, object]:
    """Return the parts of an address, each naming something that is there."""
    filled = {part: filling(desk, db) for part, filling in _parts(rule).items() if filling}
    assert None not in filled.values(), f"{rule.endpoint}: the full desk holds nothing for {filled}"
    return filled


def _of(rule: Rule, desk: Desk, db: Connection, *, full: bool) -> list[str]:
    """Return the addresses that a rule stands for."""
    if rule.endpoint in LEFT_OUT or (not full and (rule.arguments or rule.endpoint in ONLY_ASKED)):
        return []
    bare = url_for(rule.endpoint, **_filled(rule, desk, db))  # type: ignore[arg-type] # parts of any kind
    if only := ONLY_ASKED.get(rule.endpoint):
        return [f"{bare}?{urlencode(only)}"]
    return [bare, *(f"{bare}?{urlencode(one)}" for one in ASKED.get(rule.endpoint, ()) if full)]


def addresses(app: Flask, desk: Desk, *, full: bool) -> list[str]:
    """Return the address of every page; on an empty desk of those that need nothing to be there."""
    with desk.connection() as db, app.test_request_context():
        made = [address for rule in rules(app) for address in _of(rule, desk, db, full=full)]
    return [*made, MISSING]


def left_out(app: Flask, desk: Desk) -> list[str]:
    """Return the addresses that are said to show no page and that end, as far as they can be filled."""
    with desk.connection() as db, app.test_request_context():
        return [
            url_for(rule.endpoint, **_filled(rule, desk, db))  # type: ignore[arg-type] # parts of any kind
            for rule in rules(app)
            if rule.endpoint in LEFT_OUT.keys() - {"lock.page", "stream.stream"} and None not in _parts(rule).values()
        ]


PATIENCE = 40  # looks, 50 ms apart

# What reaches over the window's edge without a scroller of its own, and pages that scroll as a whole.
_TOO_WIDE = """() => {
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} wide`);
  const tall = document.querySelector(".app") && page.scrollHeight > innerHeight;
  if (tall) found.push(`the page is ${page.scrollHeight} high`);
  const held = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (/auto|scroll/.test(style.overflowX) || style.textOverflow === "ellipsis" || style.position === "fixed"
          || style.clipPath !== "none" || style.clip !== "auto") return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && box.right > innerWidth + 1 && element.checkVisibility() && !held(element)) {
      found.push(`${element.outerHTML.slice(0, 120)} ends at ${Math.round(box.right)}`);
    }
  }
  return found.slice(0, 3);
}"""

# Words without Han where a reader of Chinese is spoken to. Left alone: code, names and values, what a log or a person
# wrote, keys, and text that is marked as another language.
_FOREIGN = """(known) => {
  const names = new Set(known);
  const alone = "code, pre, kbd, samp, .mono, .num, .raw, script, style, template,"
    + "#facets, .ev-row, .event-title, .kv, [name=format]";
  const spoken = "nav, .top, footer, h1, h2, h3, h4, th, label, button, legend, summary, dt, .btn, option, dialog";
  const found = new Set();
  const own = (element) => {
    const marked = element.closest("[lang]");
    return element.closest(alone) || (marked && !marked.lang.startsWith("zh"));
  };
  const judge = (words, element, always) => {
    const plain = words.trim().replace(/\\s+/g, " ");
    // A token with a digit, a dot or the like is a value; so is a moment with its zone.
    if (/^\\S*[\\d._\\/@-]\\S*( [\\d:]+ [A-Z]{3,4})?$/.test(plain)) return;
    if (!/[A-Za-z]{2,}/.test(plain) || /\\p{Script=Han}/u.test(plain) || names.has(plain) || own(element)) return;
    if (always || element.closest(spoken) || /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(plain)) found.add(plain.slice(0, 90));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) judge(walker.currentNode.data, walker.currentNode.parentElement, false);
  for (const name of ["title", "aria-label", "placeholder", "alt"]) {
    for (const one of document.querySelectorAll(`body [${name}]`)) judge(one.getAttribute(name), one, true);
  }
  return [...found];
}"""


# Levels of headings that are left out on the way down. axe cannot tell on pages with more than one landmark.
_SKIPPED = """() => {
  const seen = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => one.checkVisibility());
  const level = (one) => Number(one.tagName[1]);
  return seen.filter((one, at) => level(one) > (at ? level(seen[at - 1]) : 1) + 1).map((one) => one.textContent);
}"""


# Words in a drawing, of which axe says nothing: their contrast with the nearest colour behind the drawing.
_FAINT = """() => {
  const part = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map((one) => part(Number(one) / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (one) => {
    const [low, high] = [light(getComputedStyle(one).fill), light(behind(one))].sort((a, b) => a - b);
    return high / low;
  };
  const words = [...document.querySelectorAll("svg text")].filter((one) => one.checkVisibility());
  return words.filter((one) => contrast(one) < 4.5).map((one) => one.textContent);
}"""


def faint_drawn_words(page: Page) -> list[str]:
    """Return words in drawings that stand out too little."""
    found: list[str] = page.evaluate(_FAINT)
    return [f"hard to read in a drawing: {one}" for one in found]


def skipped_levels(page: Page) -> list[str]:
    """Return headings that stand more than one level below the heading before."""
    found: list[str] = page.evaluate(_SKIPPED)
    return [f"skips a level: {one}" for one in found]


def too_wide(page: Page, width: int, height: int) -> list[str]:
    """Return what reaches over the edge of a window of that size."""
    page.set_viewport_size({"width": width, "height": height})
    found: list[str] = page.evaluate(_TOO_WIDE)
    for _ in range(PATIENCE if found else 0):  # what is drawn for the window's width follows it a little later
        page.wait_for_timeout(50)
        if not (found := page.evaluate(_TOO_WIDE)):
            break
    return [f"at {width} px: {one}" for one in found]


def foreign_words(page: Page, names: list[str]) -> list[str]:
    """Return words of English in a page for a reader of Chinese, but for these names."""
    found: list[str] = page.evaluate(_FOREIGN, names)
    return [f"in English: {one}" for one in found]
