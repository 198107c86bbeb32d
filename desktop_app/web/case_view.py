"""What the page of a case draws, as plain data: its findings, tasks, notes, and the timeline by days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.core import findings
from desktop_app.core.cases import case_tasks, case_timeline, cases
from desktop_app.core.cases.case_tasks import Task
from desktop_app.core.cases.case_timeline import Kind, Moment
from desktop_app.core.cases.cases import Case, CaseNote
from desktop_app.core.database import Connection
from desktop_app.core.text import Text, text
from desktop_app.web.i18n import Language
from desktop_app.web.inbox_view import ListRow, where
from desktop_app.web.sentences import Sentences

MOST = 300  # moments and findings drawn at once: of more moments, the newest
LONGEST_LINE = 300
PARTS: Mapping[str, tuple[Text, frozenset[Kind]]] = {
    "": (text("Everything"), frozenset({"first", "last", "event", "note", "task", "decision"})),
    "seen": (text("What was seen"), frozenset({"first", "last", "event"})),
    "done": (text("What was done"), frozenset({"note", "task", "decision"})),
}
ICONS: Mapping[Kind, str] = {"first": "findings", "last": "findings", "event": "logs", "note": "note", "task": "check",
                             "decision": "clock"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One moment as it is drawn; ``title`` is that of its finding, empty for what concerns the case itself."""

    moment: Moment
    icon: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with everything on its page; ``hidden`` moments before the first of ``lines`` are not drawn."""

    case: Case
    findings: tuple[ListRow, ...]
    tasks: list[Task]
    notes: list[CaseNote]
    lines: tuple[Line, ...]
    hidden: int
    part: str


def show(db: Connection, language: Language, case_id: int, part: str) -> Shown | None:
    """Return what the page of a case draws, or None where there is no such case; ``part`` is one of PARTS."""
    found = cases.case(db, case_id)
    if found is None:
        return None
    chosen = part if part in PARTS else ""
    sentences = Sentences(db, language)
    rows = findings.listing(db, findings.Filter("all", case=case_id), limit=MOST)
    titles = {row.id: sentences.title(row) for row in rows}
    moments = [one for one in case_timeline.timeline(db, case_id) if one.kind in PARTS[chosen][1]]
    return Shown(
        found,
        tuple(ListRow(row, titles[row.id], where(row)) for row in rows),
        case_tasks.listing(db, case_id),
        cases.notes(db, case_id),
        tuple(_lines(moments[-MOST:], titles)),
        max(0, len(moments) - MOST),
        chosen,
    )


def _lines(moments: Sequence[Moment], titles: Mapping[int, str]) -> Iterator[Line]:
    for one in moments:
        words = " ".join(one.words.split())[:LONGEST_LINE] if one.kind == "event" else one.words
        yield Line(one, ICONS[one.kind], titles.get(one.finding_id or 0, ""), words)
