"""Tries a site's template on what the desk holds, so that a fault is seen before a report needs it."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core import reports
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.text import Text, text
from desktop_app.web.report import make, model, sandbox, template
from desktop_app.web.report.choice import STATUSES, Choice
from desktop_app.web.report.template import TemplateFault
from desktop_app.web.report.writer import site_zone

FINDINGS = 20  # enough for every branch of a template


def fault(desk: Desk, db: Connection) -> tuple[Text, ...]:
    """Return what is wrong with the site's template, nothing where it can be used; UsageError where there is none."""
    if not template.exists(desk.folder):
        raise UsageError(
            text("This desk has no template of its own."), fix=text("Write a copy of ours to start from, then edit it.")
        )
    return fault_in(desk, db, template.place(desk.folder))


def fault_in(desk: Desk, db: Connection, here: Path) -> tuple[Text, ...]:
    """Return what is wrong with the template that lies in a folder, nothing where it can be used."""
    choice = Choice(period="0", statuses=STATUSES)
    zone = site_zone(db)
    data = reports.gather(desk, db, choice.scope(zone, desk.clock()), zone, FINDINGS)
    try:
        sandbox.page(model.build(desk, db, choice, make.language_of(db, choice), data), template.load_from(here))
    except TemplateFault as found:
        return found.parts()
    return ()
