"""A job that is killed at one of its steps: ``python -m tests.extensions.logs.jobs.killed FOLDER JOB STEP``.

A step is a call that may change the disk: a statement of SQL, a commit, a file that is opened, renamed or deleted.
Prints how many there were where it comes to its end.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from desktop_app import bundled
from desktop_app.core.desk import Desk
from desktop_app.core.jobs import run_here
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs.jobs import compacting

STEPS = frozenset({"execute", "executemany", "commit", "__exit__", "open", "rename", "replace", "unlink", "fsync"})


def main() -> None:
    """Run the job, and die before the step."""
    folder, job, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    taken = 0

    def watch(_frame: Any, event: str, called: Any) -> None:
        nonlocal taken
        if event == "c_call" and called.__name__ in STEPS:
            taken += 1
            if taken == last:
                os.kill(os.getpid(), signal.SIGKILL)

    compacting.KEPT_SECONDS = 0.0
    desk = Desk(DataFolder(folder), bundled.EXTENSIONS)
    threading.setprofile(watch)
    sys.setprofile(watch)
    run_here(desk, job)
    sys.setprofile(None)
    sys.stdout.write(str(taken))


if __name__ == "__main__":
    main()
