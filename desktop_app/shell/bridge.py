"""What pages may ask of the shell: native dialogs, an address outside, the paths that arrived, and to quit.

The pages ask over HTTP and so stand behind the same gate, origin check and CSRF as everything else. pywebview's own
bridge is no choice: it needs ``eval``, which our policy forbids, and hands out more than it is asked to.
"""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, g, jsonify, request

from desktop_app.web.gate import Gate
from desktop_app.web.security import session_kind, takes_key

MAX_PATHS = 10_000


class Face(Protocol):
    """The native window, as far as pages may use it."""

    def pick_files(self) -> list[str]:
        """Ask for files; empty when the person chose none."""

    def pick_folder(self) -> list[str]:
        """Ask for a folder; empty when the person chose none."""

    def come_forward(self) -> None:
        """Show the window in front of others and let its page fetch what arrived."""


class Bridge:
    """Between the pages and the window. Made before both; the window, if there is one, is put in later."""

    def __init__(self, gate: Gate, end: Callable[[], None]) -> None:
        self.gate = gate
        self.face: Face | None = None
        self.page_shown = threading.Event()
        self._end = end
        self._arrived: list[str] = []
        self._dialog = threading.Lock()

    def arrive(self, paths: Iterable[str]) -> None:
        """Keep paths that were handed over until a page fetches them."""
        self._arrived = [*self._arrived, *paths][-MAX_PATHS:]

    def install(self, app: Flask) -> None:
        """Add the routes."""
        room = Blueprint("shell", __name__, url_prefix="/shell")
        room.post("/files")(self._files)
        room.post("/folder")(self._folder)
        room.post("/external")(self._external)
        room.post("/arrivals")(self._arrivals)
        room.post("/quit")(self._quit)

        @room.post("/hand-over")
        @takes_key
        def hand_over() -> Response:
            return self._hand_over()

        app.register_blueprint(room)
        app.after_request(self._notice_page)

    def _window(self) -> Face:
        """Return the window, for the page in it alone: a browser must not make dialogs pop up elsewhere."""
        if self.face is None or session_kind() != "window":
            abort(409)
        return self.face

    def _pick(self, ask: Callable[[], list[str]]) -> Response:
        if not self._dialog.acquire(blocking=False):
            abort(409)  # one dialog is open; pywebview knows only one answer at a time
        try:
            return jsonify(paths=ask())
        finally:
            self._dialog.release()

    def _files(self) -> Response:
        return self._pick(self._window().pick_files)

    def _folder(self) -> Response:
        return self._pick(self._window().pick_folder)

    def _external(self) -> Response:
        """Open an address in the person's own browser; the page's script asks only after a click."""
        self._window()
        address = _field("url")
        if not is_web_address(address):
            abort(400)
        return jsonify(opened=webbrowser.open(address))

    def _arrivals(self) -> Response:
        paths, self._arrived = self._arrived, []
        return jsonify(paths=paths)

    def _quit(self) -> Response:
        answer = jsonify(ending=True)
        answer.call_on_close(self._end)
        return answer

    def _hand_over(self) -> Response:
        """Take what a second start was called with (it carries the key, no page can)."""
        if not g.get("by_key", False):
            abort(403)
        asked = request.get_json(silent=True)
        asked = asked if isinstance(asked, dict) else {}
        paths = asked.get("paths")
        self.arrive(one for one in paths if isinstance(one, str)) if isinstance(paths, list) else None
        if self.face is not None and asked.get("window") is True:
            self.face.come_forward()
            return jsonify(shown=True, address=None)
        return jsonify(shown=False, address=self.gate.start_address("browser"))

    def _notice_page(self, answer: Response) -> Response:
        if session_kind() == "window" and answer.status_code == 200 and answer.mimetype == "text/html":
            self.page_shown.set()
        return answer


def _field(name: str) -> str:
    asked: Any = request.get_json(silent=True)
    value = asked.get(name) if isinstance(asked, dict) else None
    return value if isinstance(value, str) else ""


def is_web_address(address: str) -> bool:
    """Say whether an address is plain http or https with a host: no file, no script, no program, no user name."""
    if any(ord(letter) <= 32 or letter == "\\" for letter in address) or len(address) > 4096:
        return False
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
