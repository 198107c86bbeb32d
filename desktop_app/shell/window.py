"""The native window: pywebview, shown only what our server serves."""

from __future__ import annotations

import json
import locale
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app.core.paths import DataFolder, resource
from desktop_app.core.text import Text, text
from desktop_app.shell import drops, geometry, toolkit
from desktop_app.shell.background import Entry
from desktop_app.shell.geometry import MIN_HEIGHT, MIN_WIDTH, Rectangle
from desktop_app.web import i18n

TITLE = "Watchdesk"
PATIENCE_SECONDS = 5  # for a window that is asked to close before it is there
# pywebview's names for the words of its dialogs.
WORDS: Mapping[str, Text] = {
    "global.saveFile": text("Save file"),
    "linux.openFile": text("Open file"),
    "linux.openFiles": text("Open files"),
    "linux.openFolder": text("Open folder"),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What the window needs to know of the person."""

    language: i18n.Language
    dark: bool

    @property
    def background(self) -> str:
        """The colour before the first page is drawn."""
        return "#0d0f13" if self.dark else "#f6f7f9"


def system_languages() -> list[str]:
    """Return the language of the system as a browser would name it."""
    found = locale.getlocale()[0] or ""
    return [found.replace("_", "-")]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the window behaves: begin unseen, and whether closing it only hides it (asked each time)."""

    hidden: bool = False
    stays: Callable[[], bool] = lambda: False
    entries: tuple[Entry, ...] = ()


class DeskWindow:
    """One window on one desk. ``run`` takes the main thread until the window is closed."""

    def __init__(self, folder: DataFolder, address: str, look: Look, manner: Manner | None = None) -> None:
        self._address = address
        self._origin = address.partition("/start")[0]
        self._look = look
        self._manner = manner or Manner()
        self._memory = folder.root / "window.json"
        self._toolkit = toolkit.of_this_system()
        self._window: Any = None
        self._closing = threading.Event()
        self._close_asked = threading.Event()
        self._attached = threading.Event()
        self._destroying = threading.Lock()
        self.loaded = threading.Event()

    # --- life ---

    def run(self, on_ready: Any = None) -> None:
        """Show the window; returns when it is closed. ``on_ready`` is called in this thread when the loop begins."""
        import webview

        self._settle(webview)
        self._toolkit.prepare(self._origin)
        self._window = self._create(webview)
        self._window.events.before_show += self._attach
        if on_ready is not None:
            self._window.events.before_show += on_ready
        self._window.events.closing += self._remember
        self._window.events.loaded += self.loaded.set
        icon = str(resource("ui", "static", "mark.svg")) if self._toolkit.takes_svg else None
        webview.start(gui=self._toolkit.gui, debug=False, private_mode=True, icon=icon)

    def close(self) -> None:
        """Close the window from any thread; ``run`` then returns. One that is not there yet closes when it is."""
        self._close_asked.set()
        if self._attached.is_set():
            self._destroy()
        else:
            timer = threading.Timer(PATIENCE_SECONDS, self._give_up)
            timer.daemon = True
            timer.start()

    def _give_up(self) -> None:
        """End the loop of a window whose making failed: nothing else would."""
        if not self._attached.is_set():
            log.error("The window never came; its loop is ended")
            self._toolkit.stop_loop()

    def _destroy(self) -> None:
        if self._destroying.acquire(blocking=False) and not self._closing.is_set():
            # destroy() waits until the window is shown, which a signal handler of the main thread must not.
            threading.Thread(target=self._end, name="close", daemon=True).start()

    def _end(self) -> None:
        try:
            self._window.destroy()
        except Exception:  # the toolkit's boundary: a window that was made but never shown refuses to be closed
            log.exception("The window could not be closed; its loop is ended")
            self._toolkit.stop_loop()

    def _settle(self, webview: Any) -> None:
        """Take away what pywebview offers by default."""
        import webview.dom
        import webview.util

        webview.settings["ALLOW_FILE_URLS"] = False
        webview.settings["ALLOW_DOWNLOADS"] = self._toolkit.allow_downloads
        webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = False
        webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
        webview.settings["SHOW_DEFAULT_MENUS"] = False
        native = webview.dom._dnd_state  # noqa: SLF001 - where pywebview keeps the paths; it offers no other way in
        native["num_listeners"] = 1
        # Before a platform module is loaded: each takes the function over by name.
        webview.util.js_bridge_call = drops.only_drops(native, self.dropped)
        # Its threads wait for answers of the page, for ever once the page is gone; they must not hold up our end.
        webview.util.Thread = partial(threading.Thread, daemon=True)
        logging.getLogger("pywebview").handlers.clear()  # our log file has it

    def _create(self, webview: Any) -> Any:
        screens = [Rectangle(one.x, one.y, one.width, one.height) for one in webview.screens]
        place = geometry.fit(geometry.load(self._memory), screens)
        home = screens[0] if screens else Rectangle(0, 0, 0, 0)
        return webview.create_window(
            TITLE,
            self._address,
            width=place.width,
            height=place.height,
            # pywebview counts from the corner of the primary screen.
            x=None if place.x is None else place.x - home.x,
            y=None if place.y is None else place.y - home.y,
            maximized=place.maximized,
            min_size=(MIN_WIDTH, MIN_HEIGHT),
            background_color=self._look.background,
            text_select=True,  # pywebview would forbid it by an inline style, which our policy refuses
            zoomable=True,
            draggable=True,
            localization=self._words(),
            hidden=self._manner.hidden,
        )

    def _words(self) -> dict[str, str]:
        translator = i18n.translator(self._look.language)
        return {name: translator.say(sentence) for name, sentence in WORDS.items()}

    def _attach(self) -> None:
        self._toolkit.attach(self._window, self._origin)
        if self._manner.entries:
            say = i18n.translator(self._look.language).say
            self._toolkit.tray([(say(one.title), one) for one in self._manner.entries])
        self._attached.set()
        if self._close_asked.is_set():
            self._destroy()

    def _remember(self) -> bool:
        """Keep the window's place as it closes; False, which stops the closing, where the window only hides."""
        try:
            geometry.save(self._memory, self._toolkit.place(self._window))
        except Exception:  # the toolkit's boundary: a window that cannot tell its place is closed all the same
            log.exception("The place of the window could not be kept")
        if not self._close_asked.is_set() and self._manner.stays():
            log.info("The window was closed; the desk goes on watching")
            # Not in this thread: it is the toolkit's own, in the middle of closing.
            threading.Thread(target=self._window.hide, name="hide", daemon=True).start()
            return False
        self._closing.set()
        return True

    # --- what pages and a second start ask for ---

    def pick_files(self) -> list[str]:
        """Show the system's dialog for files."""
        import webview

        return self._pick(webview.FileDialog.OPEN)

    def pick_folder(self) -> list[str]:
        """Show the system's dialog for a folder."""
        import webview

        return self._pick(webview.FileDialog.FOLDER)

    def _pick(self, kind: Any) -> list[str]:
        chosen = self._window.create_file_dialog(kind, directory=str(Path.home()), allow_multiple=True)
        return [str(one) for one in chosen or ()]

    def come_forward(self) -> None:
        """Show the window in front and let its page fetch what arrived."""
        self._window.restore()
        self._window.show()
        self.tell("watchdesk:arrived", {})

    def go_to(self, path: str) -> None:
        """Show the window with a page of the desk; a locked desk stays on its lock."""
        self.come_forward()
        self.tell("watchdesk:open", {"path": path})

    def dropped(self, paths: list[str]) -> None:
        """Tell the page the full paths of what was dropped on it."""
        self.tell("watchdesk:dropped", {"paths": paths})

    def tell(self, event: str, detail: Mapping[str, object]) -> None:
        """Dispatch a CustomEvent on the page's document."""
        if self._closing.is_set() or not self.loaded.is_set():
            return
        name, said = json.dumps(event), json.dumps({"detail": detail, "bubbles": True})
        self._window.run_js(f"document.dispatchEvent(new CustomEvent({name}, {said}))")
