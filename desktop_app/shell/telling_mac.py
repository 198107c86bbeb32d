"""macOS: osascript, which is part of the system. Written for it, never tried; a click leads nowhere."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

# The words are arguments of the script, never part of it: nothing in them is executed.
SCRIPT = "on run words\ndisplay notification (item 2 of words) with title (item 1 of words)\nend run"
PATIENCE_SECONDS = 10


class Notifier:
    """Asks the system's script runner."""

    def show(self, headline: str, body: str, *, urgent: bool, clicked: Callable[[], None]) -> None:
        """Show a message."""
        del urgent, clicked  # osascript knows neither
        done = subprocess.run(
            ["/usr/bin/osascript", "-e", SCRIPT, headline, body], timeout=PATIENCE_SECONDS, check=False
        )  # fmt: skip
        if done.returncode:
            raise OSError(f"osascript ended with {done.returncode}")

    def close(self) -> None:
        """Nothing is held."""
