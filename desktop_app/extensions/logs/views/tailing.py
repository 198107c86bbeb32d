"""The live tail: how many events that fit a search have come since a mark.

A page asks every second. An answer takes some milliseconds and holds no thread between two questions, so that any
number of windows can follow beside each other.
"""

from __future__ import annotations

from dataclasses import replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from desktop_app.core.events.answers.results import Missing
from desktop_app.extensions.logs.forms import SearchForm, read_key
from desktop_app.extensions.logs.views import tail
from desktop_app.extensions.logs.views.result import asked
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context


@blueprint.get("/live")
def live() -> ResponseReturnValue:
    """How many events have come since ``mark`` that fit, and the mark to ask with the next time."""
    form, before = asked(), read_key(request.args.get("mark"))
    fresh = tail.mark(context.db())
    return jsonify(mark=fresh, new=0 if before is None or read_key(fresh) == before else _new(form, *before))


def _new(form: SearchForm, segment_id: int, events: int) -> int:
    db = context.db()
    ids = tuple(one.id for one in tail.since(db, segment_id, events))
    missing: list[Missing] = []  # what cannot be read is told where its rows are asked for
    return context.desk().events.count(db, replace(form.search(), among=ids), missing=missing) if ids else 0
