"""The real application in its window, with a script that walks it: ``-m tests.shell.real_program FOLDER walk``."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask, Response, request

from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.shell import start
from desktop_app.web.app import create_app
from desktop_app.web.gate import Gate
from tests.shell.desk_program import Runner, say

HEAD = b'<script src="/watch/early.js"></script>'
EARLY = """
window.tell = (name, value) => fetch("/watch", {method: "POST", keepalive: true, body: JSON.stringify({[name]: value}),
  headers: {"Content-Type": "application/json",
            "X-CSRFToken": document.querySelector("meta[name=csrf-token]")?.content ?? ""}});
addEventListener("securitypolicyviolation", (e) => tell("violation", e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => tell("fault", `${e.message} ${e.filename}:${e.lineno}`));
// WebKit fails what a page still waits for as soon as the page is left.
addEventListener("unhandledrejection", (e) => { if (!window.leaving) tell("fault", String(e.reason)); });
document.addEventListener("watchdesk:counts", (e) => { window.counted = e.detail; });
document.addEventListener("DOMContentLoaded", () => {
  const script = document.createElement("script");
  script.src = "/watch/walk.js";
  script.type = "module";
  document.head.append(script);
});
"""
WALK = """
const pages = ["/", "/logs/", "/handbook/", "/settings/", "/about/activity", "/report/", "/report/preview",
  "/findings/"];
const until = async (what) => {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = what();
    if (found) return found;
    await new Promise((go) => setTimeout(go, 50));
  }
  return null;
};
const press = (key, more) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
await until(() => document.documentElement.dataset.ready !== undefined);
const here = pages.indexOf(location.pathname);
const heading = document.querySelector("h1");
const letters = document.createRange();
letters.selectNodeContents(document.querySelector("main"));
await tell(location.pathname, {heading: heading.textContent, drawn: Math.round(letters.getBoundingClientRect().height),
  css: getComputedStyle(document.querySelector(".app")).display});
if (location.pathname === "/logs/") {
  await tell("rows", await until(() => document.querySelectorAll(".ev-row").length > 5) !== null);
  await tell("chart", await until(() => document.querySelectorAll(".hist-stage rect").length > 0) !== null);
}
if (location.pathname === "/findings/") {
  const title = () => document.querySelector("#detail h1").textContent;
  const first = title();
  // What stands in place of the page's own detail must not have come by going to another page.
  window.stayed = true;
  press("j");
  await tell("swap", await until(() => window.stayed && title() !== first) !== null);
  await tell("stream", await until(() => window.counted) !== null);
  press("k", {ctrlKey: true});
  const field = document.querySelector("#palette input");
  field.value = "settings";
  field.dispatchEvent(new Event("input", {bubbles: true}));
  await tell("palette", await until(() => document.querySelector("#palette [aria-selected=true]")) !== null);
  document.getElementById("palette").close();
  await tell("walked", true);
} else if (here >= 0 && here + 1 < pages.length) {
  window.leaving = true;
  location.href = pages[here + 1];
}
"""


def application(desk: Desk, gate: Gate) -> Flask:
    """The real application; each page of it also loads the script that walks."""
    app = create_app(desk, gate)

    @app.after_request
    def watched(answer: Response) -> Response:
        if answer.mimetype == "text/html" and not answer.direct_passthrough and request.endpoint != "report.document":
            answer.set_data(answer.get_data().replace(b"<head>", b"<head>" + HEAD, 1))
        return answer

    @app.get("/watch/early.js")
    def watch_early() -> Response:
        return Response(EARLY, content_type="text/javascript")

    @app.get("/watch/walk.js")
    def watch_walk() -> Response:
        return Response(WALK, content_type="text/javascript")

    @app.post("/watch")
    def watch() -> str:
        say("seen", request.get_data(as_text=True))
        return ""

    return app


def main() -> int:
    """Open the desk."""
    desk = Desk(DataFolder(Path(sys.argv[1])), bundled.EXTENSIONS, load=bundled.load)
    return start.open_desk(desk, parts=start.Parts(application, Runner, patience=120.0))


if __name__ == "__main__":
    sys.exit(main())
