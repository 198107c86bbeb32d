"""Live sources over the API: listed with how they fare, made, changed, paused, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.model import stamp
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    Parameter,
    any_string,
    array,
    integer,
    maybe,
    number,
    one_of,
    record,
    string,
)
from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.sources.feeds import MOST_MINUTES
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import Gap, LiveSource
from desktop_app.extensions.logs.views.live_sources import STATES, state_of
from desktop_app.web.api.shapes import COUNT, DECISION, ID, SENTENCES, decision
from desktop_app.web.errors import NotFound

_PORT = integer(0, 65_535)
_WORDS: Mapping[str, Any] = {
    "bind": string(0, 100), "port": _PORT, "tls_port": _PORT, "udp": BOOLEAN, "tcp": BOOLEAN, "tls": BOOLEAN,
    "allow": array(string(1, 100), 100), "certificate": string(0, 1000), "key": string(0, 1000),
    "clients": string(0, 1000), "path": string(0, 1000), "start": one_of("beginning", "end"),
    "after": one_of("leave", "move"), "zone": string(0, 100), "silent": maybe(integer(0, MOST_MINUTES)),
}  # fmt: skip
CONFIG = record(tuple(_WORDS), **_WORDS)
SOURCE = record(
    id=COUNT, kind=any_string(), name=any_string(), state=one_of(*STATES), address=any_string(), created=TIME,
    last=maybe(TIME), events=COUNT, rate=number(), lag_us=maybe(number()), silent_since=maybe(TIME),
    silent_after_us=maybe(COUNT), lost=COUNT, refused=COUNT, errors=COUNT, error=SENTENCES, config=CONFIG,
)  # fmt: skip
GAP = record(source=COUNT, name=any_string(), start=TIME, end=maybe(TIME), reason=any_string(), lost=COUNT)
_SOURCE = Parameter("source", integer(1), "Only of this live source.")


def _shown(one: LiveSource, call: Call) -> dict[str, Any]:
    config = {name: value for name, value in one.config.items() if name in _WORDS}
    return {
        "id": one.id, "kind": one.kind, "name": one.name, "state": state_of(one, call.desk.clock()),
        "address": one.address, "created": stamp(one.created), "last": stamp(one.arrived), "events": one.events,
        "rate": one.rate, "lag_us": one.lag, "silent_since": stamp(one.silent), "silent_after_us": one.silent_after,
        "lost": one.lost, "refused": one.refused, "errors": one.errors,
        "error": [call.say(part) for part in one.error], "config": config,
    }  # fmt: skip


def _found(call: Call) -> LiveSource:
    try:
        return live.source(call.db, call.values["id"])
    except UsageError as error:
        raise NotFound(error.what) from error


def _sources(call: Call) -> object:
    return {"sources": [_shown(one, call) for one in live.sources(call.db)]}


def _source(call: Call) -> object:
    return {"source": _shown(_found(call), call)}


def _add(call: Call) -> object:
    body = call.body
    source_id, made = deciding.add(call.db, body["kind"], body["name"], body.get("config", {}))
    return {"id": source_id, **decision(made, call)}


def _change(call: Call) -> object:
    one, body = _found(call), call.body
    if "paused" in body and len(body) > 1:
        raise UsageError(text("Pause and change a live source one after the other."))
    if "paused" in body:
        return decision(deciding.pause(call.db, one.id) if body["paused"] else deciding.resume(call.db, one.id), call)
    return decision(deciding.change(call.db, one.id, body.get("name", one.name), body.get("config", {})), call)


def _decided(act: Callable[[Connection, int], Decision]) -> Callable[[Call], object]:
    return lambda call: decision(act(call.db, _found(call).id), call)


def _gap(one: Gap) -> dict[str, Any]:
    return {"source": one.source_id, "name": one.name, "start": stamp(one.start), "end": stamp(one.end),
            "reason": one.reason, "lost": one.lost}  # fmt: skip


def _gaps(call: Call) -> object:
    return {"gaps": [_gap(one) for one in live.gaps(call.db, source_id=call.values.get("source"))]}


LIVE = (
    Operation(
        "listLiveSources", "GET", "/logs/live", "The live sources and how they fare.", record(sources=array(SOURCE)),
        _sources,
    ),
    Operation(
        "addLiveSource", "POST", "/logs/live", "Listen to a new source.",
        record(id=COUNT, undo_id=maybe(COUNT), summary=any_string()), _add,
        body=record(("config",), kind=one_of(*deciding.USUAL), name=string(1, 80), config=CONFIG),
    ),
    Operation(
        "listGaps", "GET", "/logs/gaps", "When live sources were not heard, the newest first.",
        record(gaps=array(GAP)), _gaps, (_SOURCE,),
    ),
    Operation(
        "getLiveSource", "GET", "/logs/live/{id}", "One live source.", record(source=SOURCE), _source, (ID,)
    ),
    Operation(
        "changeLiveSource", "PATCH", "/logs/live/{id}", "Change, pause or resume a live source.", DECISION, _change,
        (ID,), record(("name", "config", "paused"), name=string(1, 80), config=CONFIG, paused=BOOLEAN),
    ),
    Operation(
        "removeLiveSource", "DELETE", "/logs/live/{id}", "Forget a live source; its events stay.", DECISION,
        _decided(deciding.remove), (ID,),
    ),
)  # fmt: skip
