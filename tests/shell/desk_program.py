"""A desk of a few small pages, run as its own process: ``python -m tests.shell.desk_program FOLDER HOW [PATH...]``.

HOW is ``open`` or ``serve``, with words after colons that change it: ``broken`` (the first page fails), ``drop``
(DROPPED falls on the window), ``worker`` (the runner has a child process), ``leave`` (the page goes elsewhere),
``files`` and ``folder`` (the page opens the dialog), ``stuck`` (a thread of pywebview waits for an answer for ever),
``unmade`` (the window of GTK cannot be made), ``untimely`` (SIGTERM comes as the main thread begins to wait).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template_string, request

from desktop_app.core.database import migrate
from desktop_app.core.desk import Desk
from desktop_app.core.errors import WatchdeskError
from desktop_app.core.paths import DataFolder, resource
from desktop_app.shell import start
from desktop_app.web.gate import Gate
from desktop_app.web.security import protect

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Desk</title>
<meta name="csrf-token" content="{{ csrf_token() }}">
<script src="/early.js"></script><script type="module" src="/static/shell.js"></script>
<script type="module" src="/page.js"></script></head>
<body><h1>The desk</h1><p id="text">{{ "word " * 300 }}</p><a id="out" href="http://elsewhere.invalid/x">out</a></body></html>
"""
EARLY = """
window.report = (name, value) => fetch("/seen", {method: "POST", body: JSON.stringify({[name]: value}),
  headers: {"Content-Type": "application/json",
            "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content}});
addEventListener("securitypolicyviolation", (e) => report("violation", e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => report("fault", e.message));
addEventListener("watchdesk:dropped", (e) => report("dropped", e.detail.paths));
"""
SCRIPT = """
import * as shell from "/static/shell.js";
addEventListener("load", async () => {
  report("size", [innerWidth, innerHeight]);
  report("window", shell.available());
  let evil = "refused";
  try { evil = window.open("http://elsewhere.invalid/") ? "opened" : "refused"; } catch { evil = "refused"; }
  report("popup", evil);
  report("camera", (await navigator.permissions.query({name: "camera"})).state);
  report("microphone", (await navigator.permissions.query({name: "microphone"})).state);
  report("external", await shell.openExternal("http://elsewhere.invalid/"));
  report("file", await fetch("file:///etc/hostname").then(() => "read", () => "refused"));
  await report("loaded", location.pathname);
  if (!window.pywebview?.api) await new Promise((go) => addEventListener("pywebviewready", go));
  await new Promise((go) => setTimeout(go, 0));
  if (WORDS.includes("files")) report("picked", await shell.pick("files"));
  if (WORDS.includes("folder")) report("picked", await shell.pick("folder"));
});
"""
LEAVE = 'addEventListener("load", () => setTimeout(() => { location.href = "http://elsewhere.invalid/"; }, 200));'


def say(*words: object) -> None:
    # One write a line: many threads of the server speak at once.
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


class Runner:
    """Stands in for the runner of jobs; with ``worker`` it has a child that would outlive it."""

    worker = False

    def __init__(self, _desk: Desk) -> None:
        pass

    def start(self) -> None:
        say("runner started")
        if self.worker:
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            say("child", child.pid)

    def stop(self) -> None:
        say("runner stopped")


def application(words: list[str]) -> Callable[[Desk, Gate], Flask]:
    def make(_desk: Desk, gate: Gate) -> Flask:
        app = Flask("desk", static_folder=str(resource("ui", "static")), static_url_path="/static")
        protect(app, gate)

        @app.get("/")
        def home() -> str:
            if "broken" in words:
                abort(500)
            return render_template_string(PAGE)

        @app.get("/early.js")
        def early() -> Response:
            return Response(EARLY + (LEAVE if "leave" in words else ""), content_type="text/javascript")

        @app.get("/page.js")
        def script() -> Response:
            return Response(f"const WORDS = {words};\n{SCRIPT}", content_type="text/javascript")

        @app.post("/seen")
        def seen() -> str:
            say("seen", request.get_data(as_text=True))
            if "drop" in words and "loaded" in (request.get_json() or {}):
                threading.Timer(0.5, drop_from_outside).start()
            if "stuck" in words:
                wait_for_ever()
            return ""

        @app.get("/table.csv")
        def table() -> Response:
            return Response(
                "a,b\n", content_type="text/csv", headers={"Content-Disposition": "attachment; filename=table.csv"}
            )

        return app

    return make


def wait_for_ever() -> None:
    """Do what pywebview does for a page that goes away before it answers."""
    import webview.util

    make: Any = webview.util
    make.Thread(target=threading.Event().wait).start()


def drop_from_outside() -> None:
    """Let a file and a folder fall on the window, as the window system tells Qt."""
    import webview
    from qtpy.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
    from qtpy.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
    from qtpy.QtWidgets import QApplication

    window: Any = webview.windows[0].native

    def fall() -> None:
        view = window.webview
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(path) for path in os.environ["DROPPED"].split(os.pathsep)])
        action, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        events = (
            QDragEnterEvent(QPoint(100, 100), action, mime, button, key),
            QDragMoveEvent(QPoint(110, 110), action, mime, button, key),
            QDropEvent(QPointF(110, 110), action, mime, button, key),
        )
        for number, event in enumerate(events):
            QTimer.singleShot(300 * number, lambda event=event: QApplication.sendEvent(view, event))
        view.dropped_mime = mime  # lives as long as the events need it

    window.create_window_trigger.emit(fall)


def make_no_window() -> None:
    """Let pywebview's window fail in the middle of its making, as it does for an icon that GTK cannot read."""
    from webview.platforms import gtk

    def fail(*_: object) -> None:
        say("the making failed")
        raise OSError("no window")

    views: Any = gtk.BrowserView
    views.__init__ = fail


def come_untimely() -> None:
    """Let SIGTERM come while the main thread holds the lock of what it waits for."""
    waiting = start.Running.wait

    def wait(running: start.Running) -> None:
        condition: Any = running.ending._cond
        sleep = condition.wait

        def interrupted(timeout: float | None = None) -> bool:
            signal.raise_signal(signal.SIGTERM)
            return bool(sleep(timeout))

        condition.wait = interrupted
        waiting(running)

    start.Running.wait = wait  # type: ignore[method-assign]  # there is no other way in between


def main() -> int:
    folder = DataFolder(Path(sys.argv[1]))
    how, *words = sys.argv[2].split(":")
    migrate(folder)
    Runner.worker = "worker" in words
    if "unmade" in words:
        make_no_window()
    if "untimely" in words:
        come_untimely()
    patience = 2.0 if "broken" in words else 120.0
    parts = start.Parts(application(words), Runner, patience=patience)
    try:
        if how == "serve":
            return start.serve(Desk(folder, ()), int(os.environ.get("PORT", "0")), parts=parts)
        return start.open_desk(Desk(folder, ()), sys.argv[3:], parts=parts, hidden="hidden" in words)
    except WatchdeskError as error:
        say("refused:", error)
        return 3


if __name__ == "__main__":
    sys.exit(main())
