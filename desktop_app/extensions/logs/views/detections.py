"""The Detections page: the rules, what became of each, packs of rules, and a page for every rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import findings, jobs, verdicts
from desktop_app.core.database import Connection, value
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.model import Micros, Severity
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.core.rules.standing import standing_texts
from desktop_app.core.rules.texts import finding_texts
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.forms import LEVELS, RulesForm, read_rules
from desktop_app.extensions.logs.views.room import blueprint, kept_verdicts
from desktop_app.extensions.logs.views.verdicts import Verdict
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
    "unsupported": (text("Unsupported"), text("It asks for something that the engine cannot do yet.")),
    "broken": (text("Broken"), text("It cannot be read.")),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule with what became of it."""

    rule: RuleRow
    state: str
    reason: Text | None
    matches: int


@dataclass(frozen=True, slots=True)
class Applied:
    """When all stored events were last examined by all rules, and when the oldest of them were stored; 0 for never."""

    last: Micros
    oldest: Micros

    @classmethod
    def read(cls, db: Connection) -> Applied:
        """Read both from the desk."""
        last = value(db, "SELECT MAX(started) FROM jobs WHERE kind = ? AND state = 'done'", [service.DETECT_JOB])
        oldest = value(db, "SELECT MIN(created) FROM segments WHERE state = 'live'")
        return cls(int(last or 0), int(oldest or 0))

    def misses(self, changed: Micros) -> bool:
        """Say whether events were stored before a rule came that were not examined since."""
        return 0 < self.oldest < changed and self.last < changed


def rule_title(found: RuleRow) -> str:
    """Return a rule's name: our own rules have one in each language."""
    db, language = context.db(), context.language()
    if found.pack != catalogue.OURS or language == "en":
        return found.title
    whole = found if found.body else catalogue.rule(db, found.id)
    return finding_texts(whole.body if whole else "", {}, language).name or found.title


def _listed(form: RulesForm) -> list[Listed]:
    found = catalogue.listing(context.db(), pack=form.pack or None, search=form.query)
    wanted = [rule for rule in found if not form.level or rule.level == form.level]
    became, applied = kept_verdicts().of(context.db(), wanted), Applied.read(context.db())
    listed = [_one(rule, became[rule.id], applied) for rule in wanted]
    return sorted(listed, key=lambda one: one.state != "fired")


def _one(rule: RuleRow, became: Verdict, applied: Applied) -> Listed:
    # Our own rules are there before anything is read; a new version of ours changes them without being asked to.
    waits = became["state"] == "quiet" and rule.pack != catalogue.OURS and applied.misses(rule.changed)
    return Listed(rule, "waiting" if waits else became["state"], became["reason"], became["matches"])


def _applying() -> int | None:
    """Return the job that is about to apply the rules, None where none is."""
    return next((one.id for one in jobs.active(context.db()) if one.kind == service.DETECT_JOB), None)


@blueprint.get("/detections")
def detections() -> ResponseReturnValue:
    """The list of rules."""
    return page(read_rules(request.args))


def page(form: RulesForm, *, error: WatchdeskError | None = None) -> ResponseReturnValue:
    """Draw the list of rules; ``error`` is what went wrong with an import."""
    every, applied = _listed(form), Applied.read(context.db())
    ready = catalogue.listing(context.db(), state="ready")
    counts = Counter(one.state for one in every)
    chosen = [one for one in every if not form.state or one.state == form.state]
    start = (form.page - 1) * PAGE
    drawn = render_template(
        "logs/detections.html",
        form=form,
        rules=[(one, rule_title(one.rule)) for one in chosen[start : start + PAGE]],
        total=len(chosen),
        pages=max(1, -(-len(chosen) // PAGE)),
        counts=counts,
        everything=len(every),
        states=STATES,
        levels=[(name, context.SEVERITIES[Severity(5 - number)][1]) for number, name in enumerate(LEVELS)],
        packs=catalogue.packs(context.db()),
        job=_applying(),
        waiting=any(rule.pack != catalogue.OURS and rule.enabled and applied.misses(rule.changed) for rule in ready),
        error=error,
    )
    return drawn, 200 if error is None else 400


@blueprint.get("/rules/<rule_id>")
def rule(rule_id: str) -> ResponseReturnValue:
    """One rule: what it means, how it works, what it found."""
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
    return render_template(
        "logs/rule.html",
        one=_one(found, kept_verdicts().of(db, [found])[rule_id], Applied.read(db)),
        texts=standing_texts(found.body, language, context.render_text),
        title=rule_title(found),
        states=STATES,
        findings=[(row, said.title(row)) for row in rows],
        judged=verdicts.of_rule(db, rule_id),
        verdicts=VERDICT_NAMES,
    )


@blueprint.post("/rules/switch")
def switch_rules() -> ResponseReturnValue:
    """Switch rules on or off."""
    ids, on = request.form.getlist("id"), request.form.get("on") == "1"
    if not ids:
        raise UsageError(text("No rule was chosen."), fix=text("Tick at least one rule."))
    decision = (catalogue.enable if on else catalogue.disable)(context.db(), ids)
    if decision is None:
        notices.say(text("Nothing was changed."))
    else:
        notices.decided(decision)
    return redirect(came_from(), 303)


@blueprint.post("/detect")
def detect() -> ResponseReturnValue:
    """Queue the examination of all stored events by the present rules."""
    return redirect(url_for("jobs.detail", job_id=service.start_detect(context.db())), 303)
