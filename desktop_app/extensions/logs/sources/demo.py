"""Sample data: two days in the life of a plant that does not exist, with an intrusion in it.

Everything is generated from a fixed seed and from ``now``; addresses are those kept for documentation (RFC 5737). Each
file says in its name that it is sample data. The story: somebody guesses a password of ``web01`` and gets in, makes
an account there, then guesses one of the gateway ``OPC-GW-02``, gets in, makes itself at home and clears the log;
meanwhile the disk of ``HIST-01`` fills up.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_app.core.model import Micros
from desktop_app.extensions.logs.sources import demo_linux, demo_web, demo_windows
from desktop_app.extensions.logs.sources.demo_story import SEED, Line, Story

FOLDER = "sample-data"

FILES: dict[str, Callable[[Story], Iterable[Line]]] = {
    "sample-web01-auth.log": demo_linux.auth,
    "sample-web01-syslog": demo_linux.web_syslog,
    "sample-hist01-syslog": demo_linux.historian_syslog,
    "sample-web01-nginx-access.log": demo_web.access,
    "sample-hist01-historian.jsonl": demo_web.historian,
    "sample-OPC-GW-02-events.jsonl": demo_windows.gateway,
    "sample-ENG-WS-04-events.jsonl": demo_windows.workstation,
    "sample-HMI-07-events.jsonl": demo_windows.panel,
}


def write_demo(folder: Path, now: Micros) -> list[Path]:
    """Write the sample files below ``folder`` and return them; the last event is a few minutes before ``now``.

    The same ``now`` gives the same bytes.
    """
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (name, tell) in enumerate(FILES.items()):
        story = Story(now, random.Random(SEED + number))  # noqa: S311 - the same data each time, not a secret
        path = target / name
        lines = sorted(tell(story), key=lambda line: line[0])
        path.write_text("".join(f"{line}\n" for _, line in lines), "utf-8", newline="\n")
        os.utime(path, (now / 1e6, now / 1e6))  # what is a line's year, where it has none
        written.append(path)
    return written
