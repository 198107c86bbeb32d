"""Rules and what is stored: the job that applies them, all of them or those alone that somebody has just changed."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.core import jobs, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.events.catalogue import totals
from desktop_app.core.model import Micros
from desktop_app.core.rules import decided
from desktop_app.core.rules.catalogue import ImportResult
from desktop_app.core.text import Text, ntext, text
from desktop_app.core.undo import Decision

DETECT_JOB = "logs.detect"


def start_detect(db: Connection) -> int:
    """Queue the examination of all stored events by the present rules; returns the job's id."""
    with writing(db):
        return jobs.enqueue(db, DETECT_JOB, text("Apply the rules to stored events"), {})


def after_import(db: Connection, found: ImportResult) -> int | None:
    """Queue what an import of rules asks of stored events; returns the job's id, None where there is nothing to do."""
    title = text("Apply the rules of %(pack)s to stored events", pack=found.pack)
    return _apply(db, decided.of_decision(db, found.undo_id), title) if found.undo_id else None


def after(db: Connection, decision: Decision | None) -> int | None:
    """Queue what a decision about rules asks of stored events; returns the job's id, None where there is nothing to do.

    Only the rules that it changed are judged anew, and only where they may match or have matched.
    """
    return apply_again(db, decided.of_decision(db, decision.undo_id)) if decision is not None else None


def apply_again(db: Connection, changed: Mapping[str, str]) -> int | None:
    """Do that for rules by id, each with its former text."""
    return _apply(db, changed, ntext("Apply 1 rule to stored events", "Apply %(num)s rules to stored events",
                                     num=len(changed)))  # fmt: skip


def meanwhile(db: Connection, began: Micros) -> int | None:
    """Queue what decisions about rules since then ask of events that were read by the rules as they had stood.

    Returns the job's id, None where there is nothing to do. What was switched off has found what it has found.
    """
    found = rows(
        db,
        "SELECT id, undone FROM undo WHERE kind = ? AND (time >= ? OR undone >= ?)"
        " AND EXISTS (SELECT 1 FROM json_each(before) part WHERE json_extract(part.value, '$.table') = 'rules')",
        [undo.ROWS, began, began],
    )
    if any(row["undone"] for row in found):
        return start_detect(db)
    changed = {key: body for row in found for key, body in decided.of_decision(db, row["id"]).items()}
    off = {row["id"] for row in rows(db, "SELECT id FROM rules WHERE NOT enabled")}
    return apply_again(db, {key: body for key, body in changed.items() if key not in off})


def _apply(db: Connection, changed: Mapping[str, str], title: Text) -> int | None:
    if not changed or not totals(db).events:
        return None
    every = _waiting(db)
    if every is not None:
        return every
    if decided.beyond(db, changed):
        return start_detect(db)
    with writing(db):
        return jobs.enqueue(db, DETECT_JOB, title, {"rules": sorted(changed)})


def _waiting(db: Connection) -> int | None:
    """Return the job that will apply all rules and has not begun, None where none is."""
    found = rows(
        db,
        "SELECT id FROM jobs WHERE kind = ? AND state = 'queued' AND json_extract(params, '$.rules') IS NULL",
        [DETECT_JOB],
    )
    return found[0]["id"] if found else None


def job(db: Connection, rule_id: str | None = None) -> int | None:
    """Return the job that is about to apply the rules, or that one rule; None where none is."""
    active = (one for one in jobs.active(db) if one.kind == DETECT_JOB)
    return next((one.id for one in active if rule_id in one.params.get("rules", [rule_id]) or rule_id is None), None)
