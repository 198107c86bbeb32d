"""Without a window: the person's own browser, or an address to open."""

from __future__ import annotations

import logging
import sys
import webbrowser

from desktop_app.shell import display

log = logging.getLogger(__name__)


def say(line: str) -> None:
    """Print one line at once; a program started by a double-click has nowhere to print to."""
    if sys.stdout is not None:
        sys.stdout.write(line + "\n")  # one write: other threads must not get between the address and its end
        sys.stdout.flush()


def show(address: str) -> None:
    """Open a start address in the default browser, or print it: it is valid once."""
    # Without a display, webbrowser would start a browser of the terminal in the middle of ours.
    if display.present() and _opened(address):
        log.info("The page was opened in the default browser")
        return
    log.info("The address was printed")
    say(address)


def _opened(address: str) -> bool:
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
