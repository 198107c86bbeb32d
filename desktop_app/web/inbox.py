"""The pages of the inbox: what is to be judged, one finding in full, and the decisions about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from desktop_app.core import findings, looks, triage, undo, undoing
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.findings import FindingRow
from desktop_app.core.model import Micros, Status, Verdict, micros
from desktop_app.core.text import Text, ntext, text
from desktop_app.core.undo import Decision
from desktop_app.web import asked, notices, times
from desktop_app.web.context import db, desk, language, now, zone
from desktop_app.web.decisions import wanted
from desktop_app.web.errors import NotFound
from desktop_app.web.inbox_view import (
    CHANGE_NAMES,
    SHARED_NAMES,
    STATUS_NAMES,
    VERDICT_NAMES,
    VIEW_NAMES,
    Detail,
    Inbox,
)

blueprint = Blueprint("inbox", __name__, url_prefix="/findings")

MOST_AT_ONCE = 5000
DRAWN = "X-Watchdesk-Drawn"  # finding:mark,finding:mark
DAYS = (7, 30, 90)
LIST = "inbox/rows.html"

_ACTIONS: Mapping[str, Callable[[Connection, Sequence[int]], Decision]] = {
    "confirm": triage.confirm,
    "resolve": triage.resolve,
    "false_positive": lambda db, ids: triage.resolve(db, ids, Verdict.FALSE_POSITIVE),
    "benign": lambda db, ids: triage.resolve(db, ids, Verdict.BENIGN),
    "duplicate": lambda db, ids: triage.resolve(db, ids, Verdict.DUPLICATE),
    "archive": triage.archive,
    "reopen": triage.reopen,
    "take_out": cases.take_out,
}
# What is said of a single finding; of several, the decision's own summary says how many.
_SAID: Mapping[str, Callable[[str], Text]] = {
    "confirm": lambda title: text("Confirmed “%(title)s”", title=title),
    "resolve": lambda title: text("Resolved “%(title)s”", title=title),
    "false_positive": lambda title: text("Closed as a false positive: “%(title)s”", title=title),
    "benign": lambda title: text("Closed as benign: “%(title)s”", title=title),
    "duplicate": lambda title: text("Closed as a duplicate: “%(title)s”", title=title),
    "archive": lambda title: text("Archived “%(title)s”", title=title),
    "reopen": lambda title: text("Reopened “%(title)s”", title=title),
    "suppress": lambda title: text("Suppressed “%(title)s”", title=title),
    "take_out": lambda title: text("Took “%(title)s” out of its case", title=title),
    "note": lambda title: text("Added a note to “%(title)s”", title=title),
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the list and the finding that is open; htmx asks for a part of it."""
    looks.visit(db(), asked.reader(), now())
    inbox = Inbox(desk(), db(), language(), asked.read(request.args), drawn())
    part = request.headers.get("HX-Target") if "HX-Request" in request.headers else None
    if part == "detail":
        return _draw("inbox/detail.html", inbox)
    if part == "rows":
        return _draw(LIST, inbox)
    return _draw("inbox/index.html", inbox)


@blueprint.get("/<int:finding_id>")
def one(finding_id: int) -> ResponseReturnValue:
    """Show a finding by its number, in the view that holds it: the address that people keep and send."""
    found = findings.finding(db(), finding_id)
    if found is None:
        raise _gone(finding_id)
    return redirect(url_for("inbox.index", view=_view_of(found.row), id=finding_id))


@blueprint.post("/act")
def act() -> ResponseReturnValue:
    """Decide about the selected findings (else the open one) and show what comes next."""
    inbox = shown_before()
    action, ids = request.form.get("action", ""), chosen_ids()
    if action not in _ACTIONS:
        raise UsageError(text("This button is not known here."), fix=text("Reload the page."))
    _told(action, _ACTIONS[action](db(), ids), inbox, ids)
    return onward(inbox, inbox.after(ids))


@blueprint.get("/suppress")
def suppress_form() -> ResponseReturnValue:
    """Ask for the reason and the end of a suppression."""
    return _suppress_form({}, chosen_ids())


@blueprint.post("/suppress")
def suppress() -> ResponseReturnValue:
    """Hide the selected findings until a date."""
    inbox, ids = shown_before(), chosen_ids()
    try:
        expires = read_end(request.form.get("until", ""), request.form.get("date", ""), zone(), now())
        decision = triage.suppress(db(), ids, request.form.get("reason", ""), expires)
    except UsageError as error:
        answer = make_response(_suppress_form(request.form, ids, error), 422)
        answer.headers["HX-Retarget"] = "#dialog-body"
        return answer
    _told("suppress", decision, inbox, ids)
    return onward(inbox, inbox.after(ids))


@blueprint.post("/seen")
def seen() -> ResponseReturnValue:
    """Take everything up to now as seen; the view stays, but for what changed."""
    inbox = shown_before()
    notices.decided(looks.mark_seen(db(), asked.reader(), now()))
    inbox.asked = replace(inbox.asked, changed=False)
    return onward(inbox, inbox.asked.chosen)


@blueprint.post("/<int:finding_id>/note")
def note(finding_id: int) -> ResponseReturnValue:
    """Add a note."""
    inbox = shown_before()
    _told("note", triage.note(db(), finding_id, request.form.get("text", "")), inbox, [finding_id])
    return onward(inbox, finding_id)


@blueprint.post("/<int:finding_id>/step/<int:number>")
def step(finding_id: int, number: int) -> ResponseReturnValue:
    """Tick a step of *what to do*, or take the tick away."""
    _existing(finding_id)
    triage.step(db(), finding_id, number, done=request.form.get("done") == "1")
    return "", 204


