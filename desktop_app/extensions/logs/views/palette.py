"""The newest events with what was typed into the command palette: asked after everything quick was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import Cancelled, StoreError, UsageError
from desktop_app.core.events.search import Search
from desktop_app.core.extension import Hit
from desktop_app.extensions.logs.service import EVENTS
from desktop_app.extensions.logs.views import present
from desktop_app.extensions.logs.views.room import blueprint, running
from desktop_app.web import context, times
from desktop_app.web.palette import draw_later, question

NEWEST = 3


@blueprint.get("/palette")
def palette() -> ResponseReturnValue:
    """Draw the newest events with these words; nothing where they are no query, or a newer question ended this one."""
    events = context.desk().events
    asked = question().written
    window, run = request.args.get("window", "")[:64], request.args.get("run", 0, type=int)
    try:
        with running().part(events, f"palette {window}" if window else "", run):
            found = events.page(context.db(), Search(asked), limit=NEWEST).rows if asked else []
    except (UsageError, StoreError, Cancelled):
        return "", 204
    return draw_later(_hit(one) for one in found)


def _hit(event: Mapping[str, Any]) -> Hit:
    zone = context.zone()
    when = context.render_text(times.clock(event["time"], zone, context.now()))
    values = {"event_id": int(event["id"])}
    message = present.readable(event)[: present.LONGEST_MESSAGE]
    return Hit(EVENTS, message, "logs.event", 0.0, values, f"{event['host'] or ''} · {when}".strip(" ·"), "logs")
