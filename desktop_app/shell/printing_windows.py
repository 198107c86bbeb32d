"""Windows: Microsoft Edge, which is part of the system, prints without a window. Written for it, never tried on it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from desktop_app.shell import printing

PLACES = ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")
BELOW = Path("Microsoft", "Edge", "Application", "msedge.exe")


@dataclass(frozen=True)
class Edge:
    """An Edge of this machine."""

    program: Path

    @classmethod
    def found(cls) -> Edge | None:
        """Return the Edge that is installed, None where it was removed."""
        places = (Path(os.environ[name]) / BELOW for name in PLACES if os.environ.get(name))
        program = next((one for one in places if one.is_file()), None)
        return None if program is None else cls(program)

    def print_file(self, source: Path, target: Path) -> None:
        """Print in a profile of its own: an Edge that runs already would take the work over and print nothing."""
        with tempfile.TemporaryDirectory(prefix="watchdesk-print-", ignore_cleanup_errors=True) as profile:
            printing.run(
                [
                    str(self.program), "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run",
                    "--disable-background-networking", "--blink-settings=scriptEnabled=false",
                    "--no-pdf-header-footer", f"--user-data-dir={profile}", f"--print-to-pdf={target.resolve()}",
                    source.resolve().as_uri(),
                ]
            )  # fmt: skip
