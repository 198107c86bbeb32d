"""This computer's logs on Linux."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources import local_linux
from desktop_app.extensions.logs.sources.local_linux import look, open_journal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

ENTRY = json.dumps({"__REALTIME_TIMESTAMP": "1767323045678901", "__CURSOR": "s=1", "MESSAGE": "hello"})
Fake = Callable[[str], Path]


@pytest.fixture
def journalctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a journalctl of the test's own first on PATH; it writes its arguments beside itself."""

    def make(script: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "journalctl"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/arguments"\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        return folder / "arguments"

    return make


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    for name in ("syslog", "auth.log.1", "wtmp"):
        (folder / name).write_text("x\n")
    return folder


def test_files_journal_and_what_is_hidden_are_told(journalctl: Fake, logs: Path) -> None:
    journalctl(f"echo '{ENTRY}'")
    view = look(logs)
    assert sorted(path.name for path in view.inputs) == ["auth.log.1", "syslog"]
    assert view.journal
    assert [one.command for one in view.hidden] == [
        f"last -f {logs / 'wtmp'}", "journalctl -o json --until=-30d > journal.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "remark",
    [
        "Hint: You are currently not seeing messages from other users and the system.",
        "No journal files were opened due to insufficient permissions.",
    ],
)
def test_a_journal_that_keeps_messages_back_is_told_with_the_group_that_opens_it(
    journalctl: Fake, logs: Path, remark: str
) -> None:
    journalctl(f"echo '{remark}' >&2")
    view = look(logs)
    assert not view.journal
    assert [one.command for one in view.hidden if "systemd-journal" in one.command]


def test_without_journalctl_there_is_no_journal(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(logs))
    assert not look(logs).journal


def test_a_journal_that_does_not_answer_is_told(journalctl: Fake, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journalctl("exec sleep 30")
    monkeypatch.setattr(local_linux, "TIMEOUT", 0.05)
    assert "did not answer" in str(look(logs).hidden[-1].what)


def test_denied_files_name_the_group_that_may_read_them(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(logs))
    monkeypatch.setattr("desktop_app.extensions.logs.sources.local_view.os.access", lambda *_: False)
    monkeypatch.setattr(local_linux, "_account", lambda: "li na")
    monkeypatch.setattr(Path, "group", lambda path: "adm" if path.name == "syslog" else "root")
    commands = {one.command for one in look(logs).hidden}
    assert "sudo usermod -aG adm 'li na'" in commands
    assert f"sudo cat {logs / 'auth.log.1'}" in commands


def test_the_journal_is_streamed_from_behind_the_cursor(journalctl: Fake) -> None:
    arguments = journalctl(f"echo '{ENTRY}'; echo '{ENTRY}'")
    with open_journal("s=abc;i=1f; rm -rf x") as stream:
        assert stream.read().decode().splitlines() == [ENTRY, ENTRY]
    assert arguments.read_text().splitlines()[-1] == "--after-cursor=s=abc;i=1f; rm -rf x"


def test_without_a_cursor_the_last_thirty_days_are_read(journalctl: Fake) -> None:
    arguments = journalctl("true")
    with open_journal() as stream:
        assert stream.read() == b""
    assert arguments.read_text().splitlines()[-1] == "--since=-30d"


def test_closing_the_stream_ends_journalctl(journalctl: Fake) -> None:
    journalctl("exec yes")
    stream = open_journal()
    assert stream.read(4) == b"y\ny\n"
    process = stream.raw._process  # type: ignore[attr-defined]
    stream.close()
    assert process.returncode is not None


def test_a_journalctl_that_fails_is_told_in_its_own_words(journalctl: Fake) -> None:
    journalctl("echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1")
    with open_journal("x") as stream, pytest.raises(SourceUnreadable, match="Failed to seek to cursor"):
        stream.read()


def test_a_journalctl_that_cannot_be_started_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceUnreadable, match="could not be read"):
        open_journal()


@pytest.mark.skipif(shutil.which("journalctl") is None, reason="this machine has no journalctl")
def test_the_journalctl_of_this_machine_understands_the_questions(tmp_path: Path) -> None:
    look(tmp_path)
    with open_journal() as stream:
        first = stream.readline()
    assert not first or isinstance(json.loads(first), dict)
