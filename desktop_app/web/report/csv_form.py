"""A report as CSV: a line a finding. No cell is ever a formula, whatever was read from a log."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

from desktop_app.core.events.answers.export import safe
from desktop_app.core.reports import ReportData
from desktop_app.core.text import Text, text
from desktop_app.web.context import SEVERITIES
from desktop_app.web.inbox_view import STATUS_NAMES, VERDICT_NAMES
from desktop_app.web.report.rows import Row, rows
from desktop_app.web.report.writer import Writer

MARK = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as the code page of the machine
COLUMNS: tuple[Text, ...] = (
    text("Finding"), text("Severity"), text("Status"), text("Verdict"), text("Title"), text("Asset"), text("Rule"),
    text("Version"), text("Events"), text("First seen"), text("Last seen"), text("Belongs together"),
    text("Why it matters"), text("Notes"), text("Evidence (SHA-256)"), text("Fingerprint"),
)  # fmt: skip


def write(writer: Writer, data: ReportData, target: BinaryIO, *, mark: bool = True) -> None:
    """Write the findings that are told; where some are left out, a last line says how many."""
    if mark:
        target.write(MARK)
    target.write(_line([writer.say(one) for one in COLUMNS]))
    target.writelines(_line(cells(writer, row)) for row in rows(writer, data))
    if data.left_out:
        said = text("%(shown)s of %(total)s findings are listed.", shown=len(data.ids), total=data.total)
        target.write(_line([writer.say(said), *[""] * (len(COLUMNS) - 1)]))
    if writer.note:
        target.write(_line([writer.note, *[""] * (len(COLUMNS) - 1)]))


def cells(writer: Writer, one: Row) -> list[str]:
    """Return the cells of a finding, before they are made safe."""
    row = one.found.row
    return [
        row.name,
        writer.say(SEVERITIES[row.severity][1]),
        writer.say(STATUS_NAMES[row.status]),
        writer.say(VERDICT_NAMES[row.verdict]) if row.verdict else "",
        one.title,
        row.asset,
        row.rule_id,
        row.rule_version,
        str(row.count),
        writer.stamp(row.first_seen),
        writer.stamp(row.last_seen),
        "; ".join(f"{name}={value}" for name, value in row.group),
        one.texts.why,
        "\n".join(note.text for note in one.found.notes),
        " ".join(copy.sha256 for copy in one.found.evidence),
        one.fingerprint,
    ]


def _line(told: list[str]) -> bytes:
    buffer = io.StringIO(newline="")
    # A null would end the cell for some readers and hide what follows it.
    csv.writer(buffer).writerow([safe(one.replace("\0", "\u2400")) for one in told])
    return buffer.getvalue().encode("utf-8", "replace")
