"""The pages of suppressions: writing one from a finding with a look at what it would have hidden, and all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from desktop_app.core import entities, findings, scopes, suppression, triage
from desktop_app.core.errors import UsageError
from desktop_app.core.findings import FindingRow
from desktop_app.core.scopes import Scope
from desktop_app.core.suppression import Suppression
from desktop_app.core.text import Text, text
from desktop_app.web import inbox, notices, times
from desktop_app.web.context import db, language, now, zone
from desktop_app.web.errors import NotFound
from desktop_app.web.evidence import EVERYWHERE
from desktop_app.web.inbox_view import ListRow, where
from desktop_app.web.sentences import Sentences

blueprint = Blueprint("suppressions", __name__, url_prefix="/suppressions")

DAYS = (7, 30, 90)
SHOWN = 8  # findings named in a preview
PAGE, MOST = 100, 1000  # suppressions listed at once, and with more asked for
TELLING = 6  # fields offered without asking for more
KIND_NAMES: Mapping[str, Text] = {
    "address": text("Address"),
    "account": text("Account"),
    "file": text("File"),
    "host": text("Host"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A field that a suppression may be written for. ``sent`` is what its box sends; ``kind`` says what it names."""

    name: str
    value: str
    sent: str
    kind: Text | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A suppression as the list draws it: the title of its rule or of its one finding."""

    one: Suppression
    title: str


@blueprint.get("/")
def index() -> str:
    """List the suppressions that stand, or those that have ended."""
    ended = request.args.get("state") == "ended"
    found = suppression.listing(db(), now(), ended=ended)
    other = suppression.listing(db(), now(), ended=not ended)
    counts = (len(other), len(found)) if ended else (len(found), len(other))
    limit = max(PAGE, min(request.args.get("limit", PAGE, type=int), MOST))
    return render_template("suppressions/index.html", lines=_lines(found[:limit]), total=len(found), counts=counts,
                           ended=ended, days=DAYS, more=min(MOST, limit * 5) if limit < MOST else None)  # fmt: skip


@blueprint.get("/new")
def new() -> str:
    """Ask what a suppression written from a finding holds for."""
    return _form(_finding(request.args.get("id", 0, type=int)), MultiDict())


@blueprint.get("/preview")
def preview() -> str:
    """Draw what the suppression in the form would have hidden."""
    return render_template("suppressions/preview.html", **_previewed(read_scope(request.args), _days(request.args)))


@blueprint.post("/new")
def save() -> ResponseReturnValue:
    """Write the suppression and go back to the inbox."""
    form = request.form
    try:
        expires = inbox.read_end(form.get("until", ""), form.get("date", ""), zone(), now())
        decision = suppression.save(db(), read_scope(form), form.get("reason", ""), expires)
    except UsageError as error:
        return _form(_finding(form.get("id", 0, type=int)), form, error), 422
    notices.decided(decision)
    return redirect(url_for("inbox.index"), 303)


@blueprint.post("/<int:scope_id>/lift")
def lift(scope_id: int) -> ResponseReturnValue:
    """End a suppression now."""
    notices.decided(suppression.lift(db(), scope_id))
    return redirect(url_for("suppressions.index"), 303)


@blueprint.post("/<int:scope_id>/extend")
def extend(scope_id: int) -> ResponseReturnValue:
    """Give a suppression another end."""
    notices.decided(suppression.extend(db(), scope_id, _end()))
    return redirect(url_for("suppressions.index"), 303)


@blueprint.post("/of-finding/<int:finding_id>/lift")
def lift_one(finding_id: int) -> ResponseReturnValue:
    """Bring a single finding back."""
    notices.decided(triage.reopen(db(), [finding_id]))
    return redirect(url_for("suppressions.index"), 303)


@blueprint.post("/of-finding/<int:suppression_id>/extend")
def extend_one(suppression_id: int) -> ResponseReturnValue:
    """Give the suppression of a single finding another end."""
    notices.decided(suppression.extend_one(db(), suppression_id, _end()))
    return redirect(url_for("suppressions.index"), 303)


def _end() -> int | None:
    return inbox.read_end(request.form.get("until", ""), "", zone(), now())


def read_scope(form: MultiDict[str, str]) -> Scope:
    """Read what a suppression holds for: rule and asset, and each field as the JSON of name and value."""
    pairs = []
    for sent in form.getlist("field"):
        try:
            name, value = orjson.loads(sent)
        except (orjson.JSONDecodeError, ValueError, TypeError) as error:
            raise UsageError(text("This form is not known here."), fix=text("Reload the page.")) from error
        pairs.append((str(name), str(value)))
    return Scope(form.get("rule") or None, form.get("asset") or None, tuple(sorted(pairs)))


def _days(form: MultiDict[str, str]) -> int:
    asked = form.get("days", DAYS[1], type=int)
    return asked if asked in DAYS else DAYS[1]


def _finding(finding_id: int) -> FindingRow:
    found = findings.finding(db(), finding_id)
    if found is None:
        raise NotFound(
            text("There is no finding WD-%(number)s.", number=finding_id),
            why=text("It may have gone with an import that was undone."),
        )
    return found.row


def _form(row: FindingRow, form: MultiDict[str, str], error: UsageError | None = None) -> str:
    sentences, same = Sentences(db(), language()), scopes.of_finding(db(), row.id)
    offered = offer(row, same, form if error else None)
    scope = read_scope(form) if error else Scope(
        row.rule_id, same.asset, tuple(sorted((one.name, one.value) for one in offered if one.chosen))
    )  # fmt: skip
    return render_template(
        "suppressions/new.html", row=row, title=sentences.title(row), rule_title=sentences.rule_title(row.rule_id),
        same=same, offered=offered, telling=TELLING, scope=scope, values=form, error=error, days=inbox.DAYS,
        tomorrow=times.stamp(now() + times.DAY, zone())[:10], **_previewed(scope, _days(form)),
    )  # fmt: skip


def offer(row: FindingRow, same: scopes.Same, sent: MultiDict[str, str] | None = None) -> list[Offered]:
    """Return the fields that all events of a finding share; those that its fingerprint names are chosen at first."""
    group = [name for name, _ in row.group]
    made = []
    for name, value in suppression.offered(same, group):
        as_sent = orjson.dumps([name, value]).decode()
        kind = entities.kind_of(name)
        chosen = name in group if sent is None else as_sent in sent.getlist("field")
        if name not in EVERYWHERE or chosen:
            made.append(Offered(name, value, as_sent, KIND_NAMES[kind] if kind else None, chosen))
    return made


def _previewed(scope: Scope, days: int) -> dict[str, object]:
    found = suppression.preview(db(), scope, now(), days)
    sentences, named = Sentences(db(), language()), found.recent[:SHOWN]
    rows = [one.row for one in (findings.finding(db(), number) for number in named) if one is not None]
    drawn = [ListRow(row, sentences.title(row), where(row)) for row in rows]
    return {"preview": found, "named": drawn, "choices": DAYS, "boundless": scope.boundless}


def _lines(found: Sequence[Suppression]) -> list[Line]:
    sentences = Sentences(db(), language())
    single = {row.id: row for row in findings.some(db(), [one.finding_id for one in found if one.finding_id])}
    return [Line(one, _title(one, single, sentences)) for one in found]


def _title(one: Suppression, single: Mapping[int, FindingRow], sentences: Sentences) -> str:
    """Return what a suppression hides: the title of its one finding, or of its rule; empty where it names neither."""
    if one.finding_id is not None:
        return sentences.title(single[one.finding_id]) if one.finding_id in single else ""
    return sentences.rule_title(one.scope.rule_id) if one.scope is not None and one.scope.rule_id is not None else ""
