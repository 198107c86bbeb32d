"""The Detections page: the rules, what became of each, packs of rules, and a page for every rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import findings, verdicts
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.model import Micros, Severity
from desktop_app.core.rules import catalogue, coverage, exceptions, own, staging
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.core.rules.references import techniques
from desktop_app.core.rules.standing import standing_texts
from desktop_app.core.rules.texts import finding_texts
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import LEVELS, RulesForm, read_rules
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.views.room import blueprint, kept_verdicts
from desktop_app.extensions.logs.views.verdicts import Known, chosen
from desktop_app.web import context, notices
from desktop_app.web.decisions import came_from
from desktop_app.web.errors import NotFound
from desktop_app.web.inbox_view import VERDICT_NAMES
from desktop_app.web.sentences import Sentences

PAGE = 100
SHOWN_FINDINGS = 50

STATES: dict[str, tuple[Text, Text]] = {
    "fired": (text("Fired"), text("It matched at least one event.")),
    "quiet": (text("Quiet"), text("It could fire, and nothing matched.")),
    "waiting": (text("Not applied yet"), text("It was brought in after the stored events had been examined.")),
    "blocked": (text("Blocked"), text("It cannot fire on what was imported: something it needs is absent.")),
    "disabled": (text("Off"), text("Somebody switched it off.")),
    "asking": (text("Waits for values"), text("It asks for values that only this site knows.")),
    "unsupported": (text("Unsupported"), text("It asks for something that the engine cannot do yet.")),
    "broken": (text("Broken"), text("It cannot be read.")),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule with what became of it, and how many exceptions it has."""

    rule: RuleRow
    state: str
    reason: Text | None
    matches: int
    exceptions: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """When all stored events were last examined by all rules, and when the oldest of them were stored; 0 for never.

    ``hunted``: when they were last examined by single rules, by id, because these had come.
    """

    last: Micros
    oldest: Micros
    hunted: Mapping[str, Micros]

    @classmethod
    def read(cls, db: Connection) -> Applied:
        """Read both from the desk."""
        done = "kind = ? AND state = 'done' AND json_extract(params, '$.rules')"
        last = value(db, f"SELECT MAX(started) FROM jobs WHERE {done} IS NULL", [applying.DETECT_JOB])
        oldest = value(db, "SELECT MIN(created) FROM segments WHERE state = 'live'")
        single = rows(
            db,
            "SELECT r.value AS id, MAX(started) AS at FROM jobs, json_each(params, '$.rules') r"
            f" WHERE {done} IS NOT NULL AND started > ? GROUP BY r.value",
            [applying.DETECT_JOB, last or 0],
        )
        return cls(int(last or 0), int(oldest or 0), {str(row["id"]): int(row["at"]) for row in single})

    def misses(self, rule_id: str, changed: Micros) -> bool:
        """Say whether events were stored before a rule came that were not examined by it since."""
        return 0 < self.oldest < changed and max(self.last, self.hunted.get(rule_id, 0)) < changed


def rule_title(found: RuleRow) -> str:
    """Return a rule's name: our own rules have one in each language."""
    db, language = context.db(), context.language()
    if found.pack != catalogue.OURS or language == "en":
        return found.title
    whole = found if found.body else catalogue.rule(db, found.id)
    return finding_texts(whole.body if whole else "", {}, language).name or found.title


def listed(form: RulesForm) -> list[Listed]:
    """Return the rules that an address asks for, whatever their state, those that fired first."""
    db = context.db()
    applied = Applied.read(db)
    excepted = Counter(one.rule_id for one in exceptions.every(db, context.now()))
    found = [_one(known, applied, excepted[known.rule.id]) for known in chosen(kept_verdicts().all(db).values(), form)
             if excepted[known.rule.id] or not form.excepted]  # fmt: skip
    return sorted(found, key=lambda one: one.state != "fired")


def in_state(found: Sequence[Listed], form: RulesForm) -> list[Listed]:
    """Return those of the state that an address asks for."""
    return [one for one in found if form.state in ("", one.state)]


def _one(known: Known, applied: Applied, excepted: int = 0) -> Listed:
    waits = known.state == "quiet" and _waits(known.rule, applied)
    return Listed(known.rule, "waiting" if waits else known.state, known.reason, known.matches, excepted)


def _waits(rule: RuleRow, applied: Applied) -> bool:
    # Our own rules are there before anything is read; a new version of ours changes them without being asked to.
    of_others = rule.pack != catalogue.OURS and rule.state == "ready" and rule.enabled
    return of_others and applied.misses(rule.id, rule.changed)


@dataclass(frozen=True, slots=True)
class Bulk:
    """How many of the rules that are listed could be switched on, and off."""

    on: int
    off: int

    @classmethod
    def of(cls, found: Sequence[Listed]) -> Bulk:
        """Count them."""
        ready = [one.rule.enabled for one in found if one.rule.state == "ready"]
        return cls(on=len(ready) - sum(ready), off=sum(ready))


