"""A case as a report tells it: what it holds, its tasks and notes, and its course."""

from __future__ import annotations

from typing import Any

from desktop_app.core.cases import case_tasks, case_timeline, cases
from desktop_app.core.cases.case_timeline import Moment
from desktop_app.core.cases.cases import Case
from desktop_app.core.database import rows
from desktop_app.core.text import Text, text
from desktop_app.web.context import SEVERITIES
from desktop_app.web.evidence import LONGEST_LINE
from desktop_app.web.report.writer import Writer

MOST_CASES = 50
MOST_MOMENTS = 120


def case(writer: Writer, one: Case) -> dict[str, Any]:
    """Return one case; of a long course its newest part, and how much is left out."""
    course = case_timeline.timeline(writer.db, one.id)
    shown = course[-MOST_MOMENTS:]
    members = rows(writer.db, "SELECT finding_id FROM case_findings WHERE case_id = ? ORDER BY 1", [one.id])
    severity = SEVERITIES[one.severity] if one.severity else None
    return {
        "id": one.id,
        "name": one.name,
        "class": severity[0] if severity else "",
        "word": writer.say(severity[1]) if severity else "",
        "opened": writer.stamp(one.created),
        "closed": writer.stamp(one.closed) if one.closed is not None else "",
        "findings": [f"WD-{row['finding_id']}" for row in members],
        "tasks": [{"done": task.done is not None, "text": task.text} for task in case_tasks.listing(writer.db, one.id)],
        "notes": [{"time": writer.stamp(note.time), "text": note.text} for note in cases.notes(writer.db, one.id)],
        "course": [{"time": writer.stamp(moment.time), "kind": moment.kind, "words": words(writer, moment)}
                   for moment in shown],
        "course_left_out": len(course) - len(shown),
    }  # fmt: skip


def words(writer: Writer, moment: Moment) -> str:
    """Say one moment of the course of a case."""
    name = f"WD-{moment.finding_id}" if moment.finding_id else ""
    flat = " ".join(moment.words.split())
    short = flat if len(flat) <= LONGEST_LINE else flat[:LONGEST_LINE] + "…"
    said: dict[str, Text] = {
        "first": text("%(name)s was seen first.", name=name),
        "last": text("%(name)s was seen last.", name=name),
        "event": text("%(name)s, %(host)s: %(record)s", name=name, host=moment.host or "?", record=short),
        "note": text("Note: %(words)s", words=short),
        "task": text("Done: %(task)s", task=short),
    }
    return writer.say(moment.sentence if moment.sentence is not None else said[moment.kind])
