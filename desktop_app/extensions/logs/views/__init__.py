"""The pages of the logs: search, events, imports, detections."""

from __future__ import annotations

from desktop_app.extensions.logs.views import (
    counting,
    detections,
    events,
    formats,
    gaps,
    imports,
    kinds,
    live_sources,
    matrix,
    palette,
    result,
    rules_editor,
    rules_exceptions,
    rules_import,
    rules_site,
    search,
    sources,
    tailing,
    timeline,
    unseen,
    uploads,
)
from desktop_app.extensions.logs.views.room import blueprint

__all__ = [
    "blueprint", "counting", "detections", "events", "formats", "gaps", "imports", "kinds", "live_sources", "matrix",
    "palette", "result", "rules_editor", "rules_exceptions", "rules_import", "rules_site", "search",
    "sources", "tailing", "timeline", "unseen", "uploads",
]  # fmt: skip
