"""How this very program is started once more, for a piece of work that is better done in a process of its own."""

from __future__ import annotations

import sys


def own_program() -> list[str]:
    """Return the first words of a command that starts this program; the words of the command follow."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "desktop_app"]
