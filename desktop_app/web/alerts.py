"""Alerts: the channels with how they do, their forms with a preview, and a test before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import settings
from desktop_app.core.alerts import carriers, channels, secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.kinds import KINDS, Kind
from desktop_app.core.alerts.wording import Parcel, Shown
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import Text, text
from desktop_app.web import alert_form, i18n, notices
from desktop_app.web.alert_form import Filled
from desktop_app.web.context import db, desk, language, now, values
from desktop_app.web.errors import NotFound

blueprint = Blueprint("alerts", __name__, url_prefix="/settings/alerts")


@blueprint.get("/")
def index() -> str:
    """List the channels."""
    listed = [(one, channels.standing(db(), one)) for one in channels.listing(db())]
    held = {key: values()[key] for key in (settings.NOTIFY.key, settings.NOTIFY_SEVERITY.key)}
    return render_template("settings/alerts.html", channels=listed, kinds=KINDS, desktop=held)


@blueprint.get("/new")
def new() -> str:
    """Ask for a new channel."""
    kind = _kind(request.args.get("kind", ""))
    return _form(kind, alert_form.blank(kind, language()), {})


@blueprint.get("/<int:channel_id>")
def show(channel_id: int) -> str:
    """Offer a channel for changing."""
    one = _channel(channel_id)
    return _form(KINDS[one.kind], one, {})


@blueprint.post("/")
def add() -> ResponseReturnValue:
    """Make a channel."""
    return _store(_filled())


@blueprint.post("/<int:channel_id>")
def change(channel_id: int) -> ResponseReturnValue:
    """Change a channel."""
    return _store(_filled(_channel(channel_id)))


def _store(filled: Filled) -> ResponseReturnValue:
    error: WatchdeskError | None = None
    if not filled.wrong:
        try:
            one = replace(filled.channel, enabled=filled.channel.enabled or "on" in request.form)
            one = replace(one, secret=alert_form.keep_secret(db(), filled, now()))
            notices.decided(channels.change(db(), one) if one.id else channels.add(db(), one, now())[1])
        except (UsageError, secrets.NotKept) as failed:
            error = failed
        else:
            return redirect(url_for("alerts.index"), 303)
    return _form(filled.kind, filled.channel, filled.wrong, filled=filled, error=error), 422


@blueprint.post("/<int:channel_id>/switch")
def switch(channel_id: int) -> ResponseReturnValue:
    """Switch a channel on or off."""
    notices.decided(channels.switch(db(), channel_id, on=not _channel(channel_id).enabled))
    return redirect(url_for("alerts.index"), 303)


@blueprint.post("/<int:channel_id>/remove")
def remove(channel_id: int) -> ResponseReturnValue:
    """Remove a channel."""
    notices.decided(channels.remove(db(), _channel(channel_id).id))
    return redirect(url_for("alerts.index"), 303)


@blueprint.post("/<int:channel_id>/retry")
def retry(channel_id: int) -> ResponseReturnValue:
    """Let a channel try again now."""
    channels.retry(db(), _channel(channel_id).id)
    notices.say(text("It is tried again now."))
    return redirect(url_for("alerts.index"), 303)


# --- what the form does without keeping anything ---------------------------------------------------------------------


@blueprint.post("/try")
def attempt() -> ResponseReturnValue:
    """Send a test with the values of the form, and say in one sentence how it went."""
    filled = _filled(_before())
    said, good = _tried(filled)
    if "HX-Request" in request.headers:
        return render_template("settings/alert_tried.html", said=said, good=good)
    return _form(filled.kind, filled.channel, filled.wrong, filled=filled, said=said, good=good)


def _tried(filled: Filled) -> tuple[tuple[Text, ...], bool]:
    # What is wrong with the terms, or with where the secret is to be kept, hinders no test.
    for one in filled.kind.fields:
        if one.key in filled.wrong:
            wrong = filled.wrong[one.key]
            return (text("Nothing was sent. %(field)s: %(wrong)s", field=one.label, wrong=wrong),), False
    try:
        names = filled.kind.secrets(filled.channel.config)
        if names and not filled.held.get(names[0]):
            raise secrets.missing(f"env:{filled.env}")
        note = carriers.send(filled.kind.id, _parcel(filled.channel, filled.held))
    except Undelivered as error:
        return error.parts(), False
    # Syslog acknowledges nothing, so nothing more can be said of it.
    said = text("The test was sent.") if filled.kind.id == "syslog" else text("The test was taken.")
    return (said, note) if note else (said,), True


@blueprint.post("/preview")
def preview() -> str:
    """Show what would leave, with the values of the form."""
    filled = _filled(_before())
    return render_template("settings/alert_preview.html", shown=_shown(filled.channel, filled.held, filled.wrong))


def _shown(one: AlertChannel, held: Mapping[str, str], wrong: Mapping[str, Text]) -> Shown | None:
    """Return the preview; None while what it needs is not there or is wrong."""
    kind = KINDS[one.kind]
    config = {field.key for field in kind.fields if field.kind != "secret"}
    if config & wrong.keys() or any(not one.config.get(field.key) for field in kind.fields if _needed(field.key)):
        return None
    usable = {} if wrong.keys() & {"url"} else held
    return carriers.preview(one.kind, _parcel(one, usable))


def _needed(key: str) -> bool:
    return key in {"host", "to", "sender"}


def _parcel(one: AlertChannel, held: Mapping[str, str]) -> Parcel:
    say = i18n.translator(one.language).say
    return carriers.parcel(desk(), db(), one, held, say)


# --- the form --------------------------------------------------------------------------------------------------------


def _kind(name: str) -> Kind:
    found = KINDS.get(name)
    if found is None:
        raise NotFound(text("There is no such kind of channel."))
    return found


def _channel(channel_id: int) -> AlertChannel:
    found = channels.channel(db(), channel_id)
    if found is None:
        raise NotFound(text("There is no such channel."), why=text("It may have been removed."))
    return found


def _before() -> AlertChannel | None:
    number = request.form.get("id", "")
    return _channel(int(number)) if number.isascii() and number.isdigit() and number != "0" else None


def _filled(before: AlertChannel | None = None) -> Filled:
    kind = KINDS[before.kind] if before else _kind(request.form.get("kind", ""))
    return alert_form.read(request.form, kind, before)


def _form(
    kind: Kind,
    one: AlertChannel,
    wrong: Mapping[str, Text],
    *,
    filled: Filled | None = None,
    error: WatchdeskError | None = None,
    said: tuple[Text, ...] = (),
    good: bool = False,
) -> str:
    keep, env = (filled.keep, filled.env) if filled else alert_form.keep_of(one)
    held = filled.held if filled else alert_form.stored(one.secret, kind.secrets(one.config))
    return render_template(
        "settings/alert_form.html", kind=kind, one=one, wrong=wrong, error=error, said=said, good=good, keep=keep,
        env=env, keeps=alert_form.KEEPS, keyring=secrets.keyring_usable(), extensions=desk().extensions,
        shown=_shown(one, held, wrong), standing=channels.standing(db(), one) if one.id else None,
    )  # fmt: skip
