"""Printing to PDF, as rooms below the shell see it: something that turns one of our HTML files into a PDF file.

The engine is that of the window, which only the shell may know; the desk carries it down.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.text import text

# Takes a self-contained HTML file and the PDF file to be written; raises CannotPrint.
Printer = Callable[[Path, Path], None]


class CannotPrint(WatchdeskError):
    """There is nothing here that prints, or what is here did not."""


def no_engine(source: Path, target: Path) -> None:
    """Refuse: nothing here can print."""
    del source, target
    raise CannotPrint(
        text("No PDF can be made on this machine: there is no engine that prints pages."),
        fix=text("Make the report as HTML and print it from any browser."),
    )
