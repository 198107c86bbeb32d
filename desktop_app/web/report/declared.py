"""The settings of reports."""

from __future__ import annotations

from desktop_app.core.settings import Setting
from desktop_app.core.text import text

SITE = Setting(
    "report_site",
    "text",
    text("Name of the site"),
    text("Stands on the cover of reports and at the head of each printed page."),
    "",
)
AUTHOR = Setting(
    "report_author",
    "text",
    text("Author of reports"),
    text("Stands on the cover of reports: a name, a department, a telephone number."),
    "",
)
