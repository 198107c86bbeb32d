"""The one event stream of a window: what runs, and the counts beside the navigation.

Server-sent events. Each open stream holds a server thread, so it ends when the page is gone, when the program closes
and after some minutes (the browser then opens it anew).
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import orjson
from flask import Blueprint, Flask, Response, current_app, request, stream_with_context

from desktop_app.core import findings, jobs
from desktop_app.core import saved_views as saved
from desktop_app.core.database import Connection, value
from desktop_app.core.desk import Desk
from desktop_app.web import saved_views
from desktop_app.web.context import desk, language, number
from desktop_app.web.frame import running, view_badge
from desktop_app.web.i18n import Language
from desktop_app.web.lock import page_lock

blueprint = Blueprint("stream", __name__)

LOOK_SECONDS = 0.5
BEAT_SECONDS = 5.0  # a write is how a server notices that the page is gone
LONGEST_SECONDS = 600.0
RETRY_MILLISECONDS = 1000
_CLOSING = "watchdesk.closing"


def closing(app: Flask) -> threading.Event:
    """Return what ends every stream of an application when it is set."""
    return cast("threading.Event", app.extensions.setdefault(_CLOSING, threading.Event()))


def close_all(app: Flask) -> None:
    """End every stream; called before the server stops."""
    closing(app).set()


def snapshot(connection: Connection, reader: Language) -> dict[str, Any]:
    """Return what the stream tells, by the name of its event."""
    active = jobs.active(connection)
    shown = running(active, reader)
    states = [(one.id, one.state, one.percent, one.message and str(one.message)) for one in active]
    waiting = findings.counts(connection)["triage"]
    views = saved_views.counts(connection, saved.listing(connection))
    held = [(view_badge(one.id), count) for one, count in views if count is not None]
    return {
        "jobs": {"running": dataclasses.asdict(shown) if shown else None, "active": states},
        "counts": {name: {"value": count, "shown": number(count)} for name, count in
                   (("triage", waiting), ("jobs", len(active)), *held)},
    }  # fmt: skip


def messages(look: Callable[[], dict[str, Any]], changed: Callable[[], object], gone: Callable[[], bool],
             stop: threading.Event, locked: Callable[[], bool] = lambda: False) -> Iterator[bytes]:  # fmt: skip
    """Yield an event for each part that changed, and a beat where nothing does.

    ``changed`` is a cheap mark that differs when ``look`` is worth calling; ``locked`` ends the stream with a word.
    """
    told: dict[str, Any] = {}
    mark: object = None
    begun = beat = time.monotonic()
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    while not (stop.is_set() or gone()) and time.monotonic() - begun < LONGEST_SECONDS:
        if locked():
            yield b"event: locked\ndata: 1\n\n"
            return
        if (fresh := changed()) != mark:
            mark = fresh
            for name, data in look().items():
                if told.get(name) != data:
                    told[name], beat = data, time.monotonic()
                    yield b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(data))
        if time.monotonic() - beat > BEAT_SECONDS:
            beat = time.monotonic()
            yield b": \n\n"
        stop.wait(LOOK_SECONDS)


@blueprint.get("/stream")
def stream() -> Response:
    """Open the stream."""
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    answer = Response(stream_with_context(_told(desk(), language(), gone)), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(shown: Desk, reader: Language, gone: Callable[[], bool]) -> Iterator[bytes]:
    # A connection of its own: that of the request is closed before the first event is sent.
    with shown.connection() as connection:
        yield from messages(
            lambda: snapshot(connection, reader),
            lambda: value(connection, "PRAGMA data_version"),
            gone,
            closing(current_app),
            lambda: page_lock().locked(connection),
        )
