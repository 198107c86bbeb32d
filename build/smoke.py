"""Try the packaged program as a person would get it: an empty environment, another folder, a home of its own.

``python3 build/smoke.py [--no-window]`` needs only the standard library, what is in ``dist``, and for the window Xvfb.
Ends with 0 when everything worked, else with the first thing that did not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DIST = Path(__file__).resolve().parent.parent / "dist"
LIMIT_MB = 230
ALLOWED_SECONDS = 0.5  # what the second start of the one file may need beyond the folder form
# Only how long a hang is waited for.
PATIENCE = 120.0
STARTS = 3
FAILURES = 40


class Failed(Exception):
    """Something did not work."""


def need(condition: object, what: str) -> None:
    """Fail with a sentence unless the condition holds."""
    if not condition:
        raise Failed(what)


def sample() -> str:
    """Return an auth.log of a made-up machine: many refused passwords from one address, then one that fits."""
    refused = "Mar  3 04:{:02d}:{:02d} gate-01 sshd[{}]: Failed password for {} from 203.0.113.7 port {} ssh2\n"
    names = ("operator", "invalid user backup")
    lines = [refused.format(5 + n // 60, n % 60, 900 + n, names[n % 7 == 0], 40000 + n) for n in range(FAILURES)]
    lines.append("Mar  3 04:06:10 gate-01 sshd[990]: Accepted password for operator from 203.0.113.7 port 41000 ssh2\n")
    return "".join(lines)


class Person:
    """An account that has never seen Watchdesk: an empty home and almost no environment."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = home
        self.mark = secrets.token_hex(8)
        self.env = {"HOME": str(home), "PATH": "/usr/bin:/bin", "SMOKE": self.mark, **more}

    def start(self, program: Path, *words: str) -> subprocess.Popen[str]:
        """Start the program from another folder than its own."""
        return subprocess.Popen([str(program), *words], env=self.env, cwd="/", text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    def ask(self, program: Path, *words: str) -> Any:
        """Run a command with ``--json`` and return its one value."""
        process = self.start(program, *words, "--json")
        out, complaints = process.communicate(timeout=PATIENCE)
        need(process.returncode == 0, f"{' '.join(words)} ended with {process.returncode}: {complaints.strip()[-600:]}")
        return json.loads(out)

    def left_running(self) -> list[str]:
        """Name every process that this account's programs left behind."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"SMOKE={self.mark}".encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_text().replace("\0", " "))
        return found


def commands(person: Person, program: Path) -> None:
    """Ask for the extensions, import a sample, read what was found."""
    shipped = person.ask(program, "extensions")
    need({"logs", "handbook"} <= {one["id"] for one in shipped}, f"an extension did not ship: {shipped}")
    log = person.home / "auth.log"
    log.write_text(sample(), encoding="utf-8")
    done = person.ask(program, "import", str(log))
    need(done["events"] == FAILURES + 1, f"{FAILURES + 1} lines were given, the import says {done}")
    found = person.ask(program, "findings")
    need(found, "no rule found anything in a log full of refused passwords")
    need(all(one["title"] and one["rule"] for one in found), f"a finding lacks its title: {found}")
    need(person.ask(program, "import", str(log))["events"] == 0, "importing the same again brought events")
    print(f"  {len(shipped)} extensions, {done['events']} events, {len(found)} findings: {found[0]['title']}")
    need(person.ask(program, "handbook", "search", "password"), "the handbook is empty")
    printed = person.home / "report.pdf"
    person.ask(program, "report", "-o", str(printed), "--language", "zh")
    need(printed.read_bytes().startswith(b"%PDF-"), "the report was not printed")


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str], what: str) -> None:
    """Wait until something holds, while the process lives."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise Failed(f"{what} never came: {process.communicate()[1].strip()[-600:]}")
        time.sleep(0.01)


def until_page(person: Person, program: Path) -> float:
    """Open the desk in a window, end it by SIGTERM; return the seconds from start to the page."""
    desk = person.home / "desk"
    log = desk / "logs" / "watchdesk.log"
    opening = desk / "cache" / "window-opening"
    before = log.stat().st_size if log.exists() else 0
    begun = time.monotonic()
    process = person.start(program, "--data-dir", str(desk))
    wait_for(opening.exists, process, "the window")
    # The desk takes this mark away once the window shows a page, or when it gave up on that and says so in its log.
    wait_for(lambda: not opening.exists(), process, "the page")
    seconds = time.monotonic() - begun
    process.send_signal(signal.SIGTERM)
    code = process.wait(PATIENCE)
    complaints = process.communicate()[1]
    said = log.read_text(encoding="utf-8")[before:]
    need("browser is used" not in said and "could not be opened" not in said, f"no window showed a page:\n{said}")
    need(code == 0, f"SIGTERM ended the desk with {code}: {complaints.strip()[-600:]}")
    need(not (left := person.left_running()), f"processes were left behind: {left}")
    return seconds


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """Run a virtual screen and yield its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield ":" + said.readline().strip()
    finally:
        server.terminate()
        server.wait(PATIENCE)


def windows(home: Path, folder: Path, one: Path) -> None:
    """Open both forms in turn; tell how much the one file adds to a start."""
    need(shutil.which("Xvfb"), "Xvfb is not installed; --no-window leaves the window out")
    with screen() as display:
        person = Person(home, DISPLAY=display)
        first = until_page(person, one)  # also fills the disk's cache for both
        until_page(person, folder)
        pairs = [(until_page(person, one), until_page(person, folder)) for _ in range(STARTS)]
    as_one, as_folder = (statistics.median(column) for column in zip(*pairs, strict=True))
    verdict = "within" if as_one - as_folder <= ALLOWED_SECONDS else "NOT within"
    print(f"  page after {first:.2f} s at the first start of the one file, {as_one:.2f} s at later ones, "
          f"{as_folder:.2f} s in the folder form: {verdict} half a second of each other")  # fmt: skip


def check(*, window: bool) -> None:
    """Go through everything."""
    one, folder = DIST / "watchdesk", DIST / "watchdesk-folder" / "watchdesk"
    need(one.is_file() and folder.is_file(), "nothing in dist: run python3 build package first")
    size = one.stat().st_size / 1e6
    print(f"one file: {size:.0f} MB (limit {LIMIT_MB})")
    need(size <= LIMIT_MB, f"the one file has {size:.0f} MB")
    with tempfile.TemporaryDirectory(prefix="watchdesk-smoke-") as temporary:
        for name, program in (("one file", one), ("folder", folder)):
            home = Path(temporary, name.replace(" ", "-"))
            home.mkdir(mode=0o700)
            print(f"{name}: commands")
            commands(Person(home), program)
        if window:
            print("window")
            home = Path(temporary, "window")
            home.mkdir(mode=0o700)
            windows(home, folder, one)


def main() -> None:
    """Run the smoke test."""
    parser = argparse.ArgumentParser(description="Try the packaged program as a person would get it.")
    parser.add_argument("--no-window", action="store_true", help="leave out what needs a screen")
    options = parser.parse_args()
    try:
        check(window=not options.no_window)
    except Failed as error:
        raise SystemExit(f"The packaged program does not work: {error}") from None
    print("The packaged program works.")


if __name__ == "__main__":
    main()
