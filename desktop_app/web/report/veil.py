"""A report with pseudonyms: what names somebody is replaced before anything is written, drawn or marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop_app.core import redaction
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.findings import FindingDetail, FindingRow
from desktop_app.core.redaction import Redactor
from desktop_app.web.report.choice import Choice

# What a document says in words of its own, and what its templates go by.
OWN_WORDS = frozenset({"name", "class", "word", "status", "verdict", "rule", "rule_version", "extension", "title"})
TOLD = ("cover", "summary", "charts", "cases", "actions", "unseen")


def of(desk: Desk, db: Connection, choice: Choice) -> Redactor | None:
    """Return what veils a report that asks for it; its key lives as long as the report is being written."""
    return redaction.redactor(desk.events, db, redaction.new_key()) if choice.redact else None


def veiled(found: FindingDetail, redactor: Redactor | None) -> FindingDetail:
    """Return a finding with pseudonyms in its values, its evidence and what people wrote; digests stay."""
    if redactor is None:
        return found
    told = redactor.text
    evidence = tuple(
        replace(one, host=one.host and told(one.host), source=one.source and told(one.source), raw=told(one.raw),
                fields={name: told(value) for name, value in one.fields.items()})
        for one in found.evidence
    )  # fmt: skip
    notes = tuple(replace(one, text=told(one.text)) for one in found.notes)
    reason = found.suppression and replace(found.suppression, reason=told(found.suppression.reason))
    return replace(found, row=_row(found.row, redactor), evidence=evidence, notes=notes, suppression=reason)


def _row(row: FindingRow, redactor: Redactor) -> FindingRow:
    return replace(
        row,
        asset=redactor.text(row.asset),
        group=tuple((name, redactor.text(value)) for name, value in row.group),
        values={name: redactor.text(value) for name, value in row.values.items()},
    )


def document(told: Mapping[str, Any], redactor: Redactor | None) -> dict[str, Any]:
    """Return the plain values of a document with pseudonyms in what is not of findings, and in what they cite."""
    if redactor is None:
        return dict(told)
    made = {name: redactor.value(value) if name in TOLD else value for name, value in told.items()}
    made["cover"] |= {name: told["cover"][name] for name in ("title", "version")}
    made["findings"] = [
        {name: value if name in OWN_WORDS else redactor.value(value) for name, value in one.items()}
        for one in told["findings"]
    ]
    return made
