"""The program's own log: one file that is turned over, without tokens and without what people search for."""

from __future__ import annotations

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop_app.core.paths import DataFolder
from desktop_app.web.security import Redacted

NAME = "watchdesk.log"
MAX_BYTES = 1_000_000
KEPT = 5
# Libraries whose warnings are daily life: a page that was left while it loaded, a form of yesterday.
QUIET = ("waitress", "flask_wtf.csrf", "werkzeug")


class Ours(logging.Filter):
    """Lets through what is worth keeping: of the quiet libraries only their errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is kept."""
        return record.levelno >= logging.ERROR or not record.name.startswith(QUIET)


def path(folder: DataFolder) -> Path:
    """Return the file that is written now; the older ones end in .1 to .5."""
    return folder.logs / NAME


def begin(folder: DataFolder) -> logging.Handler:
    """Send what the program and its libraries log to the file; ``end`` takes it back."""
    handler = RotatingFileHandler(path(folder), maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(Ours())
    handler.addFilter(Redacted())
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def end(handler: logging.Handler) -> None:
    """Close the file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
