"""The page of settings: forms made from their declarations, checked, saved with a way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import settings, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.settings import Setting
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision
from desktop_app.web import notices
from desktop_app.web.context import db, desk
from desktop_app.web.decisions import came_from

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of the desk itself or of one extension."""

    title: Text
    settings: tuple[Setting, ...]


def groups() -> list[Group]:
    """Return the settings as the page groups them."""
    named = [Group(title, declared) for title, declared in settings.GROUPS]
    return named + [Group(one.title, one.settings) for one in desk().extensions if one.settings]


@cache
def zones() -> list[str]:
    """Return the names of time zones, without the old ones that only repeat others."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def stored_form(current: Mapping[str, settings.Value]) -> dict[str, str]:
    """Return values as a form sends them."""
    return {key: str(int(one)) if isinstance(one, bool) else str(one) for key, one in current.items()}


def save(db: Connection, declared: Sequence[Setting], values: Mapping[str, str]) -> Decision | None:
    """Store the values that differ from what stands, with a way back; None when none does."""
    standing = stored_form(settings.current(db, declared))
    changed = {key: value.strip() for key, value in values.items() if standing[key] != value.strip()}
    if not changed:
        return None
    marks = ", ".join("?" * len(changed))
    with writing(db):
        before = rows(db, f"SELECT key, value, changed FROM settings WHERE key IN ({marks})", list(changed))
        settings.store(db, changed)
        after = rows(db, f"SELECT key, value, changed FROM settings WHERE key IN ({marks})", list(changed))
        subjects = [f"setting:{key}" for key in changed]
        return undo.record_rows(db, text("Saved the settings"), [("settings", before, after)], subjects)


@blueprint.get("/")
def index() -> str:
    """Show the settings."""
    return _page(stored_form(settings.current(db(), desk().settings)), {})


@blueprint.post("/")
def store() -> ResponseReturnValue:
    """Save the settings, or show beside each field what is wrong with it."""
    declared = desk().settings
    sent = {one.key: request.form.getlist(one.key)[-1] for one in declared if one.key in request.form}
    wrong = settings.problems(declared, sent)
    if wrong:
        return _page(stored_form(settings.current(db(), declared)) | sent, wrong), 422
    decision = save(db(), declared, sent)
    if decision is None:
        notices.say(text("Nothing was changed."))
    else:
        notices.decided(decision)
    return redirect(came_from() if "next" in request.form else url_for("settings.index"), 303)


def _page(values: Mapping[str, str], wrong: Mapping[str, Text]) -> str:
    return render_template("settings/index.html", groups=groups(), values=values, wrong=wrong, zones=zones())
