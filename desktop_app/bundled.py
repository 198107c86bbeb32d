"""The shipped extensions, named one by one: nothing is found by searching."""

from __future__ import annotations

from desktop_app.core.extension import Extension
from desktop_app.extensions.handbook.extension import extension as handbook
from desktop_app.extensions.logs.extension import extension as logs
from desktop_app.web.keeping import extension as desk
from desktop_app.web.report.room import room as reports

# The last two are rooms of the house itself, declared the same way.
EXTENSIONS: tuple[Extension, ...] = (logs, handbook, desk, reports)


def load() -> tuple[Extension, ...]:
    """Return the extensions; named by reference where a worker process has to find them anew."""
    return EXTENSIONS
