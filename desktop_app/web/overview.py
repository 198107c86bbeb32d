"""The Overview: what needs a person now, and what the desk could not see. On an empty desk, the three doors."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for

from desktop_app.core import findings, jobs
from desktop_app.core.cases import cases
from desktop_app.core.events import catalogue
from desktop_app.core.findings import Filter, FindingRow
from desktop_app.web import figures, health, trend
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.context import db, desk, language, now, zone
from desktop_app.web.inbox_view import ListRow, where
from desktop_app.web.jobs import STATES as JOB_STATES
from desktop_app.web.sentences import Sentences

blueprint = Blueprint("overview", __name__)

NEWEST = 5
SAMPLE_JOB = "logs.demo"


@blueprint.get("/")
def index() -> str:
    """Show the Overview."""
    connection = db()
    if figures.is_empty(connection) and not jobs.active(connection):
        return _doors()
    latest = figures.latest_import(connection)
    stand = health.sources(connection)
    course = trend.trend(connection, zone(), now())
    return render_template(
        "overview/index.html",
        severities=_severities(),
        newest=_drawn(findings.listing(connection, Filter(order="last"), NEWEST)),
        oldest=_oldest(),
        latest=latest,
        earlier=figures.earlier_gaps(connection, latest.id) if latest else (0, None),
        states=JOB_STATES,
        totals=catalogue.totals(connection),
        active=jobs.active(connection),
        counts=findings.counts(connection),
        course=course,
        chart=trend,
        words={number: word for word, number in SEVERITY_WORDS.items()},
        sources=stand,
        named=stand.named,
        shown=health.SHOWN,
        cases=cases.counts(connection)[0] if "cases.index" in current_app.view_functions else None,
        unseen=[url_for(one) for one in _unseen()],
    )


def _doors() -> str:
    """Draw the first start: three doors, and what somebody who comes to them may want to know or choose first."""
    restore = url_for("backup.index") if "backup.index" in current_app.view_functions else None
    return render_template(
        "overview/doors.html",
        sample=SAMPLE_JOB in jobs.kinds(desk().extensions),
        folder=desk().folder.root,
        restore=restore,
    )


def _unseen() -> list[str]:
    """Return the pages that tell what extensions could not see; asked after the page, as it may take a moment."""
    named = (one.unseen for one in desk().extensions)
    return [one for one in named if one in current_app.view_functions]


def _severities() -> list[tuple[int, int, str]]:
    """Return (severity, how many wait, address) from the highest down."""
    waiting = findings.severity_counts(db())
    by_number = {number: word for word, number in SEVERITY_WORDS.items()}
    return [
        (number, waiting.get(number, 0), url_for("inbox.index", sev=word))  # type: ignore[call-overload] # an IntEnum is its number
        for number, word in sorted(by_number.items(), reverse=True)
    ]


def _drawn(rows: list[FindingRow]) -> list[ListRow]:
    sentences = Sentences(db(), language())
    return [ListRow(row, sentences.title(row), where(row)) for row in rows]


def _oldest() -> ListRow | None:
    finding_id = figures.oldest_untouched(db())
    found = findings.finding(db(), finding_id) if finding_id is not None else None
    return _drawn([found.row])[0] if found else None
