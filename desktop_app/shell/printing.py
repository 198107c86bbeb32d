"""Prints a report to PDF with the engine of this system; one small file a system behind this interface."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from desktop_app.core.errors import system_says
from desktop_app.core.printing import CannotPrint, no_engine
from desktop_app.core.text import Text, text
from desktop_app.shell import display

PATIENCE_SECONDS = 300
HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would flash a console


class Engine(Protocol):
    """What prints. It gets a self-contained file that runs no script and loads nothing."""

    def print_file(self, source: Path, target: Path) -> None:
        """Print a file to PDF; raises CannotPrint."""


def of_this_system() -> Engine | None:
    """Return the engine of this system, None where there is none."""
    if sys.platform == "win32":
        from desktop_app.shell.printing_windows import Edge

        return Edge.found()
    if sys.platform == "darwin":
        from desktop_app.shell.printing_mac import Mac

        return Mac()
    if display.linux_toolkit() == "gtk":
        from desktop_app.shell.printing_gtk import Gtk

        return Gtk() if display.gtk_installed() else None
    from desktop_app.shell.printing_qt import Qt

    return Qt()


def print_pdf(source: Path, target: Path) -> None:
    """Print one of our HTML files; the PDF gets its title, its language and bookmarks. Raises CannotPrint."""
    engine = of_this_system()
    if engine is None:
        no_engine(source, target)
        return
    target.unlink(missing_ok=True)
    engine.print_file(source, target)
    if not target.is_file() or not target.stat().st_size:
        raise failed()
    from desktop_app.shell import pdf  # every command names this printer, few print

    pdf.finish(source, target)


def print_here(source: Path, target: Path) -> bool:
    """Print in this process, which does nothing else; False where it did not work. For the command alone."""
    if sys.platform == "darwin":
        from desktop_app.shell import printing_mac

        return printing_mac.print_here(source, target)
    if sys.platform == "win32":
        print_pdf(source, target)
        return True
    if display.linux_toolkit() == "gtk":
        from desktop_app.shell import printing_gtk

        return printing_gtk.print_here(source, target)
    from desktop_app.shell import printing_qt

    return printing_qt.print_here(source, target)


def run(arguments: Sequence[str]) -> None:
    """Run a program that prints and wait for its end; what it says goes nowhere but into our sentence."""
    try:
        done = subprocess.run(
            arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS, check=False,
            creationflags=HIDDEN,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise CannotPrint(
            text("Printing took more than %(minutes)s minutes and was stopped.", minutes=PATIENCE_SECONDS // 60),
            fix=text("Choose a shorter period, or tell fewer findings in full."),
        ) from error
    except OSError as error:
        raise failed(system_says(error)) from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise failed(system_says(said) if said else None)


def failed(why: Text | None = None) -> CannotPrint:
    """Return the error of an engine that did not print."""
    return CannotPrint(
        text("The report could not be printed to PDF."),
        why=why,
        fix=text("Make the report as HTML and print it from any browser."),
    )
