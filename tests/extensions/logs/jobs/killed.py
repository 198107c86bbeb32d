"""A job that is killed at one of its steps: ``python -m tests.extensions.logs.jobs.killed FOLDER JOB STEP``.

A step is a call that may change the disk: a statement of SQL, a commit, a file that is opened, renamed or deleted.
Prints how many there were where it comes to its end.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.core.desk import Desk
from desktop_app.core.jobs import run_here
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs.jobs import compacting

SHARES = (0.15, 0.5, 0.8, 0.995)
STEPS = frozenset({"execute", "executemany", "commit", "__exit__", "open", "rename", "replace", "unlink", "fsync"})


def again(folder: Path) -> Desk:
    """Return a desk as the next start has it, its job not begun or whole."""
    desk = Desk(DataFolder(folder), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    jobs.recover(desk)
    return desk


def copies(desk: Desk, job_id: int, where: Path) -> Iterator[Desk]:
    """Yield a copy of the desk in which the job came to its end, then copies in which it was killed on the way."""
    total = 0
    for share in (0.0, *SHARES):
        folder = where / f"killed-{share}"
        shutil.copytree(desk.folder.root, folder)
        words = [sys.executable, "-m", __name__, str(folder), str(job_id), str(int(share * total))]
        ended = subprocess.run(words, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[4])
        assert ended.returncode == (-signal.SIGKILL if share else 0), ended.stderr
        total = total or int(ended.stdout)
        yield again(folder)


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
