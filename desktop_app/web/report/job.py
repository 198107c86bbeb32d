"""Reports as jobs: one that a person asked for, and those that a schedule puts into a folder."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core import report_files, schedules
from desktop_app.core.cadence import before
from desktop_app.core.errors import UsageError, WatchdeskError, system_says
from desktop_app.core.jobs import JobContext
from desktop_app.core.model import Micros, moment
from desktop_app.core.report_files import Frozen
from desktop_app.core.text import Text, ntext, text
from desktop_app.web.i18n import Language
from desktop_app.web.report import make
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.writer import site_zone

MAKE, SCHEDULED = "report.make", "report.scheduled"
MOST_KEPT = 1000


class FolderUnusable(WatchdeskError):
    """The folder that a schedule writes to cannot take a report now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a schedule makes: the choice (its period is that since the run before), formats, where to, how many runs.

    ``keep`` 0 keeps all.
    """

    choice: Choice
    language: Language
    formats: tuple[str, ...]
    folder: str
    keep: int

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` reads back."""
        return {"choice": self.choice.to_json(), "language": self.language, "formats": list(self.formats),
                "folder": self.folder, "keep": self.keep}  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Plan:
        """Read back a stored plan."""
        language = _language(stored["language"])
        return cls(Choice.from_json(stored["choice"]), language, tuple(stored["formats"]), str(stored["folder"]),
                   int(stored["keep"]))  # fmt: skip


def _language(stored: object) -> Language:
    return "zh" if stored == "zh" else "en"


def run_make(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make one report and keep it; params: choice, language. The result names the report."""
    language = _language(params["language"])
    frozen, made = make.freeze(context.desk, context.db, Choice.from_json(params["choice"]), language)
    _warn(context, made.fault)
    report_files.sweep(context.desk, context.db, context.now())
    return {"report": frozen.id}


def run_scheduled(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make the reports of a schedule for the time it stands for, put copies into its folder, remove the oldest."""
    plan, standing = Plan.from_json(params), schedules.schedule(context.db, int(params["schedule"]))
    due, zone = int(params["due"]), site_zone(context.db)
    folder = usable(plan.folder)
    period = plan.choice.between(before(standing.cadence, due, zone), due)
    made = []
    for place, name in enumerate(plan.formats):
        context.progress(place, len(plan.formats))
        frozen = _made_before(context, standing.id, name, due) or _make(context, plan, replace(period, format=name),
                                                                         standing.id)  # fmt: skip
        copy = put(report_files.checked(context.desk, frozen), folder, file_name(standing.title, due, zone))
        report_files.remember_copy(context.db, frozen.id, copy)
        made.append(frozen.id)
    gone = prune(context, standing.id, plan.keep * len(plan.formats))
    if gone:
        context.log("info", ntext("Removed 1 old report", "Removed %(num)s old reports", num=gone))
    report_files.sweep(context.desk, context.db, context.now())
    return {"reports": made}


def _make(context: JobContext, plan: Plan, choice: Choice, schedule_id: int) -> Frozen:
    frozen, made = make.freeze(context.desk, context.db, choice, plan.language, schedule_id)
    _warn(context, made.fault)
    return frozen


def _made_before(context: JobContext, schedule_id: int, name: str, due: Micros) -> Frozen | None:
    """Return what an earlier try of the same run has made already; only its copy is to be put in place."""
    standing = report_files.listing(context.db, MOST_KEPT, schedule_id)
    there = (one for one in standing if one.period_to == due and one.format == name)
    return next((one for one in there if (context.desk.folder.reports / one.path).is_file()), None)


def _warn(context: JobContext, fault: tuple[Text, ...]) -> None:
    for one in fault:
        context.log("warning", one)
    if fault:
        context.log("warning", text("The report was made with the template that Watchdesk brings."))


def prune(context: JobContext, schedule_id: int, keep: int) -> int:
    """Remove what a schedule made beyond the newest ``keep`` reports (0: nothing); returns how many."""
    old = report_files.listing(context.db, 10_000, schedule_id)[keep:] if keep else []
    for one in old:
        report_files.retire(context.desk, context.db, one)
    return len(old)


# --- the folder ------------------------------------------------------------------------------------------------------


def usable(written: str) -> Path:
    """Return the folder of a schedule; FolderUnusable where it is not there or takes nothing now.

    It is never made: a stick or share that is not there would otherwise be filled beside itself.
    """
    folder = Path(written)
    if not folder.is_absolute():
        raise UsageError(
            text("The folder must be named in full: %(path)s", path=written), fix=text("Write it from its root on.")
        )
    if not folder.is_dir():
        raise FolderUnusable(
            text("The folder for reports is not there: %(path)s", path=written),
            why=text("A stick may be unplugged, or a share out of reach."),
            fix=text("Bring it back or choose another folder; it is tried again by itself."),
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _refused(folder, text("This account may not write there."))
    return folder


def put(report: Path, folder: Path, name: str) -> Path:
    """Copy a report into a folder, whole or not at all; returns the copy. Nothing there is overwritten."""
    target = _free(folder, name, report)
    part = folder / f".{target.name}.part"
    try:
        with report.open("rb") as source, part.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        part.replace(target)
    except OSError as error:
        _forget(part)
        raise _refused(folder, system_says(error)) from error
    return target


def _free(folder: Path, name: str, report: Path) -> Path:
    """Return a name that is free, or that of the very same bytes."""
    digest = report_files.sha256(report)
    for number in range(1, 1000):
        target = folder / f"{name}{'' if number == 1 else f'-{number}'}{report.suffix}"
        if not target.exists() or (target.is_file() and report_files.sha256(target) == digest):
            return target
    raise _refused(folder, text("There are too many files of the same name."))


def _forget(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the folder is out of reach as a whole; its own trouble is told


def _refused(folder: Path, why: Text) -> FolderUnusable:
    return FolderUnusable(
        text("The report could not be put into %(path)s.", path=str(folder)),
        why=why,
        fix=text("It stays in the list of reports, and is tried again by itself."),
    )


def file_name(title: Text, due: Micros, zone: ZoneInfo) -> str:
    """Return the name of a copy: what the schedule is called, and the time it stands for."""
    words = re.sub(r"[^\w-]+", "-", str(title)).strip("-_")[:60] or "report"
    return f"{words}-{moment(due).astimezone(zone):%Y-%m-%d-%H%M}"
