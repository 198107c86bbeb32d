"""About: the program, where it keeps things, what it carries, whom it descends from, and what was done on this desk."""

from __future__ import annotations

import datetime as dt
import platform
import re
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request

from desktop_app.core import audit, crashes, undo
from desktop_app.core.model import Micros, micros
from desktop_app.core.text import Text, text
from desktop_app.core.version import VERSION
from desktop_app.web import family, licences
from desktop_app.web.context import db, desk, render_text, zone
from desktop_app.web.errors import NotFound

blueprint = Blueprint("about", __name__, url_prefix="/about")

ACTS = 100  # drawn at once
SEARCHED = 20_000  # acts looked through for words
DECISIONS = 100
LONGEST_NOTE = 20_000
# What an act is on, by the word before the colon of its subject; what stands not here is shown as it was written.
KINDS: Mapping[str, Text] = {
    "aside": text("A desk put aside"),
    "case": text("Case"),
    "case-finding": text("Finding of a case"),
    "case-note": text("Note on a case"),
    "case-task": text("Task of a case"),
    "finding": text("Finding"),
    "import": text("Import"),
    "note": text("Note"),
    "pack": text("Rule pack"),
    "report": text("Report"),
    "rule": text("Rule"),
    "schedule": text("Schedule"),
    "scope": text("Suppression"),
    "setting": text("Setting"),
    "source": text("Source"),
    "step": text("Step"),
    "token": text("Token"),
    "undo": text("Undo"),
    "view": text("Saved view"),
}


@blueprint.get("/")
def index() -> str:
    """Show version, folders, licences and family."""
    folder = desk().folder
    return render_template(
        "about/index.html",
        version=VERSION,
        folder=folder,
        log_file=folder.logs / "watchdesk.log",
        extensions=[one for one in desk().extensions if not one.own],
        versions=versions(request.user_agent.string),
        parts=licences.parts(),
        qt=licences.version_of("PySide6") is not None,
        family=family.relatives(one.id for one in desk().extensions),
        author=family.AUTHOR,
        channel=family.CHANNEL,
        crashes=len(crashes.notes(folder)),
        trail=_trail(),
    )


_ENGINES = (
    ("Qt WebEngine", re.compile(r"QtWebEngine/([\d.]+)")),
    ("Edge WebView2", re.compile(r"Edg/([\d.]+)")),
    ("Firefox", re.compile(r"Firefox/([\d.]+)")),
    ("Chromium", re.compile(r"Chrome/([\d.]+)")),
    ("WebKit", re.compile(r"AppleWebKit/([\d.]+)")),
)


def engine(agent: str) -> str:
    """Return what draws this page, from what it says of itself; empty where it says nothing known."""
    return next((f"{name} {found[1]}" for name, pattern in _ENGINES if (found := pattern.search(agent))), "")


def versions(agent: str) -> list[tuple[Text, str]]:
    """Return the versions that somebody who helps will ask for."""
    named = [
        (text("Watchdesk"), VERSION),
        (text("Python"), platform.python_version()),
        (text("SQLite"), sqlite3.sqlite_version),
        (text("DuckDB"), licences.version_of("duckdb")),
        (text("Qt for Python"), licences.version_of("PySide6")),
        (text("What draws this page"), engine(agent)),
        (text("System"), f"{platform.system()} {platform.release()}, {platform.machine()}"),
    ]
    return [(name, told) for name, told in named if told]


@blueprint.get("/activity")
def activity() -> str:
    """Show what was done on this desk, narrowed by account, kind, time and words; the trail can't be edited."""
    args, words = request.args, request.args.get("q", "").strip()[:200]
    wanted = audit.Wanted(
        args.get("actor") or None,
        args.get("kind") or None,
        _day(args.get("from", "")),
        _day(args.get("to", ""), after=1),
        args.get("before", type=int),
    )
    acts = list(islice(_acts(wanted, words), ACTS + 1))
    kept = [(name, one) for name, one in args.items() if name != "before" and one]
    return render_template(
        "about/activity.html",
        acts=acts[:ACTS],
        trail=_trail(),
        actors=audit.actors(db()),
        kinds=[(one, render_text(KINDS[one]) if one in KINDS else one) for one in audit.kinds(db())],
        asked=args,
        narrowed=bool(kept),
        older="?" + urlencode([*kept, ("before", acts[ACTS - 1].id)]) if acts[ACTS:] else None,
    )


def _trail() -> audit.Trail:
    return audit.check(db(), current_app.extensions.setdefault("watchdesk.trail", audit.Followed()))


def _acts(wanted: audit.Wanted, words: str) -> Iterator[audit.Entry]:
    """Yield the acts whose sentence, as the reader reads it, or subject holds all words."""
    told = words.lower().split()
    for one in audit.entries(db(), SEARCHED if told else ACTS + 1, wanted):
        line = f"{render_text(one.action)} {one.subject}".lower() if told else ""
        if all(word in line for word in told):
            yield one


def _day(told: str, after: int = 0) -> Micros | None:
    """Return the beginning of a day of the site (``after`` days later), None for what is no day."""
    try:
        day = dt.date.fromisoformat(told) + dt.timedelta(days=after)
    except (ValueError, OverflowError):
        return None
    return micros(dt.datetime.combine(day, dt.time(), zone()))


@blueprint.get("/history")
def history() -> str:
    """Show every decision, with its undo or with the later one that stands in its way."""
    past = undo.history(db(), DECISIONS + 1, request.args.get("before", type=int))
    older = past[DECISIONS - 1].entry.id if past[DECISIONS:] else None
    return render_template("about/history.html", past=past[:DECISIONS], older=older)


@blueprint.get("/crashes")
def crash_notes() -> str:
    """Show the notes of faults that nobody foresaw."""
    notes = [(path.name, path.read_text(encoding="utf-8", errors="replace")[:LONGEST_NOTE])
             for path in crashes.notes(desk().folder)]  # fmt: skip
    return render_template("about/crashes.html", notes=notes)


@blueprint.get("/licences/<name>/<file>")
def licence(name: str, file: str) -> str:
    """Show a licence as its authors wrote it."""
    found = licences.licence_text(name, file)
    if found is None:
        raise NotFound(text("There is no licence of that name."))
    return render_template("about/licence.html", name=name, text=found)
