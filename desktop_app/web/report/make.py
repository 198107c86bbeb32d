"""From a choice to a file, in any of the formats; for a page, a job and the command line alike."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_app.core import report_files, reports, settings
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.report_files import Frozen, Label
from desktop_app.core.reports import ReportData
from desktop_app.core.text import Text
from desktop_app.web import i18n
from desktop_app.web.i18n import Language
from desktop_app.web.report import csv_form, json_form, model, render, sandbox, sarif_form, template, veil
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.template import TemplateFault
from desktop_app.web.report.writer import Writer, site_zone

SUFFIXES = {"html": ".html", "pdf": ".pdf", "csv": ".csv", "json": ".json", "sarif": ".sarif"}
TYPES = {"html": "text/html", "pdf": "application/pdf", "csv": "text/csv", "json": "application/json",
         "sarif": "application/sarif+json"}  # fmt: skip
LARGEST_TABLE = 100_000  # findings in CSV, JSON and SARIF, which are written one by one


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the data it tells, and what was wrong with the site's template (then ours was used)."""

    data: ReportData
    fault: tuple[Text, ...] = ()


def language_of(db: Connection, choice: Choice, otherwise: Language = "en") -> Language:
    """Return the language of a report: the one asked for, else the desk's, else the reader's."""
    asked = choice.language or str(settings.get(db, settings.LANGUAGE))
    return otherwise if asked not in i18n.LOCALES else "zh" if asked == "zh" else "en"


def write(desk: Desk, db: Connection, choice: Choice, language: Language, target: Path) -> Made:
    """Write the report that is asked for. Raises CannotPrint where there is nothing that makes a PDF."""
    zone = site_zone(db)
    most = choice.most if choice.format in {"html", "pdf"} else LARGEST_TABLE
    data = reports.gather(desk, db, choice.scope(zone, desk.clock()), zone, most)
    if choice.format in {"html", "pdf"}:
        page, fault = document(desk, db, choice, language, data)
        _keep(desk, page, target, printed=choice.format == "pdf")
        return Made(data, fault)
    writer = Writer(desk, db, language, zone, veil.of(desk, db, choice))
    with target.open("wb") as file:
        _tables(writer, choice, data)[choice.format](file)
    return Made(data)


def _tables(writer: Writer, choice: Choice, data: ReportData) -> dict[str, Callable[[BinaryIO], None]]:
    return {
        "csv": lambda file: csv_form.write(writer, data, file, mark=choice.bom),
        "json": lambda file: json_form.write(writer, choice, data, file),
        "sarif": lambda file: sarif_form.write(writer, data, file),
    }


def document(
    desk: Desk, db: Connection, choice: Choice, language: Language, data: ReportData
) -> tuple[str, tuple[Text, ...]]:
    """Return gathered data as HTML, and what was wrong with the site's own template where there is one."""
    told = model.build(desk, db, choice, language, data)
    if choice.plain or not template.exists(desk.folder):
        return render.page(told), ()
    try:
        return sandbox.page(told, template.load(desk.folder)), ()
    except TemplateFault as fault:
        return render.page(told), fault.parts()


def preview(desk: Desk, db: Connection, choice: Choice, language: Language, most: int) -> str:
    """Return the HTML of a choice with its first findings alone: quick on any desk, and never kept."""
    zone = site_zone(db)
    data = reports.gather(desk, db, choice.scope(zone, desk.clock()), zone, min(most, choice.most))
    return document(desk, db, choice, language, data)[0]


def _keep(desk: Desk, page: str, target: Path, *, printed: bool) -> None:
    if not printed:
        target.write_text(page, encoding="utf-8", errors="replace")
        return
    with tempfile.TemporaryDirectory(prefix="watchdesk-print-", ignore_cleanup_errors=True) as name:
        source = Path(name) / "report.html"
        source.write_text(page, encoding="utf-8", errors="replace")
        desk.printer(source, target)


def freeze(
    desk: Desk, db: Connection, choice: Choice, language: Language, schedule_id: int | None = None
) -> tuple[Frozen, Made]:
    """Make a report and keep it as a file of the desk."""
    suffix = SUFFIXES[choice.format]
    with tempfile.TemporaryDirectory(prefix="report-", dir=desk.folder.reports, ignore_cleanup_errors=True) as name:
        target = Path(name) / f"report{suffix}"
        made = write(desk, db, choice, language, target)
        data = made.data
        label = Label(data.created, data.scope.start, data.scope.end, choice.to_json(), choice.format, language,
                      len(data.ids), data.left_out, schedule_id)  # fmt: skip
        return report_files.freeze(desk, db, target, suffix, label), made
