"""What the desk itself answers in the command palette: its pages, actions, findings and settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app

from desktop_app.core import lookup
from desktop_app.core.cases import cases as core_cases
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Action, Hit, Question
from desktop_app.core.matching import INSIDE, LOOSE, WHOLE, Name, best
from desktop_app.core.settings import Setting
from desktop_app.core.text import Text, text
from desktop_app.web import frame, i18n, saved_views
from desktop_app.web.inbox_view import where
from desktop_app.web.sentences import Sentences

PAGES = text("Go to")
DOINGS = text("Do")
FINDINGS = text("Findings")
CASES = text("Cases")
SETTINGS = text("Settings")

# Actions of the desk itself. A room of the core adds its own here; an extension names them in its declaration.
ACTIONS: tuple[Action, ...] = (
    Action(text("Make a report"), "report.index", "print", words=text("print, export, PDF")),
    Action(text("What was done on this desk"), "about.activity", "clock", words=text("activity, audit, history")),
    Action(text("Decisions and undo"), "about.history", "undo", words=text("undo history, take back, decisions")),
    Action(text("Suppressions"), "suppressions.index", "suppress", words=text("hidden, muted, exceptions")),
    Action(text("Rules by noise"), "noise.index", "filter", words=text("verdicts, false positives, statistics")),
    Action(text("Mark all findings as seen"), "inbox.seen", "check", post=True, words=text("changed, new, read")),
    Action(saved_views.TITLE, "views.index", "star", words=text("filters, order, rename, delete")),
    Action(text("Crash notes"), "about.crash_notes", "warning", words=text("faults, errors")),
    Action(text("Undo the last decision"), "decisions.undo", "undo", post=True, value=("latest", "1"),
           words=text("take back")),
    Action(text("Appearance: light"), "settings.store", "settings", post=True, value=("theme", "light"),
           words=text("theme, day")),
    Action(text("Appearance: dark"), "settings.store", "settings", post=True, value=("theme", "dark"),
           words=text("theme, night")),
    Action(text("Appearance: as the system"), "settings.store", "settings", post=True, value=("theme", "auto"),
           words=text("theme, automatic")),
    Action(text("Language: English"), "settings.store", "settings", post=True, value=("language", "en")),
    Action(text("Language: 简体中文"), "settings.store", "settings", post=True, value=("language", "zh"),
           words=text("Chinese")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An action with how well it answers."""

    action: Action
    score: float


@lru_cache(maxsize=2048)
def _names(message: str) -> tuple[Name, ...]:
    """Return a sentence without values in every language, ready for comparing."""
    said = {i18n.translator(language).gettext(message) for language in i18n.LOCALES}
    return tuple(Name.of(one) for one in sorted({message, *said}))


def score(asked: str, *sentences: Text | None) -> float:
    """Return how well words are answered by the first sentence, or half as well by one of the others."""
    first, *others = (best(asked, *_names(one.id)) if one is not None else 0.0 for one in sentences)
    return max(first, *(one / 2 if one > LOOSE else 0.0 for one in others), 0.0)


def known_by(action: Action) -> str:
    """Return the words of an action's names in every language, and their initials, each with a space before it."""
    names = [name for one in (action.title, action.words) if one is not None for name in _names(one.id)]
    words = "".join(letter if letter.isalnum() else " " for name in names for letter in f"{name.folded} ").split()
    return "".join(f" {word}" for word in dict.fromkeys([*words, *(name.initials for name in names)]))


def actions(desk: Desk, question: Question) -> Iterator[Offer]:
    """Yield what can be done or opened, of those rooms that are there; everything where nothing was asked."""
    named = [*_pages(desk), *ACTIONS, *(action for one in desk.extensions for action in one.actions)]
    for one in named:
        worth = score(question.words, one.title, one.words) if question.words else WHOLE
        if worth and one.endpoint in current_app.view_functions:
            yield Offer(one, worth)


def _pages(desk: Desk) -> list[Action]:
    return [Action(item.label, item.endpoint, item.icon) for item in frame.items(desk.extensions)]


def findings(desk: Desk, db: Connection, question: Question) -> Iterator[Hit]:
    """Yield the findings that were asked for."""
    sentences = Sentences(db, question.language)
    for row in lookup.find(db, desk.rule_names, question.words, question.limit):
        title = sentences.title(row)
        worth = max(best(question.words, Name.of(title), Name.of(row.name)), INSIDE)
        yield Hit(FINDINGS, title, "inbox.one", worth, {"finding_id": row.id}, f"{row.name} · {where(row)}", "findings")


def cases(db: Connection, question: Question) -> Iterator[Hit]:
    """Yield the cases that were asked for, open ones before closed ones."""
    if "cases.detail" not in current_app.view_functions:
        return
    for one in (*core_cases.listing(db), *core_cases.listing(db, closed=True)):
        if worth := best(question.words, Name.of(one.name)):
            state = text("Closed case") if one.closed else text("Open case")
            yield Hit(CASES, one.name, "cases.detail", worth, {"case_id": one.id}, state, "archive")


def settings(declared: Iterable[Setting], question: Question) -> Iterator[Hit]:
    """Yield the settings that were asked for."""
    for one in declared:
        if worth := score(question.words, one.label, one.help):
            values = {"_anchor": f"set-{one.key}"}
            yield Hit(SETTINGS, one.label, "settings.index", worth, values, one.help, "settings")


def hits(desk: Desk, db: Connection, question: Question) -> list[Hit]:
    """Return the answers of the desk and of its extensions, in no order."""
    if not question.words:
        desk.rule_names.all(db)  # read while the palette opens, so that the first letter does not wait for it
        return []
    found = [
        *saved_views.search(db, question),
        *findings(desk, db, question),
        *cases(db, question),
        *settings(desk.settings, question),
    ]
    for one in desk.extensions:
        if one.search is not None:
            found += one.search(desk, db, question)
    return found
