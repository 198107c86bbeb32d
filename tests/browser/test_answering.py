"""How long a busy desk takes from a key or a click to the paint of its answer. Told, never judged: machines differ.

``pytest tests/browser/test_answering.py --busy-desk FOLDER`` takes a desk that ``build/seed.py`` filled.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from build.seed import seed
from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from tests.browser.site import Site, served

EVENTS, FINDINGS = 100_000, 2_000  # where no desk is named
TIMES = 12

# From the event's own time stamp to the second frame after what it changed: then the change is painted.
ARM = """(where) => {
  window.took = null;
  const started = (event) => {
    const watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => requestAnimationFrame((now) => { window.took = now - event.timeStamp; }));
    });
    const all = {subtree: true, childList: true, characterData: true, attributes: true};
    watch.observe(document.querySelector(where), all);
  };
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, started, {capture: true, once: true});
}"""


@pytest.fixture
def busy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A desk with many events and findings, served."""
    named = request.config.getoption("--busy-desk")
    if named:
        desk = Desk(DataFolder(Path(named)), bundled.EXTENSIONS, load=bundled.load)
        desk.prepare()
    else:
        desk = seed(tmp_path / "desk", events=EVENTS, findings=FINDINGS, decided=0.1)
    with served(desk) as made:
        yield made


def answer(page: Page, where: str, act: Callable[[], object]) -> float:
    """Act, and return the milliseconds until the change at ``where`` was painted."""
    page.evaluate(ARM, where)
    act()
    while (took := page.evaluate("window.took")) is None:
        page.wait_for_timeout(10)
    page.wait_for_timeout(150)  # a person's pause: what the answer started has ended
    return float(took)


def key(page: Page, name: str, where: str) -> list[float]:
    return [answer(page, where, lambda: page.keyboard.press(name)) for _ in range(TIMES)]


PRESSED = """addEventListener("keydown", (event) => {
  sessionStorage.setItem("pressed", performance.timeOrigin + event.timeStamp);
}, {capture: true, once: true})"""
PAINTED = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return paint ? performance.timeOrigin + paint.startTime - Number(sessionStorage.getItem("pressed")) : null;
}"""


def taken_back(page: Page, site: Site) -> float:
    """Press Z, and return the milliseconds until the page to which that leads was painted."""
    page.evaluate(PRESSED)
    with page.expect_navigation():
        page.keyboard.press("z")
    site.ready(page)
    while (took := page.evaluate(PAINTED)) is None:
        page.wait_for_timeout(10)
    return float(took)


def on_findings(page: Page, site: Site) -> dict[str, list[float]]:
    site.enter(page, "/findings/")
    links = page.locator(".f a.t")
    deeds = {name: key(page, name, "#detail") for name in ("j", "k")}
    both = [(answer(page, "#detail", lambda: page.keyboard.press("c")), taken_back(page, site)) for _ in range(TIMES)]
    deeds |= {"c": [one for one, _ in both], "z": [one for _, one in both]}
    deeds["open"] = [answer(page, "#detail", links.nth(n).click) for n in range(1, TIMES + 1)]
    page.locator("#q").focus()
    deeds["filter"] = [answer(page, "#rows", lambda one=one: page.keyboard.press(one)) for one in "ssh"]  # type: ignore[misc] # a key bound at its time
    return deeds


def on_logs(page: Page, site: Site) -> dict[str, list[float]]:
    site.go(page, "/logs/")
    page.wait_for_selector(".ev-row")
    page.wait_for_selector("#facets li")
    page.locator("#events").focus()
    deeds = {f"log {name}": key(page, name, "#events") for name in ("PageDown", "End", "Home")}
    boxes = page.locator("#facets li input[type=checkbox]")
    deeds["facet"] = [answer(page, "#result", boxes.first.click) for _ in range(4)]
    return deeds


def in_the_palette(page: Page, site: Site) -> dict[str, list[float]]:
    site.go(page, "/")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette [role=option]")
    return {
        "palette": [
            answer(page, "#palette-answers", lambda one=one: page.keyboard.press(one))  # type: ignore[misc] # a key bound at its time
            for one in "settings"
        ]
    }


def p95(found: list[float]) -> float:
    return sorted(found)[max(0, round(len(found) * 0.95) - 1)]


def test_how_long_answers_take_is_told(page: Page, busy: Site, capsys: pytest.CaptureFixture[str]) -> None:
    deeds = on_findings(page, busy) | on_logs(page, busy) | in_the_palette(page, busy)
    lines = [
        f"{name:14}{statistics.median(found):8.0f} ms median{p95(found):8.0f} ms p95" for name, found in deeds.items()
    ]
    lines.append(f"{'all':14}{p95([one for found in deeds.values() for one in found]):27.0f} ms p95")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert all(deeds.values())
