"""This computer's logs on macOS: the text files below /var/log.

The unified log of macOS has a form of its own; what it holds is named, not read. Never tried on a Mac.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.local_view import Hidden, LocalView, hidden_files, scan

LOG_FOLDER = Path("/var/log")


def look(folder: Path = LOG_FOLDER) -> LocalView:
    """Return the readable files of ``folder`` and name the unified log."""
    found = scan(folder)
    view = LocalView(inputs=found.readable)
    view.hidden = hidden_files(found, lambda path: f"sudo cat {shlex.quote(str(path))}")
    unified = text("The unified log of macOS: export a part of it and import that file")
    view.hidden.append(Hidden(unified, "log show --last 1d --style ndjson > mac-log.json"))
    return view
