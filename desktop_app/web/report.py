"""A report as one self-contained HTML document. Rendering needs no request: the command line does it too."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from desktop_app.core import findings, reports, settings
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.findings import Filter, FindingDetail, View
from desktop_app.core.model import Micros
from desktop_app.core.paths import resource
from desktop_app.core.reports import ReportData
from desktop_app.core.rules.texts import Texts
from desktop_app.core.version import VERSION
from desktop_app.web import figures, i18n, times
from desktop_app.web.context import SEVERITIES, number
from desktop_app.web.evidence import Lines, lines
from desktop_app.web.evidence import wanted as marks
from desktop_app.web.i18n import Language, Translator
from desktop_app.web.inbox_view import STATUS_NAMES, VERDICT_NAMES, VIEW_NAMES
from desktop_app.web.sentences import Sentences
from desktop_app.web.spark import Spark, spark


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is to be reported. Times are µs UTC, the end not included; None is open. No severities means all."""

    start: Micros | None = None
    end: Micros | None = None
    severities: tuple[int, ...] = ()
    views: tuple[View, ...] = ("triage", "confirmed")

    def filters(self) -> list[Filter]:
        """Return the filters of the inbox that hold what is reported."""
        return [Filter(view, severities=self.severities, since=self.start, until=self.end) for view in self.views]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a report tells it."""

    found: FindingDetail
    texts: Texts
    lines: Lines
    spark: Spark | None


@cache
def style() -> str:
    """Return the style sheet that a report carries inside itself."""
    return resource("ui", "static", "report.css").read_text(encoding="utf-8")


def policy() -> str:
    """Return the content policy under which a report is shown: its own style and nothing else."""
    digest = b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def render(desk: Desk, db: Connection, wanted: ReportRequest, language: Language) -> str:
    """Return the report as one HTML document in a language."""
    return document(desk, db, wanted, reports.gather(desk, db, wanted.filters()), language)


def freeze(desk: Desk, db: Connection, wanted: ReportRequest, language: Language) -> Path:
    """Keep the report as a file of the desk and return its path."""
    data = reports.gather(desk, db, wanted.filters())
    content = document(desk, db, wanted, data, language).encode()
    return reports.freeze(desk, db, data, content, ".html")


def document(desk: Desk, db: Connection, wanted: ReportRequest, data: ReportData, language: Language) -> str:
    """Return gathered data as an HTML document in a language."""
    sentences = Sentences(db, language)
    zone = ZoneInfo(str(settings.get(db, settings.SITE_ZONE)))
    return _environment(i18n.translator(language), zone).get_template("report/document.html").render(
        lang=i18n.TAGS[language],
        style=Markup(style()),  # noqa: S704 - our own file, no input
        version=VERSION,
        wanted=wanted,
        data=data,
        inputs=figures.inputs(db),
        gaps=figures.gaps(db),
        rules=figures.rule_states(db),
        told=[_told(db, sentences, one) for one in data.details],
        extensions={one.id: one.title for one in desk.extensions},
        views=VIEW_NAMES,
        statuses=STATUS_NAMES,
        verdicts=VERDICT_NAMES,
    )  # fmt: skip


def _told(db: Connection, sentences: Sentences, found: FindingDetail) -> Told:
    row = found.row
    texts = sentences.of(row)
    drawn = lines(found.evidence, row.count, marks(row, texts.title + texts.why))
    return Told(found, texts, drawn, spark(findings.spark(db, row.id), row.last_seen))


def _environment(translate: Translator, zone: ZoneInfo) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(resource("ui", "templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined] # added by the extension
    install(translate.gettext, translate.ngettext, newstyle=True)
    environment.filters |= _filters(translate, zone)
    return environment


def _filters(translate: Translator, zone: ZoneInfo) -> dict[str, Callable[[Any], str]]:
    say = translate.say
    return {
        "say": say,
        "number": number,
        "stamp": lambda time: f"{times.stamp(time, zone)} {times.offset(time, zone)}",
        "moment": lambda time: f"{times.stamp(time, zone)[:10]} {times.fine(time, zone)}",
        "span": lambda length: say(times.span(length)),
        "severity": lambda value: say(SEVERITIES[value][1]),
        "sevclass": lambda value: SEVERITIES[value][0],
    }
