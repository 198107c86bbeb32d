"""This computer's logs on Linux: the systemd journal through ``journalctl``, and the files below /var/log."""

from __future__ import annotations

import getpass
import io
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, BinaryIO

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.local_view import Hidden, LocalView, Scan, hidden_files, scan

LOG_FOLDER = Path("/var/log")
JOURNAL_DAYS = 30
TIMEOUT = 20.0

_GROUPS = ("systemd-journal", "adm")
_BINARY_COMMANDS = {"wtmp": "last -f %s", "btmp": "sudo lastb -f %s", "lastlog": "lastlog", "faillog": "faillog -a"}
# What journalctl says in English when it keeps something back.
_RESTRICTED = ("not seeing messages", "insufficient permissions", "permission denied")


def look(folder: Path = LOG_FOLDER) -> LocalView:
    """Say what this account can read: the files of ``folder`` and the journal."""
    found = scan(folder)
    view = LocalView(inputs=found.readable, hidden=hidden_files(found, _command_for))
    view.hidden += _binary_files(found)
    _look_at_journal(view)
    return view


def _command_for(path: Path) -> str:
    """Return what gives this account the file: its group where that is one made for reading logs, else sudo."""
    try:
        group = path.group()
    except (OSError, KeyError):
        group = ""
    if group in _GROUPS:
        return f"sudo usermod -aG {group} {shlex.quote(_account())}"
    return f"sudo cat {shlex.quote(str(path))}" if not path.is_dir() else f"sudo ls -l {shlex.quote(str(path))}"


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return str(os.getuid())


def _binary_files(found: Scan) -> list[Hidden]:
    """Name the records that are not text; those of the journal are read through journalctl."""
    named = []
    for path in found.binary:
        command = _BINARY_COMMANDS.get(path.name.partition(".")[0])
        if command is not None:
            shown = command % shlex.quote(str(path)) if "%s" in command else command
            named.append(Hidden(text("%(path)s: a binary record that is not read", path=str(path)), shown))
    return named


def _environment() -> dict[str, str]:
    """Return the environment for journalctl: English, so that its remarks can be understood, and never a pager."""
    return {**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}


def _look_at_journal(view: LocalView) -> None:
    if shutil.which("journalctl") is None:
        return
    try:
        asked = subprocess.run(
            ["journalctl", "--no-pager", "-o", "json", "-n", "1"],
            capture_output=True, check=False, timeout=TIMEOUT, env=_environment(), stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        view.hidden.append(Hidden(text("The journal did not answer."), "journalctl -n 1"))
        return
    view.journal = asked.stdout.lstrip().startswith(b"{")
    remarks = asked.stderr.decode("utf-8", "replace").lower()
    if any(remark in remarks for remark in _RESTRICTED):
        command = f"sudo usermod -aG systemd-journal {shlex.quote(_account())}"
        view.hidden.append(Hidden(text("Messages of the system and of other users in the journal"), command))
    if view.journal:
        older = text("Messages in the journal that are older than %(days)s days", days=JOURNAL_DAYS)
        view.hidden.append(Hidden(older, f"journalctl -o json --until=-{JOURNAL_DAYS}d > journal.json"))


def open_journal(cursor: str | None = None) -> BinaryIO:
    """Return the journal as a stream of JSON lines: what came after ``cursor``, else the last JOURNAL_DAYS days.

    Closing the stream ends journalctl. Raises SourceUnreadable where it cannot be started, and at the end of the
    stream where it failed.
    """
    where = f"--after-cursor={cursor}" if cursor else f"--since=-{JOURNAL_DAYS}d"
    stream = _JournalStream(["journalctl", "--no-pager", "-q", "-o", "json", where])
    return io.BufferedReader(stream, 1 << 20)  # type: ignore[type-var] # its readinto takes any writable buffer


class _JournalStream(io.RawIOBase):
    """The output of a running journalctl."""

    def __init__(self, command: list[str]) -> None:
        super().__init__()
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the stream
        try:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=self._said, stdin=subprocess.DEVNULL, env=_environment()
            )
        except OSError as error:
            self._said.close()
            raise _failed(str(error.strerror or error)) from error

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # any writable buffer will do
        """Read what there is; at the end ask how journalctl fared."""
        data = os.read(self._output(), len(buffer))
        buffer[: len(data)] = data
        if not data and self._process.wait() > 0:
            self._said.seek(0)
            lines = self._said.read(4096).decode("utf-8", "replace").strip().splitlines()
            raise _failed(lines[-1] if lines else "journalctl")
        return len(data)

    def _output(self) -> int:
        if self._process.stdout is None:
            raise ValueError("no output")
        return self._process.stdout.fileno()

    def close(self) -> None:
        """End journalctl, whether or not it was read to its end."""
        if not self.closed:
            super().close()
            self._process.terminate()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process.wait()
            self._said.close()


def _failed(reason: str) -> SourceUnreadable:
    return SourceUnreadable(
        text("The journal could not be read."),
        why=text("journalctl says: %(reason)s", reason=reason),
        fix=text("Try journalctl in a terminal, or import an export of it."),
    )
