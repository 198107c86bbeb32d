"""Answers to plain questions (``questions``) from tallies: how many events have each value, and how many values are."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.core.events.answers.tables import Line, Table
from desktop_app.core.events.beside.tally import Tally
from desktop_app.core.events.terms.questions import Measure, Question


def asks_plainly(question: Question) -> bool:
    """Say whether a question is about one field and asks for counts alone, or about none and for counts of values."""
    if question.every is not None:
        return False
    if question.by:
        return len(question.by) == 1 and all(one == Measure("count") for one in question.measures)
    return bool(question.fields) and all(one.function in {"count", "distinct"} for one in question.measures)


def table(question: Question, tallies: Mapping[str, Tally], events: int) -> Table | None:
    """Answer a question that asks plainly, of the tallies of its fields among so many events; None if unsure."""
    if not events or any(one.cut for one in tallies.values()):
        return None
    lines = _lines(question, tallies[question.by[0]], events) if question.by else []
    total = tuple(_number(one, tallies, events) for one in question.measures)
    used = tuple(tallies[one.field].events if one.field else events for one in question.measures)
    return Table(question, tuple(lines[: question.top]), total, used, events, None, len(lines) > question.top)


def _lines(question: Question, tally: Tally, events: int) -> list[Line]:
    """Return a line a value, one more than asked for where there are more; that of no value behind equal ones."""
    found: list[tuple[str | None, int]] = [*tally.commonest(question.top + 1)]
    if absent := events - tally.events:
        found.append((None, absent))
    found.sort(key=lambda one: (-one[1], one[0] is None, one[0] or ""))
    width = len(question.measures)
    return [Line((value,), None, (number,) * width) for value, number in found[: question.top + 1]]


def _number(measure: Measure, tallies: Mapping[str, Tally], events: int) -> int:
    if not measure.field:
        return events
    tally = tallies[measure.field]
    return len(tally) if measure.function == "distinct" else tally.events
