"""The page of settings: forms made from their declarations, checked, saved with a way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import keys, settings, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.extension import Action
from desktop_app.core.matching import fold
from desktop_app.core.settings import Setting
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision
from desktop_app.web import i18n, notices
from desktop_app.web.context import db, desk
from desktop_app.web.decisions import came_from

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of the desk itself or of one extension."""

    title: Text
    settings: tuple[Setting, ...]


def groups(asked: str = "") -> list[Group]:
    """Return the settings as the page groups them, all keys together; with folded words only those that hold them."""
    named = [*settings.GROUPS, *((one.title, one.settings) for one in desk().extensions)]
    single = tuple(one for one in desk().settings if one.kind == "key")
    made = []
    for title, declared in named:
        own = tuple(one for one in declared if one.kind != "key")
        wanted = _held((*own, *single) if title is settings.KEYS_TITLE else own, asked)
        if wanted:
            made.append(Group(title, wanted))
    return made


def _held(declared: Sequence[Setting], asked: str) -> tuple[Setting, ...]:
    return tuple(one for one in declared if all(word in searched(one) for word in asked.split()))


def searched(one: Setting) -> str:
    """Return what a setting is found by: name, explanation and choices in every language, its key, folded."""
    return _folded((one.label, one.help, *(label for _, label in one.choices)), one.key)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page of its own that holds settings; ``words``: what it is found by."""

    action: Action
    words: str


def elsewhere(asked: str = "") -> list[Elsewhere]:
    """Return the pages of extensions that hold settings; with folded words only those that are found by them."""
    named = (action for one in desk().extensions for action in one.actions if action.sets)
    made = [Elsewhere(one, _folded((one.title, *([one.words] if one.words else [])))) for one in named]
    return [one for one in made if all(word in one.words for word in asked.split())]


def _folded(sentences: Sequence[Text], key: str = "") -> str:
    said = (i18n.translator(language).say(sentence) for sentence in sentences for language in i18n.LOCALES)
    return fold(" ".join((key, *said)))


@cache
def zones() -> list[str]:
    """Return the names of time zones, without the old ones that only repeat others."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def stored_form(current: Mapping[str, settings.Value]) -> dict[str, str]:
    """Return values as a form sends them."""
    return {key: str(int(one)) if isinstance(one, bool) else str(one) for key, one in current.items()}


def save(
    db: Connection, declared: Sequence[Setting], values: Mapping[str, str], summary: Text | None = None
) -> Decision | None:
    """Store the values that differ from what stands, with a way back; None when none does."""
    with writing(db):
        change = put(db, declared, values)
        if not change[2]:
            return None
        return undo.record_rows(db, summary or text("Saved the settings"), [change], subjects(change))


def put(db: Connection, declared: Sequence[Setting], values: Mapping[str, str]) -> undo.Change:
    """Store the values that differ from what stands and return what the journal keeps of it; inside ``writing()``."""
    standing = stored_form(settings.current(db, declared))
    changed = {key: value.strip() for key, value in values.items() if standing[key] != value.strip()}
    query = f"SELECT key, value, changed FROM settings WHERE key IN ({', '.join('?' * len(changed))})"
    before = rows(db, query, list(changed))
    settings.store(db, changed)
    return "settings", before, rows(db, query, list(changed))


def subjects(change: undo.Change) -> list[str]:
    """Return what a decision that stores settings is about."""
    return [f"setting:{row['key']}" for row in change[2]]


@blueprint.get("/")
def index() -> str:
    """Show the settings."""
    return _page(stored_form(settings.current(db(), desk().settings)), {}, request.args.get("q", "").strip()[:100])


@blueprint.post("/")
def store() -> ResponseReturnValue:
    """Save the settings, or show beside each field what is wrong with it."""
    declared = desk().settings
    sent = {one.key: _sent(one) for one in declared if one.key in request.form}
    values = stored_form(settings.current(db(), declared)) | sent
    wrong = settings.problems(declared, sent) or keys.clashes(declared, values, sent)
    if wrong:
        return _page(values, wrong), 422
    decision = save(db(), declared, sent)
    notices.decided(decision)
    return redirect(came_from() if "next" in request.form else url_for("settings.index"), 303)


def _sent(one: Setting) -> str:
    value = request.form.getlist(one.key)[-1]
    return keys.folded(value) if one.kind == "key" else value


def _page(values: Mapping[str, str], wrong: Mapping[str, Text], asked: str = "") -> str:
    drawn = groups(fold(asked))
    return render_template(
        "settings/index.html",
        groups=drawn,
        elsewhere=elsewhere(fold(asked)),
        values=values,
        wrong=wrong,
        zones=zones(),
        searched=searched,
        asked=asked,
    )
