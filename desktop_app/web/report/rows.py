"""Findings one by one as programs read them: the common ground of CSV, JSON and SARIF. Nothing is held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.core import reports
from desktop_app.core.database import value
from desktop_app.core.findings import FindingDetail
from desktop_app.core.model import Micros, stamp
from desktop_app.core.reports import ReportData
from desktop_app.core.rules.texts import Texts
from desktop_app.web.report import veil
from desktop_app.web.report.writer import Writer


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with its texts in the reader's language and its fingerprint."""

    found: FindingDetail
    texts: Texts
    fingerprint: str

    @property
    def title(self) -> str:
        """The sentence that names it."""
        return self.texts.title or self.found.row.rule_id


def rows(writer: Writer, data: ReportData) -> Iterator[Row]:
    """Yield the findings that are told, in their order."""
    for told in reports.told(writer.db, data.ids):
        found = veil.veiled(told, writer.redactor)
        fingerprint = value(writer.db, "SELECT fingerprint FROM findings WHERE id = ?", [found.row.id])
        yield Row(found, writer.texts.of(found.row), str(fingerprint))


def exact(time: Micros) -> str:
    """Return a time in UTC to the microsecond, as ISO 8601."""
    return str(stamp(time))
