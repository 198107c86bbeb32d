"""Files dropped on the window, and the only thing that a page may call through pywebview.

pywebview lets a page call any attribute that hangs below its ``js_api``, dotted names included. We give it no such
object and let nothing through but the one event that brings the full paths of dropped files.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

log = logging.getLogger(__name__)

Native = MutableMapping[str, Any]  # pywebview's store: {"num_listeners": int, "paths": [(base name, full path)]}
MAX_NAMES = 10_000


def names(event: object) -> list[str]:
    """Return the base names in a drop event as the page tells it; an event of any other shape has none."""
    if not isinstance(event, Mapping) or event.get("type") != "drop":
        return []
    transfer = event.get("dataTransfer")
    files = transfer.get("files") if isinstance(transfer, Mapping) else None
    if not isinstance(files, Sequence):
        return []
    found = [one.get("name") for one in files[:MAX_NAMES] if isinstance(one, Mapping)]
    return [name for name in found if isinstance(name, str)]


def take(native: Native, event: object) -> list[str]:
    """Return the full paths of a drop: those the window system gave, of the names that the page saw.

    A path that the page itself names is never taken. What the window system gave for an earlier drop that the page
    did not see is forgotten.
    """
    wanted = set(names(event))
    given, native["paths"] = list(native["paths"]), []
    return [_path(path) for name, path in given if name in wanted or unquote(name) in wanted]


def _path(given: str) -> str:
    """Return the path of a file: some window systems give it with percent signs, some as it is."""
    return given if Path(given).exists() else unquote(given)


def only_drops(native: Native, dropped: Callable[[list[str]], None]) -> Callable[..., None]:
    """Return what stands in for pywebview's ``js_bridge_call``: drops go through, nothing else does."""

    def call(_window: object, name: str, param: object, _value_id: object) -> None:
        event = param.get("event") if isinstance(param, Mapping) else None
        if name != "pywebviewEventHandler" or not names(event):
            log.warning("The page called something that it may not call.")
            return
        paths = take(native, event)
        if paths:
            # The toolkit's own thread calls us, and telling the page would wait for that thread.
            threading.Thread(target=dropped, args=(paths,), name="drop", daemon=True).start()

    return call
