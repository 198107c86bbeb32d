"""The commands that render what a page shows: the report, and drawing one with a site's template."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from desktop_app.core.cli import DONE, severity, show, whole_number
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError, system_says
from desktop_app.core.extension import Command
from desktop_app.core.findings import VIEWS
from desktop_app.core.model import Severity, stamp
from desktop_app.core.text import text

if TYPE_CHECKING:
    from desktop_app.web.report.choice import Choice

FAULTY = 3
TEMPLATES = ("own", "ours", "write", "check")


def _configure_report(parser: argparse.ArgumentParser) -> None:
    from desktop_app.web.report.choice import FORMATS, SECTIONS, STATUSES, VERDICTS

    add = parser.add_argument
    add("--format", choices=list(FORMATS), help="by the ending of FILE without it, else html")
    add("-o", "--output", type=Path, metavar="FILE")
    add("--language", choices=["en", "zh"], help="the desk's language without it")
    add("--from", dest="first", default="", metavar="T", help="a day of the site (2026-11-22) or a moment")
    add("--to", dest="last", default="", metavar="T", help="a day, which is included, or a moment, which is not")
    add("--days", choices=["1", "7", "30", "90"], help="the last days instead of --from and --to")
    add("--view", action="append", choices=list(VIEWS), help="may be repeated; triage and confirmed without it")
    add("--status", action="append", choices=STATUSES, help="may be repeated; instead of --view")
    add("--verdict", action="append", choices=VERDICTS, help="may be repeated; all without it")
    add("--min-severity", type=severity, default=Severity.INFORMATIONAL, metavar="N")
    add("--case", action="append", type=whole_number, metavar="N", help="the findings of a case; may be repeated")
    add("--asset", action="append", metavar="NAME", help="may be repeated; all without it")
    add("--section", action="append", choices=list(SECTIONS), help="may be repeated; all without it")
    add("--most", type=whole_number, default=500, metavar="N", help="findings told in full in HTML and PDF; 500")
    add("--no-bom", action="store_true", help="CSV without the mark that Excel needs")
    add("--redact", action="store_true", help="names, hosts, addresses and paths become pseudonyms")
    add("--template", choices=TEMPLATES, default="own", help="the site's own where there is one; write or check it")
    add("--list", action="store_true", help="list the reports that were frozen")
    add("--schema", action="store_true", help="print the JSON Schema of the format json")


def _report(desk: Desk, arguments: argparse.Namespace) -> int:
    if arguments.list:
        return _list(desk, arguments)
    if arguments.schema:
        return _schema(arguments)
    if arguments.template in {"write", "check"}:
        return _template(desk, arguments)
    if arguments.output is None:
        raise UsageError(text("Name the file to be written with -o FILE."))
    return _make(desk, arguments)


def _make(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.web.report import make

    choice = chosen(arguments)
    target: Path = arguments.output
    part = target.with_name(f".{target.name}.part")
    try:
        part.touch()
        with desk.connection() as db:
            made = make.write(desk, db, choice, make.language_of(db, choice), part)
        part.replace(target)
    except OSError as error:
        raise WatchdeskError(
            text("The report cannot be written to %(path)s.", path=str(target)),
            why=system_says(error),
            fix=text("Choose a folder that this account may write to."),
        ) from error
    finally:
        _forget(part)
    for one in made.fault:
        print(one, file=sys.stderr)  # noqa: T201 - what was wrong with the template, beside a report that was made
    data = made.data
    told = {"path": str(target), "bytes": target.stat().st_size, "findings": len(data.ids), "left_out": data.left_out,
            "digest": data.digest, "template_fault": [str(one) for one in made.fault] or None}  # fmt: skip
    more = [f"{len(data.ids)} of {data.total} findings told."] if data.left_out else []
    show(arguments, told, [str(target), *more])
    return DONE


def _forget(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # where nothing could be written, nothing is left


def chosen(arguments: argparse.Namespace) -> Choice:
    """Return what the words of the command ask for."""
    from desktop_app.web.asked import SEVERITY_WORDS
    from desktop_app.web.report.choice import SECTIONS, Choice, checked
    from desktop_app.web.report.make import SUFFIXES

    views = dict.fromkeys(arguments.view or ("triage", "confirmed"))
    statuses = arguments.status or [one.value for view in views for one in VIEWS[view]]
    ending = {suffix: name for name, suffix in SUFFIXES.items()}.get(arguments.output.suffix.lower(), "html")
    severities = [word for word, number in SEVERITY_WORDS.items() if number >= arguments.min_severity]
    days = arguments.first or arguments.last
    if days and arguments.days:
        raise UsageError(text("Give either --days, or --from and --to."))
    return checked(
        Choice(
            format=arguments.format or ending, language=arguments.language or "",
            period=arguments.days or ("days" if days else "0"), first=arguments.first, last=arguments.last,
            severities=tuple(severities) if arguments.min_severity > 1 else (),
            statuses=tuple(dict.fromkeys(statuses)), verdicts=tuple(arguments.verdict or ()),
            assets=tuple(arguments.asset or ()), cases=tuple(map(str, arguments.case or ())),
            sections=tuple(arguments.section or SECTIONS), most=max(arguments.most, 1),
            plain=arguments.template == "ours", bom=not arguments.no_bom, redact=arguments.redact,
        )
    )  # fmt: skip


def _list(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.core import report_files

    with desk.connection() as db:
        found = report_files.listing(db, 10_000)
    shown = [
        {"id": one.id, "created": stamp(one.created), "from": stamp(one.period_from), "to": stamp(one.period_to),
         "format": one.format, "findings": one.findings, "left_out": one.left_out, "sha256": one.sha256,
         "path": str(desk.folder.reports / one.path), "query": one.query}
        for one in found
    ]  # fmt: skip
    lines = [f"{one['id']:5}  {one['created']}  {one['format']:5}  {one['sha256']}  {one['path']}" for one in shown]
    show(arguments, shown, lines or ["No reports."])
    return DONE


def _schema(arguments: argparse.Namespace) -> int:
    from desktop_app.web.report.json_form import SCHEMA

    show(arguments, SCHEMA, [orjson.dumps(SCHEMA, option=orjson.OPT_INDENT_2).decode()])
    return DONE


def _template(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.web.report import template, trial

    if arguments.template == "write":
        path = template.write_copy(desk.folder)
        show(arguments, {"path": str(path)}, [str(path)])
        return DONE
    with desk.connection() as db:
        fault = trial.fault(desk, db)
    sentences = [str(one) for one in fault]
    show(arguments, {"ok": not fault, "fault": sentences}, sentences or ["The template can be used."])
    return FAULTY if fault else DONE


def _configure_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("asked", type=Path, metavar="JSON", help="a report's values and the template")
    parser.add_argument("answer", type=Path, metavar="HTML")


def _render(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.web.report import sandbox

    del desk
    fault = sandbox.draw(arguments.asked, arguments.answer)
    if fault is not None:
        sys.stdout.buffer.write(orjson.dumps(fault.to_json()))
    return DONE if fault is None else FAULTY


COMMANDS = (
    Command("report", "write a report: HTML, PDF, CSV, JSON or SARIF", _configure_report, _report),
    Command("render", "draw a report with a template, in a process of its own", _configure_render, _render,
            opens=False),
)  # fmt: skip
