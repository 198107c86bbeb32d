"""How long a busy desk takes from a key or a click to the paint of its answer. Told, never judged: machines differ.

``pytest tests/browser/test_answering.py --busy-desk FOLDER`` takes a desk that ``build/seed.py`` filled.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import flask
import pytest
from playwright.sync_api import Page

from build.seed import seed
from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from tests.browser.site import Site, served

EVENTS, FINDINGS = 100_000, 2_000  # where no desk is named
TIMES = 12
TYPED = "ssh"

# From the event's own time stamp to the frame after the one in which all that was asked for is drawn: then it is
# painted. What already holds before the event would measure nothing, so it is refused.
ARM = """() => {
  const holds = () => Boolean(%s);
  if (%s && holds()) throw new Error("this holds already");
  window.took = null;
  const started = (event) => {
    const look = () => {
      if (!holds()) requestAnimationFrame(look);
      else requestAnimationFrame((now) => { window.took = now - event.timeStamp; });
    };
    requestAnimationFrame(look);
  };
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, started, {capture: true, once: true});
}"""
OPENED = """document.querySelector("#detail header")?.dataset.id === "%(id)s"
  && document.querySelector("#rows .f.on")?.dataset.id === "%(id)s" """
GONE = """!document.querySelector('#rows .f[data-id="%(id)s"]')
  && document.querySelector("#detail header").dataset.id !== "%(id)s"
  && document.getElementById("notices").textContent.includes("Confirmed")"""
BACK = """document.querySelector('#rows .f[data-id="%(id)s"]')
  && document.querySelector("#detail header").dataset.id === "%(id)s"
  && document.getElementById("notices").textContent.includes("Undone")"""
FILTERED = """new URLSearchParams(document.getElementById("view").dataset.query).get("q") === "%s" """
ROWS = """document.querySelector("#events .ev-row.active")?.dataset.index === "%d"
  && !document.querySelector("#events .wait")"""
NARROWED = """new URLSearchParams(location.search).getAll("f").length === %d
  && document.getElementById("events").dataset.search === location.search"""
WHOLE = " && !document.body.classList.contains('loading-events')"
ANSWERED = """document.getElementById("palette-answers").dataset.question === "%s" """


@dataclass
class Served:
    """What the server spent on the requests since ``forget``, in milliseconds; CPU of the answering threads alone."""

    wall: float = 0.0
    cpu: float = 0.0
    began: dict[int, tuple[float, float]] = field(default_factory=dict)  # by the thread that answers

    def start(self, *_told: object, **_more: object) -> None:
        self.began[threading.get_ident()] = time.perf_counter(), time.thread_time()

    def end(self, *_told: object, **_more: object) -> None:
        wall, cpu = self.began.pop(threading.get_ident())
        if flask.request.endpoint not in {"stream.stream", "static"}:
            self.wall += (time.perf_counter() - wall) * 1000
            self.cpu += (time.thread_time() - cpu) * 1000

    def forget(self) -> None:
        self.wall = self.cpu = 0.0


@dataclass(frozen=True)
class Answer:
    """Milliseconds until the paint, and what the server spent meanwhile."""

    painted: float
    wall: float
    cpu: float


@contextmanager
def watched() -> Iterator[Served]:
    spent = Served()
    with (
        flask.request_started.connected_to(spent.start),
        flask.request_finished.connected_to(spent.end),
    ):
        yield spent


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


class Clock:
    """Acts on a page and tells how long its answers took."""

    def __init__(self, page: Page, spent: Served) -> None:
        self.page = page
        self.spent = spent

    def took(self, asked: str, act: Callable[[], object], *, new: bool = True) -> Answer:
        """Act, and tell when what was ``asked`` for (an expression of the page) was painted."""
        self.page.evaluate(ARM % (asked, "true" if new else "false"))
        self.spent.forget()
        act()
        while (took := self.page.evaluate("window.took")) is None:
            self.page.wait_for_timeout(5)
        answer = Answer(float(took), self.spent.wall, self.spent.cpu)
        self.page.wait_for_timeout(250)  # a person's pause: what the answer started has ended
        return answer

    def key(self, name: str, asked: str) -> Answer:
        return self.took(asked, lambda: self.page.keyboard.press(name))

    def idle(self) -> Answer:
        """What a key costs that nothing answers: the machine's own share of every figure."""
        return self.took("true", lambda: self.page.keyboard.press("F9"), new=False)


