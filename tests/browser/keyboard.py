"""A page by Tab alone: what is reached, what is not, and whether one sees where the focus is."""

from __future__ import annotations

from playwright.sync_api import Page

MOST = 120  # steps on one page; what lies beyond is not judged

# Watches the focus from here on. Whatever changes the look of the element, of what it stands in or of what stands
# beside it shows the focus; what looks the same with and without it hides it.
_WATCH = """() => {
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const LOOK = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderTopColor", "backgroundColor",
    "color", "opacity", "fill", "stroke", "clipPath", "top"];
  // Tab reaches one part of these, arrows the others; what a drawing leads to stands in the table or list below it too.
  const COMPOSITE = "[role=listbox], [role=grid], [role=treegrid], svg";
  const PLACES = "input[type=file], h1, h2, main, section, article"; // the focus can be set there
  const MARKS = /^(on|read|sel|unread|active)$/;
  const shown = (one) => one.checkVisibility({ visibilityProperty: true })
    && !one.closest("[inert], dialog:not([open])");
  const looks = (one) => {
    const seen = [one, one.parentElement, one.parentElement?.parentElement, one.nextElementSibling, ...one.children];
    return seen.filter((part) => part instanceof Element).slice(0, 12)
      .map((part) => LOOK.map((name) => getComputedStyle(part)[name]).join()).join(" | ");
  };
  const name = (one) => one.outerHTML.replace(/\\s+/g, " ").slice(0, 140);
  // Rows of one list are alike: the same tags and classes up to the page.
  const kind = (one) => {
    const path = [];
    for (let at = one; at && at.id !== "main" && at !== document.body; at = at.parentElement) {
      path.push(`${at.tagName}.${[...at.classList].filter((part) => !MARKS.test(part)).sort().join(".")}`);
    }
    return path.join("<");
  };
  const walk = { reached: new Set(), kinds: new Set(), faults: [], last: null, lastLook: "" };
  const left = () => {
    const { last } = walk;
    walk.last = null;
    if (!last?.isConnected || last === document.activeElement || !shown(last)) return;
    if (looks(last) === walk.lastLook) walk.faults.push(`the focus does not show on ${name(last)}`);
  };
  document.addEventListener("focusin", ({ target }) => {
    left();
    walk.reached.add(target);
    walk.kinds.add(kind(target));
    walk.last = target;
    walk.lastLook = looks(target);
    const box = target.getBoundingClientRect();
    if (box.bottom < 0 || box.right < 0 || box.top > innerHeight || box.left > innerWidth) {
      walk.faults.push(`the focus is outside of the window on ${name(target)}`);
    }
  });
  // What lies behind an open dialog cannot be used; beyond the last step nothing is judged.
  const root = () => document.querySelector("dialog:modal") ?? document.getElementById("main");
  walk.alone = (end) => {
    const all = [...root().querySelectorAll(INTERACTIVE)].filter((one) => shown(one) && !one.disabled
      && !(end && end.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING));
    return all.filter((one) => {
      if (walk.reached.has(one) || walk.kinds.has(kind(one))) return false;
      if (one.type === "radio" && [...walk.reached].some((other) => other.name === one.name)) return false;
      if (one.matches(PLACES) && one.tabIndex < 0) return false;
      if (one.tabIndex < 0 && one.closest(COMPOSITE)) return false;
      return true;
    });
  };
  walk.mouse = () => {
    return [...root().querySelectorAll("*")].filter((one) => shown(one) && getComputedStyle(one).cursor === "pointer"
      && getComputedStyle(one.parentElement).cursor !== "pointer" && !one.closest(`${INTERACTIVE}, label`)
      && !one.querySelector(INTERACTIVE));
  };
  walk.end = (cut) => {
    const end = cut ? document.activeElement : null;
    document.activeElement?.blur?.();
    left();
    return [...new Set([...walk.faults, ...walk.alone(end).map((one) => `Tab does not reach ${name(one)}`),
      ...walk.mouse().map((one) => `only a mouse can press ${name(one)}`)])].slice(0, 8);
  };
  window.walk = walk;
  document.getElementById("main")?.focus();
}"""

_PLACE = """() => {
  const at = document.activeElement;
  if (at === document.body || at === document.documentElement) return "body";
  return at.closest("#main") ? "in" : "out";
}"""


def watch(page: Page) -> None:
    """Begin to watch the focus, which stands before the first element of the page's own part."""
    page.evaluate(_WATCH)


def tab_through(page: Page) -> list[str]:
    """Press Tab from the head of a page to its end; return what was not reached, and where the focus did not show."""
    watch(page)
    inside = True
    for step in range(MOST):
        page.keyboard.press("Tab")
        if step % 4 == 3 and not (inside := page.evaluate(_PLACE) == "in"):
            break
    found: list[str] = page.evaluate("cut => walk.end(cut)", inside)
    return found
