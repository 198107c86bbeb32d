"""Formats: which are known, and teaching one from a line or a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.service import teaching
from desktop_app.extensions.logs.sources.recognise import FORMATS
from desktop_app.extensions.logs.sources.taught import definition, marking
from desktop_app.extensions.logs.sources.taught.definition import Definition, Table
from desktop_app.extensions.logs.sources.taught.marking import Mark
from desktop_app.extensions.logs.store import taught
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, notices

# What can be marked, with the key that does it.
ROLES: tuple[tuple[str, Text, str], ...] = (
    ("@timestamp", text("Time"), "1"),
    ("log.level", text("Level"), "2"),
    ("message", text("Message"), "3"),
    ("host.name", text("Host"), "4"),
    ("process.name", text("Program"), "5"),
)
DELIMITERS: dict[str, Text] = {
    ",": text("Comma"), ";": text("Semicolon"), "\t": text("Tab"), "|": text("Bar"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a person has said so far: sample ``lines``, a name, a pattern or a table; ``file``: where lines are from."""

    lines: Sequence[str] = ()
    title: str = ""
    pattern: str = ""
    table: Table | None = None
    file: int | None = None
    id: str = ""
    tried: teaching.Trial | None = None
    problem: WatchdeskError | None = None

    def told(self) -> Definition:
        """Return the format that this comes to."""
        title = teaching.checked_title(self.title)
        return Definition(self.id or definition.slug(title), title, self.pattern, self.table)


@blueprint.get("/formats")
def formats() -> ResponseReturnValue:
    """The formats that are known, ours and this site's."""
    return _list()


def _list(problem: WatchdeskError | None = None) -> ResponseReturnValue:
    db = context.db()
    page = render_template(
        "logs/formats.html", ours=sorted((context.render_text(one.title) for one in FORMATS), key=str.casefold),
        taught=taught.definitions(db), plain=teaching.plain_files(db), problem=problem,
    )  # fmt: skip
    return page, 400 if problem else 200


@blueprint.post("/formats/bring")
def bring_format() -> ResponseReturnValue:
    """Bring a format in from a file that somebody shared."""
    path = Path(request.form.get("path", "").strip().strip('"')).expanduser()
    try:
        decision = taught.keep(context.db(), definition.read_file(path))
    except WatchdeskError as error:
        return _list(error)
    return _told(decision)


def _told(decision: Decision | None) -> ResponseReturnValue:
    notices.decided(decision)
    return redirect(url_for("logs.formats"), 303)


@blueprint.post("/formats/<format_id>/remove")
def remove_format(format_id: str) -> ResponseReturnValue:
    """Forget a taught format."""
    return _told(taught.remove(context.db(), format_id))


@blueprint.get("/formats/<format_id>/file")
def format_file(format_id: str) -> ResponseReturnValue:
    """A taught format as a file to share."""
    told = taught.one(context.db(), format_id)
    headers = {"Content-Disposition": f"attachment; filename={told.id}.json"}
    return Response(told.written(), mimetype="application/json", headers=headers)


# --- teaching --------------------------------------------------------------------------------------------------------


@blueprint.get("/formats/teach")
def teach() -> ResponseReturnValue:
    """The page on which a format is taught; with the lines of a file, or with a format to change."""
    known, file_id = request.args.get("id"), request.args.get("file", type=int)
    lines = teaching.sample_of(context.desk(), context.db(), file_id) if file_id else []
    if known:
        told = taught.one(context.db(), known)
        return _page(Lesson(lines, told.title, told.pattern, told.table, file_id, told.id))
    return _page(Lesson(lines, table=teaching.table_of(lines), file=file_id))


def _page(lesson: Lesson, status: int = 200) -> ResponseReturnValue:
    drawn = render_template("logs/teach.html", **_shown(lesson))
    return drawn, status


def _shown(lesson: Lesson) -> dict[str, object]:
    return {"lesson": lesson, "roles": ROLES, "delimiters": DELIMITERS}


def _given() -> Lesson:
    form = request.form
    lines = teaching.cleaned(form.get("lines", ""))
    file = form.get("file", "")
    return Lesson(
        lines, form.get("title", ""), form.get("pattern", "").strip("\r\n"), _table(lines),
        int(file) if file.isdecimal() and len(file) < 18 else None, form.get("id", ""),
    )  # fmt: skip


def _table(lines: Sequence[str]) -> Table | None:
    """Read the table that a form tells of; where its columns were not asked for yet, that which lines seem to be."""
    if request.form.get("kind") != "table":
        return None
    columns = tuple(one.strip() for one in request.form.getlist("column"))
    found = teaching.table_of(lines)
    if not columns:
        return found
    names = found.names if found and found.header else ()
    header = request.form.get("header") == "1" and bool(names)
    return Table(request.form.get("delimiter", ","), header, names if header else (), columns)


def _tried(lesson: Lesson) -> Lesson:
    """Read the sample lines by what was said; the name may still be missing."""
    if not lesson.lines or not (lesson.pattern or lesson.table):
        return lesson
    named = Definition("sample", "sample", lesson.pattern, lesson.table)
    try:
        _, tried = teaching.try_on(named, lesson.lines[1:] if _headed(lesson) else lesson.lines, context.zone())
    except UsageError as error:
        return _with(lesson, problem=error)
    return _with(lesson, tried=tried)


def _with(lesson: Lesson, **changed: object) -> Lesson:
    return replace(lesson, **changed)  # type: ignore[arg-type]  # its own fields


@blueprint.post("/formats/try")
def try_format() -> ResponseReturnValue:
    """What a format makes of the sample lines, as a fragment."""
    lesson = _given()
    try:
        marks = _marks(request.form.get("marks", ""))
        if marks and not lesson.table:
            line = request.form.get("line", "")[: teaching.LONGEST_LINE]
            lesson = _with(lesson, pattern=marking.pattern(line, marks, [one for one in lesson.lines if one != line]))
        lesson = _tried(lesson)
    except UsageError as error:
        lesson = _with(lesson, problem=error)
    return render_template("logs/_taught.html", **_shown(lesson))


def _marks(written: str) -> list[Mark]:
    """Read marks written ``start-end:name``, a line each."""
    found = []
    for line in written.split():
        place, _, name = line.partition(":")
        start, _, end = place.partition("-")
        if not (start.isdecimal() and end.isdecimal() and name and len(place) < 20):
            raise UsageError(text("These marks cannot be understood."), fix=text("Mark the line again."))
        found.append(Mark(int(start), int(end), name))
    return found


@blueprint.post("/formats/teach")
def save_format() -> ResponseReturnValue:
    """Keep a format; the file whose lines it was taught by is read again where that is wanted."""
    lesson = _given()
    try:
        told = _settled(lesson)
        decision = taught.keep(context.db(), told)
    except UsageError as error:
        return _page(_with(_tried(lesson), problem=error), 400)
    if lesson.file is None or request.form.get("again") != "1":
        return _told(decision)
    _told(decision)
    found = store.file_row(context.db(), lesson.file)
    job_id = service.read_by(context.db(), found.import_id, [found.id], told.format_id)
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


def _settled(lesson: Lesson) -> Definition:
    """Return the format of a lesson whose lines it was tried on."""
    told, tried = teaching.try_on(lesson.told(), lesson.lines[1:] if _headed(lesson) else lesson.lines, context.zone())
    if lesson.lines and not tried.timed:
        raise UsageError(text("No time could be read in these lines."), fix=text("Mark the whole time, with its date."))
    return told


def _headed(lesson: Lesson) -> bool:
    return lesson.table is not None and lesson.table.header
