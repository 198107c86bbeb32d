"""The command that renders what a page shows: the report."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.core import settings
from desktop_app.core.cli import DONE, severity, show
from desktop_app.core.desk import Desk
from desktop_app.core.errors import WatchdeskError
from desktop_app.core.extension import Command
from desktop_app.core.findings import VIEWS
from desktop_app.core.model import Severity
from desktop_app.core.text import text
from desktop_app.web.i18n import Language


def _configure_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["html"], default="html")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    parser.add_argument("--language", choices=["en", "zh"], help="the desk's language without it")
    parser.add_argument(
        "--view", action="append", choices=list(VIEWS), help="may be repeated; triage and confirmed without it"
    )
    parser.add_argument("--min-severity", type=severity, default=Severity.INFORMATIONAL, metavar="N")


def _report(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.web.report import ReportRequest, render

    views = tuple(dict.fromkeys(arguments.view or ("triage", "confirmed")))
    severities = tuple(int(one) for one in Severity if one >= arguments.min_severity)
    with desk.connection() as db:
        stored = arguments.language or settings.get(db, settings.LANGUAGE)
        chosen: Language = "zh" if stored == "zh" else "en"
        content = render(desk, db, ReportRequest(severities=severities, views=views), chosen)
    try:
        arguments.output.write_text(content, encoding="utf-8")
    except OSError as error:
        raise WatchdeskError(
            text("The report cannot be written to %(path)s.", path=str(arguments.output)),
            why=text("The system says: %(detail)s", detail=error.strerror or str(error)),
            fix=text("Choose a folder that this account may write to."),
        ) from error
    show(arguments, {"path": str(arguments.output), "bytes": len(content.encode())}, [str(arguments.output)])
    return DONE


COMMANDS = (Command("report", "write a report as one HTML file", _configure_report, _report),)