@blueprint.get("/detections")
def detections() -> ResponseReturnValue:
    """The list of rules; a list that is open asks until they have been applied, and is drawn anew only then."""
    if "HX-Request" in request.headers and applying.job(context.db()) is not None:
        return "", 204
    return page(read_rules(request.args))


def page(form: RulesForm, *, error: WatchdeskError | None = None) -> ResponseReturnValue:
    """Draw the list of rules; ``error`` is what went wrong with an import."""
    db, every = context.db(), listed(form)
    applied, known = Applied.read(db), kept_verdicts().all(db).values()
    shown = in_state(every, form)
    start = (form.page - 1) * PAGE
    drawn = render_template(
        "logs/detections.html",
        form=form,
        rules=[(one, rule_title(one.rule)) for one in shown[start : start + PAGE]],
        total=len(shown),
        pages=max(1, -(-len(shown) // PAGE)),
        counts=Counter(one.state for one in every),
        everything=len(every),
        excepted=sum(one.exceptions > 0 for one in every),
        states=STATES,
        levels=[(name, context.SEVERITIES[Severity(5 - number)][1]) for number, name in enumerate(LEVELS)],
        packs=catalogue.packs(db),
        statuses=sorted({one.rule.status for one in known if one.rule.status}),
        bulk=Bulk.of(shown),
        job=applying.job(db),
        values_waited=sum(one.state == "asking" for one in known),
        waiting=any(_waits(one.rule, applied) for one in known),
        error=error,
    )
    return drawn, 200 if error is None else 400


@blueprint.get("/rules/<rule_id>")
def rule(rule_id: str) -> ResponseReturnValue:
    """One rule: what it means, how it works, what it found."""
    return rule_page(rule_id)


def rule_page(
    rule_id: str, error: WatchdeskError | None = None, given: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """Draw the page of a rule; ``error`` is what was wrong with an exception, ``given`` what the person wrote."""
    db, language = context.db(), context.language()
    found = catalogue.rule(db, rule_id)
    if found is None:
        raise NotFound(
            text("There is no such rule."),
            why=text("The pack it came with may have been replaced."),
            fix=text("Look for it on the page Detections."),
        )
    said = Sentences(db, language)
    rows = findings.listing(db, findings.Filter(view="all", rule=rule_id, order="last"), SHOWN_FINDINGS)
    drawn = render_template(
        "logs/rule.html",
        one=_one(kept_verdicts().all(db)[rule_id], Applied.read(db)),
        job=applying.job(db, rule_id),
        body=found.body,
        techniques=techniques(found.tags),
        site=catalogue.SITE,
        versions=own.versions(db, rule_id),
        compare=staging.diff,
        exceptions=exceptions.of_rule(db, rule_id),
        now=context.now(),
        correlation="correlation:" in found.body,
        counted_by=[rule_title(one) for one in coverage.counting(db, rule_id)],
        filters="filter:" in found.body and "detection:" not in found.body,
        error=error,
        given=given or {},
        texts=standing_texts(found.body, language, context.render_text),
        title=rule_title(found),
        states=STATES,
        findings=[(row, said.title(row)) for row in rows],
        judged=verdicts.of_rule(db, rule_id),
        verdicts=VERDICT_NAMES,
    )
    return drawn, 200 if error is None else 400


@blueprint.post("/rules/switch")
def switch_rules() -> ResponseReturnValue:
    """Switch rules on or off."""
    ids, on = request.form.getlist("id"), request.form.get("on") == "1"
    if not ids:
        raise UsageError(text("No rule was chosen."), fix=text("Tick at least one rule."))
    _switched(ids, on=on)
    return redirect(came_from(), 303)


def _switched(ids: Sequence[str], *, on: bool) -> None:
    """Switch rules and say so; what is switched on is applied to the stored events."""
    decision = (catalogue.enable if on else catalogue.disable)(context.db(), ids)
    if on:
        applying.after(context.db(), decision)
    notices.decided(decision)


@blueprint.post("/rules/switch-listed")
def switch_listed() -> ResponseReturnValue:
    """Switch all rules of a list on or off; ``count`` is how many the person was told."""
    form, on = read_rules(request.form), request.form.get("on") == "1"
    ready = [one.rule for one in in_state(listed(form), form) if one.rule.state == "ready"]
    ids = [rule.id for rule in ready if rule.enabled is not on]
    if len(ids) != request.form.get("count", type=int):
        raise UsageError(
            text("The list has changed meanwhile: nothing was switched."), fix=text("Look at it again and decide anew.")
        )
    _switched(ids, on=on)
    return redirect(url_for("logs.detections", _external=False, **form.arguments()), 303)


@blueprint.post("/detect")
def detect() -> ResponseReturnValue:
    """Queue the examination of all stored events by the present rules, or by one of them."""
    db, rule_id = context.db(), request.form.get("rule", "")
    job_id = applying.apply_again(db, {rule_id: ""}) if catalogue.rule(db, rule_id) is not None else None
    return redirect(url_for("jobs.detail", job_id=job_id or applying.start_detect(db)), 303)
