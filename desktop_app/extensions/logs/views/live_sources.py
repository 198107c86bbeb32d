"""The pages of live sources: how each fares, when it was not heard, and the forms that make and change one."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import UsageError
from desktop_app.core.events.answers.results import Histogram
from desktop_app.core.events.search import Search
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms.live import ABOUT, GROUPS, addresses, filled, read_live
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.sources import certificates, feeds
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import LiveSource
from desktop_app.extensions.logs.views import gaps
from desktop_app.extensions.logs.views.imports import zones
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, notices, times
from desktop_app.web.errors import NotFound

BUCKETS = 96
FLOOR = 44  # on which the bars of a day stand, in pixels from above
LISTED_GAPS = 12
STALE = 30 * times.SECOND  # without a sign of life from whoever listens
STATES: Mapping[str, tuple[Text, str]] = {
    "waiting": (text("Begins to listen"), "s-info"),
    "listening": (text("Listening"), "s-low"),
    "silent": (text("Silent"), "s-med"),
    "paused": (text("Paused"), "s-info"),
    "failed": (text("Cannot listen"), "s-high"),
    "stopped": (text("Not listening now"), "s-info"),
}


def state_of(one: LiveSource, now: Micros) -> str:
    """Return how a source stands, as a key of STATES."""
    if one.paused:
        return "paused"
    if one.state == "listening":
        if one.heartbeat is None or now - one.heartbeat > STALE:
            return "stopped"
        return "silent" if one.silent is not None else "listening"
    return "waiting" if one.state == "paused" else one.state


def listed() -> list[Row]:
    """Return the live sources as the list of sources shows them."""
    now = context.now()
    return [{"one": one, "state": state_of(one, now), "title": feeds.TITLES[one.kind]}
            for one in live.sources(context.db())]  # fmt: skip


def detail(source_id: int) -> Row:
    """Return everything that the page of one source shows."""
    one, now = _source(source_id), context.now()
    state = state_of(one, now)
    return {
        "one": one,
        "config": filled({**deciding.USUAL[one.kind], **one.config}),
        "state": state,
        "title": feeds.TITLES[one.kind],
        "warning": feeds.warning(one.kind, one.config),
        "limit": one.silent_after,
        "imports": live.imports_of(context.db(), one.id),
        "chart": _chart(one, now),
        "certificate": _certificate() if one.config.get("tls") and not one.config.get("certificate") else None,
        "error": one.error if state == "failed" or one.error else (),
    }


def _source(source_id: int) -> LiveSource:
    try:
        return live.source(context.db(), source_id)
    except UsageError as error:
        raise NotFound(error.what) from error


def _chart(one: LiveSource, now: Micros) -> Row:
    """Return the last day of a source: what came, and when nobody listened."""
    start = now - times.DAY
    found = live.gaps(context.db(), source_id=one.id, start=start, end=now)
    zone = context.zone()
    drawn = [{**gap, "x": _place(gap["start"], start, now), "w": _place(gap["end"], gap["start"], now, start)}
             for gap in gaps.drawn(found, start, now)]  # fmt: skip
    return {
        "bars": _bars(one, start, now),
        "gaps": drawn,
        "said": [gaps.said(gap, zone, now) for gap in live.gaps(context.db(), source_id=one.id)[:LISTED_GAPS]],
        "ticks": [f"{times.local(start + quarter * times.DAY // 4, zone):%H:%M}" for quarter in range(5)],
    }


def _place(at: Micros, since: Micros, now: Micros, start: Micros | None = None) -> float:
    """Return a moment, or a length, as per cent of the chart."""
    length = now - (since if start is None else start)
    return round(100 * (at - since) / max(1, length), 2)


def _bars(one: LiveSource, start: Micros, now: Micros) -> list[Row]:
    numbers = live.imports_of(context.db(), one.id)
    if not numbers:
        return []
    wanted = Search("", (f"({' or '.join(f'import:{number}' for number in numbers)})",), start, now)
    found: Histogram = context.desk().events.histogram(context.db(), wanted, buckets=BUCKETS)
    sums = [sum(column) for column in zip(*found.levels.values(), strict=True)]
    peak = max(sums, default=0)
    return [
        {
            "x": (x := _place(found.start + number * found.step, start, now)),
            "w": round(min(90 * found.step / (now - start), 100 - x), 2),  # the newest span is not over yet
            "y": round(FLOOR - height, 1),
            "h": height,
        }
        for number, count in enumerate(sums)
        if count and (height := round(max(1, 40 * count / peak), 1))
    ]


def _certificate() -> Row | None:
    """Return what a person needs to know of the certificate that the desk made for itself."""
    path = _certificate_path()
    return {"fingerprint": certificates.fingerprint(path)} if path.is_file() else None


def _certificate_path() -> Path:
    return feeds.certificates_of(context.desk().folder) / certificates.CERTIFICATE


# --- the forms --------------------------------------------------------------------------------------------------------


@blueprint.get("/sources/live/new")
def live_new() -> ResponseReturnValue:
    """Offer the kinds of live sources, or the form of one of them."""
    kind = request.args.get("kind", "")
    if not kind:
        return render_template("logs/live_kinds.html", kinds=feeds.TITLES, about=ABOUT)
    return _form(_kind(kind), None, _suggested(kind), deciding.USUAL[kind], {})


@blueprint.get("/sources/live/<int:source_id>/edit")
def live_edit(source_id: int) -> ResponseReturnValue:
    """Offer a source for changing."""
    one = _source(source_id)
    return _form(one.kind, one, one.name, one.config, {})


def _kind(name: str) -> str:
    if name not in deciding.USUAL:
        raise NotFound(text("There is no kind of source %(kind)s.", kind=name))
    return name


def _suggested(kind: str) -> str:
    """Return a name that no other source has, in the language of the reader."""
    title, taken = context.render_text(feeds.TITLES[kind]), {one.name for one in live.sources(context.db())}
    return next(name for number in range(1, len(taken) + 2)
                if (name := title if number == 1 else f"{title} {number}") not in taken)  # fmt: skip


def _form(kind: str, one: LiveSource | None, name: str, config: Mapping[str, Any], wrong: Mapping[str, Text]) -> str:
    values = filled({**deciding.USUAL[kind], **config})
    return render_template(
        "logs/live_form.html", kind=kind, title=feeds.TITLES[kind], groups=GROUPS[kind], one=one, name=name,
        values=values, wrong=wrong, zones=zones(), addresses=addresses(_own(), str(values.get("bind", ""))),
    )  # fmt: skip


def _own() -> dict[str, str]:
    """Return the IPv4 addresses of this computer with the name of their card."""
    found = psutil.net_if_addrs().items()
    return {one.address: card for card, held in found for one in held if one.family == socket.AF_INET}


@blueprint.post("/sources/live")
def live_add() -> ResponseReturnValue:
    """Add a live source; ``paused`` keeps it from listening until it is resumed."""
    kind = _kind(request.form.get("kind", ""))
    name, config, wrong = _read(kind, None)
    if wrong:
        return _form(kind, None, name, config, wrong), 422
    if request.form.get("paused"):
        config["paused"] = True
    source_id, decision = deciding.add(context.db(), kind, name, config)
    notices.decided(decision)
    return _back(source_id)


@blueprint.post("/sources/live/<int:source_id>")
def live_change(source_id: int) -> ResponseReturnValue:
    """Change a live source."""
    one = _source(source_id)
    name, config, wrong = _read(one.kind, one)
    if wrong:
        return _form(one.kind, one, name, {**one.config, **config}, wrong), 422
    notices.decided(deciding.change(context.db(), one.id, name, config))
    return _back(one.id)


def _read(kind: str, one: LiveSource | None) -> tuple[str, dict[str, Any], dict[str, Text]]:
    name, config, wrong = read_live(request.form, kind)
    standing = one.config if one else deciding.USUAL[kind]
    found = deciding.problems(context.db(), kind, name, {**standing, **config}, one.id if one else None)
    return name, config, {**found, **wrong}


@blueprint.post("/sources/live/<int:source_id>/pause")
def live_pause(source_id: int) -> ResponseReturnValue:
    """Stop listening to a source."""
    notices.decided(deciding.pause(context.db(), _source(source_id).id))
    return _back(source_id)


@blueprint.post("/sources/live/<int:source_id>/resume")
def live_resume(source_id: int) -> ResponseReturnValue:
    """Listen to a source again."""
    notices.decided(deciding.resume(context.db(), _source(source_id).id))
    return _back(source_id)


@blueprint.post("/sources/live/<int:source_id>/remove")
def live_remove(source_id: int) -> ResponseReturnValue:
    """Forget a source; its events stay."""
    notices.decided(deciding.remove(context.db(), _source(source_id).id))
    return redirect(url_for("logs.sources"), 303)


def _back(source_id: int) -> ResponseReturnValue:
    return redirect(url_for("logs.sources", live=source_id), 303)


@blueprint.get("/sources/live/certificate")
def live_certificate() -> ResponseReturnValue:
    """Give the certificate of the listener to those who send to it; its key stays here."""
    path = _certificate_path()
    if not path.is_file():
        raise NotFound(text("There is no certificate yet."), why=text("It is made when TLS is first listened for."))
    headers = {"Content-Disposition": 'attachment; filename="watchdesk-syslog.pem"', "Cache-Control": "no-store"}
    return Response(path.read_bytes(), content_type="application/x-pem-file", headers=headers)