@blueprint.post("/<int:finding_id>/read")
def read(finding_id: int) -> ResponseReturnValue:
    """Remember that the finding was looked at."""
    triage.mark_read(db(), finding_id)
    return "", 204


@blueprint.post("/undo")
def take_back() -> ResponseReturnValue:
    """Undo a decision and show the inbox again, with the findings it had been about."""
    inbox = shown_before()
    about: list[int] = []
    try:
        chosen = wanted()
        about = undo.concerned(db(), chosen, "finding") if chosen is not None else []
        notices.say(undoing.take_back(desk(), db(), chosen).told())
    except UsageError as error:
        if "latest" not in request.form:
            raise
        notices.refused(error)
    decided = request.form.get("finding", type=int) or next(iter(about), None)
    return onward(inbox, decided or inbox.asked.chosen)


def _draw(template: str, inbox: Inbox, chosen: int | None = None) -> str:
    open_id = chosen if chosen is not None else inbox.chosen_id()
    if template == LIST:
        return _rendered(template, inbox, None, open_id)
    detail = inbox.detail(open_id) if open_id is not None else None
    if inbox.asked.chosen is not None and detail is None and chosen is None:
        raise _gone(inbox.asked.chosen)
    return _rendered(template, inbox, detail, open_id)


def _rendered(template: str, inbox: Inbox, detail: Detail | None, open_id: int | None) -> str:
    return render_template(
        template, inbox=inbox, asked=inbox.asked, detail=detail, open_id=open_id,
        statuses=STATUS_NAMES, verdicts=VERDICT_NAMES, views=VIEW_NAMES, changes=CHANGE_NAMES, shared=SHARED_NAMES,
    )  # fmt: skip


def shown_before() -> Inbox:
    """Return the inbox as the form that was sent shows it."""
    before = Inbox(desk(), db(), language(), asked.read(request.form))
    _ = before.ids  # read now: what follows may decide about them
    return before


def onward(before: Inbox, next_id: int | None) -> ResponseReturnValue:
    """Show the same view as it is now, with another finding open."""
    place = before.asked.url(next_id)
    if "HX-Request" not in request.headers:
        return redirect(place, 303)
    inbox = Inbox(desk(), db(), language(), before.asked, drawn())
    answer = make_response(_draw("inbox/decided.html", inbox, next_id if next_id is not None else 0))
    answer.headers["HX-Push-Url"] = place
    answer.headers["HX-Trigger"] = "watchdesk:decided"
    return answer


def drawn() -> dict[int, str]:
    """Return the lines that the page says it shows, each with its mark, so that they are not sent again."""
    pairs = (one.partition(":") for one in request.headers.get(DRAWN, "").split(",", asked.MOST)[: asked.MOST])
    return {int(number): mark for number, _, mark in pairs if number.isascii() and number.isdigit()}


def chosen_ids() -> list[int]:
    """Return the selected findings (all of a view where that was chosen), else the open one."""
    if whole := request.values.get("all"):
        view = asked.read(MultiDict(parse_qsl(whole.removeprefix("?"))))
        return findings.ids(db(), view.resolved(db(), now()), MOST_AT_ONCE)
    chosen = request.values.getlist("ids", type=int) or request.values.getlist("id", type=int)
    if not chosen:
        raise UsageError(text("No finding is selected."), fix=text("Choose a finding in the list."))
    return list(dict.fromkeys(chosen))[:MOST_AT_ONCE]


def _told(action: str, decision: Decision, inbox: Inbox, ids: Sequence[int]) -> None:
    """Say what was decided: of one finding by its title, of several by their number."""
    titles = [inbox.sentences.title(row) for row in findings.some(db(), ids)] if len(ids) == 1 else []
    notices.decided(decision, _SAID[action](titles[0]) if titles else None, finding=ids[0])


def _existing(finding_id: int) -> FindingRow:
    found = findings.finding(db(), finding_id)
    if found is None:
        raise _gone(finding_id)
    return found.row


def _gone(finding_id: int) -> NotFound:
    return NotFound(
        text("There is no finding WD-%(number)s.", number=finding_id),
        why=text("It may have gone with an import that was undone."),
    )


def _view_of(row: FindingRow) -> str:
    return next(view for view, statuses in findings.VIEWS.items() if Status(row.status) in statuses)


def _suppress_form(values: Mapping[str, str], ids: Sequence[int], error: UsageError | None = None) -> str:
    template = "inbox/suppress_form.html" if "HX-Request" in request.headers else "inbox/suppress.html"
    heading = ntext("Suppress this finding", "Suppress %(num)s findings", num=len(ids))
    return render_template(
        template, values=values, ids=ids, error=error, heading=heading, days=DAYS, whole=request.values.get("all", ""),
        asked=asked.read(request.values), tomorrow=times.stamp(now() + times.DAY, zone())[:10],
    )  # fmt: skip


def read_end(until: str, date: str, place: ZoneInfo, present: Micros) -> Micros | None:
    """Return the end of a suppression: None for never, else days from now or the end of a day of the site."""
    if until == "never":
        return None
    if until.isascii() and until.isdigit() and int(until) in DAYS:
        return present + int(until) * times.DAY
    try:
        day = dt.date.fromisoformat(date)
    except ValueError as error:
        raise UsageError(text("Choose until when."), fix=text("Pick a number of days, a date, or never.")) from error
    return micros(dt.datetime.combine(day, dt.time(23, 59, 59), place))
