"""The types of the files we serve, from our own table.

The table of the machine is not ours: on Windows it comes from the registry, where any installed program may have
said that ``.js`` is plain text, and a page whose scripts have the wrong type stays dead under ``nosniff``.
"""

from __future__ import annotations

from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


def content_type(path: str) -> str:
    """Return the Content-Type of a file by its name; an unknown one is bytes that no browser will run."""
    return TYPES.get(PurePosixPath(path).suffix.lower(), UNKNOWN)