def neighbour(page: Page, step: int) -> str:
    """Return the number of the finding so many lines below the open one."""
    return str(page.evaluate("""(step) => {
      const all = [...document.querySelectorAll("#rows .f")];
      return all[all.findIndex((line) => line.classList.contains("on")) + step].dataset.id;
    }""", step))  # fmt: skip


def on_findings(clock: Clock, site: Site) -> dict[str, list[Answer]]:
    page = clock.page
    site.enter(page, "/findings/")
    deeds: dict[str, list[Answer]] = {"nothing": [clock.idle() for _ in range(TIMES)]}
    for name, step in (("j", 1), ("k", -1)):
        deeds[name] = [clock.key(name, OPENED % {"id": neighbour(page, step)}) for _ in range(TIMES)]
    for _ in range(TIMES):
        decided = {"id": neighbour(page, 0)}
        deeds.setdefault("c", []).append(clock.key("c", GONE % decided))
        deeds.setdefault("z", []).append(clock.key("z", BACK % decided))
    links = page.locator(".f a.t")
    lines = [page.locator(".f").nth(7 * n + 3).get_attribute("data-id") for n in range(TIMES)]
    deeds["open"] = [clock.took(OPENED % {"id": one}, links.nth(7 * n + 3).click) for n, one in enumerate(lines)]
    page.locator("#q").focus()
    typed = [TYPED[: n + 1] for n in range(len(TYPED))]
    deeds["filter"] = [clock.key(one[-1], FILTERED % one) for one in typed]
    deeds["filter"] += [clock.key("Backspace", FILTERED % one) for one in reversed(typed[:-1])]
    return deeds


def on_logs(clock: Clock, site: Site) -> dict[str, list[Answer]]:
    page = clock.page
    site.go(page, "/logs/")
    page.wait_for_selector("#facets li")
    page.wait_for_selector("body:not(.loading-events)")
    page.locator("#events").focus()
    page.keyboard.press("Home")
    deeds: dict[str, list[Answer]] = {}
    last = int(page.locator("#events").get_attribute("aria-rowcount") or 0) - 2
    for _ in range(TIMES // 2):
        deeds.setdefault("log End", []).append(clock.key("End", ROWS % last))
        deeds.setdefault("log Home", []).append(clock.key("Home", ROWS % 0))
    page_long = page.evaluate("Math.max(1, Math.floor((document.getElementById('events').clientHeight - 30) / 26) - 1)")
    deeds["log PageDown"] = [clock.key("PageDown", ROWS % (page_long * (n + 1))) for n in range(TIMES)]
    for name, more in (("facet, rows", ""), ("facet, whole", WHOLE)):
        for place in range(2):
            for chosen in (1, 0):
                box = page.locator("#facets li input[type=checkbox]").nth(place)
                page.wait_for_selector("body:not(.loading-events)")
                deeds.setdefault(name, []).append(clock.took(NARROWED % chosen + more, box.click))
    return deeds


def in_the_palette(clock: Clock, site: Site) -> dict[str, list[Answer]]:
    site.go(clock.page, "/")
    clock.page.keyboard.press("Control+k")
    clock.page.wait_for_selector("#palette [role=option]")
    words = "settings"
    return {"palette": [clock.key(one, ANSWERED % words[: n + 1]) for n, one in enumerate(words)]}


def p95(found: list[float]) -> float:
    return sorted(found)[max(0, round(len(found) * 0.95) - 1)]


def told(name: str, answers: list[Answer], nothing: float) -> str:
    painted, wall, cpu = ([getattr(one, what) for one in answers] for what in ("painted", "wall", "cpu"))
    return (
        f"{name:14}{statistics.median(painted):8.0f}{p95(painted):8.0f}{p95(painted) / nothing:8.1f}"
        f"{statistics.median(wall):12.0f}{statistics.median(cpu):8.0f}"
    )


def test_how_long_answers_take_is_told(page: Page, busy: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with watched() as spent:
        clock = Clock(page, spent)
        deeds = on_findings(clock, busy) | on_logs(clock, busy) | in_the_palette(clock, busy)
    nothing = p95([one.painted for one in deeds["nothing"]])
    lines = [f"{'milliseconds':14}{'median':>8}{'p95':>8}{'x idle':>8}{'server wall':>12}{'CPU':>8}"]
    lines += [told(name, answers, nothing) for name, answers in deeds.items()]
    lines.append(told("all", [one for name, some in deeds.items() if name != "nothing" for one in some], nothing))
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert all(deeds.values())
