"""Whether a window can be shown, found out without loading a toolkit.

On a display that is named but dead, Qt and GTK end the process in a way that cannot be caught. So the display is asked
first, with the same small library that Qt itself uses, and Qt's own platform plugin is loaded on trial.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

PATIENCE_SECONDS = 3
OWN_PLATFORMS = frozenset({"offscreen", "minimal", "vnc", "eglfs", "linuxfb"})

log = logging.getLogger(__name__)


def usable(env: Mapping[str, str] = os.environ) -> bool:
    """Say whether our window can be expected to open. Never raises, never takes longer than a few seconds."""
    if not sys.platform.startswith("linux") or env.get("QT_QPA_PLATFORM", "").partition(":")[0] in OWN_PLATFORMS:
        return True
    if linux_toolkit() == "gtk":
        return gtk_installed() and present(env)
    return wayland_answers(env) or (x_answers(env.get("DISPLAY", "")) and plugin_loads("xcb"))


def present(env: Mapping[str, str] = os.environ) -> bool:
    """Say whether there is a screen at all, ours or a browser's window may show on it."""
    if not sys.platform.startswith("linux"):
        return True  # the window system is part of the system there
    return wayland_answers(env) or x_answers(env.get("DISPLAY", ""))


def linux_toolkit() -> Literal["gtk", "qt"]:
    """Return the toolkit of a Linux: Qt where it was brought along, else what the host has.

    The variable that pywebview reads (``PYWEBVIEW_GUI``) decides where both are there.
    """
    asked = os.environ.get("PYWEBVIEW_GUI")
    if asked == "gtk" or (asked != "qt" and importlib.util.find_spec("PySide6") is None):
        return "gtk"
    return "qt"


def gtk_installed() -> bool:
    """Say whether the host offers GTK 3 and WebKitGTK to this interpreter, without opening a display."""
    if importlib.util.find_spec("gi") is None:
        return False
    import gi

    try:
        gi.require_version("Gtk", "3.0")
        gi.require_version("WebKit2", "4.1")
    except ValueError:
        return False
    return True


def wayland_answers(env: Mapping[str, str]) -> bool:
    """Say whether a Wayland compositor accepts connections."""
    name = env.get("WAYLAND_DISPLAY")
    if not name:
        return False
    path = Path(env.get("XDG_RUNTIME_DIR", "")) / name  # an absolute name stays what it is
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(PATIENCE_SECONDS)
            wire.connect(str(path))
    except OSError:
        return False
    return True


def x_answers(name: str) -> bool:
    """Say whether an X server lets us in; one that never answers counts as dead."""
    if not name:
        return False
    answers: list[bool] = []
    asking = threading.Thread(target=lambda: answers.append(_ask_x(name)), daemon=True)
    asking.start()
    asking.join(PATIENCE_SECONDS)
    return bool(answers and answers[0])


def _ask_x(name: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False  # without it Qt has no X either
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(name.encode(), None)
    if not xcb.xcb_connection_has_error(connection):
        # Left open on purpose: a server whose only client goes begins anew, and Qt would meet it in the middle of that.
        return True
    xcb.xcb_disconnect(connection)
    return False


def plugin_loads(platform: str) -> bool:
    """Say whether Qt's plugin for a platform finds the libraries it needs; Qt itself would abort without a word."""
    found = importlib.util.find_spec("PySide6")
    if found is None or found.origin is None:
        return False
    plugin = Path(found.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{platform}.so"
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        log.warning("The window system's part of Qt cannot be loaded: %s", error)
        return False
    return True
