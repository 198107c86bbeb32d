"""*Look at this computer*, with a journalctl and a log folder of the test's own, and the sample data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import findings, jobs, undo
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events.search import Search
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.sources import local, local_linux
from desktop_app.extensions.logs.sources.demo import FILES
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import run, state_of

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
JOURNALCTL = """#!/bin/sh
for last; do :; done
echo "$last" >> "{place}/asked"
case "$last" in
  --after-cursor=*) sed "0,/${{last#--after-cursor=}}\\"/d" "{place}/journal" ;;
  1) head -n 1 "{place}/journal" ;;
  *) cat "{place}/journal" ;;
esac
"""


class Computer:
    """A journal and a log folder that this account may read in part."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.logs = place / "log"
        self.logs.mkdir()
        self.journal = place / "journal"
        self.journal.touch()
        program = place / "bin" / "journalctl"
        program.parent.mkdir()
        program.write_text(JOURNALCTL.format(place=place))
        program.chmod(0o755)

    def write(self, *numbers: int) -> None:
        """Add entries to the journal."""
        with self.journal.open("a") as file:
            for number in numbers:
                time = str(1_795_180_000_000_000 + number * 1_000_000)
                entry = {"__CURSOR": f"c{number}", "__REALTIME_TIMESTAMP": time, "MESSAGE": f"entry {number}"}
                file.write(json.dumps(entry) + "\n")

    def asked(self) -> list[str]:
        """What journalctl was asked for, less the look whether there is a journal."""
        return [line for line in (self.place / "asked").read_text().splitlines() if line != "1"]


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    made = Computer(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(local, "look", lambda: local_linux.look(made.logs))
    return made


def look(desk: Desk) -> jobs.Job:
    with desk.connection() as db:
        job_id = service.look_here(db)
    ended = run(desk, job_id)
    assert ended.state == "done", [str(part) for part in ended.error]
    return ended


def messages(desk: Desk) -> list[str]:
    return sorted(event[4] for event in state_of(desk)["events"])


@needs_linux
def test_the_journal_and_the_log_folder_are_read(desk: Desk, computer: Computer) -> None:
    computer.write(1, 2)
    (computer.logs / "syslog").write_text("2026-11-20T14:00:00Z gw cron[1]: from the folder\n", encoding="utf-8")
    result = look(desk).result or {}
    assert result["events"] == 3
    assert [Path(one["path"]).name for one in result["files"]] == ["journal", "syslog"]
    assert messages(desk) == ["entry 1", "entry 2", "from the folder"]
    assert computer.asked() == ["--since=-30d"]


@needs_linux
def test_the_next_look_goes_on_where_the_last_one_ended(desk: Desk, computer: Computer) -> None:
    computer.write(1, 2)
    look(desk)
    computer.write(3)
    assert (look(desk).result or {})["events"] == 1
    assert (look(desk).result or {})["events"] == 0
    assert messages(desk) == ["entry 1", "entry 2", "entry 3"]
    assert computer.asked() == ["--since=-30d", "--after-cursor=c2", "--after-cursor=c3"]


@needs_linux
def test_what_an_undone_look_had_read_comes_again_with_the_next(desk: Desk, computer: Computer) -> None:
    computer.write(1)
    look(desk)
    before = state_of(desk)
    computer.write(2)
    look(desk)
    with desk.connection() as db:
        undo.undo(desk, db)
    assert state_of(desk) == before
    look(desk)
    assert messages(desk) == ["entry 1", "entry 2"]


@needs_linux
def test_a_look_is_undone_only_after_those_that_went_on_from_it(desk: Desk, computer: Computer) -> None:
    computer.write(1)
    look(desk)
    computer.write(2)
    look(desk)
    with desk.connection() as db:
        with pytest.raises(UsageError, match="later decision"):
            service.undo_import(desk, db, 1)
        service.undo_import(desk, db, 2)
        service.undo_import(desk, db, 1)
    assert messages(desk) == []


@needs_linux
@needs_linux
def test_a_rule_that_is_switched_on_while_the_journal_is_read_judges_what_it_brought(
    desk: Desk, computer: Computer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with desk.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "pack", a=yaml_of(1)))
        catalogue.disable(db, [id_of(1)])
    computer.write(1)
    whole = local.open_journal

    def meanwhile(cursor: str | None) -> Any:
        with desk.connection() as db:
            catalogue.enable(db, [id_of(1)])
        return whole(cursor)

    monkeypatch.setattr(local, "open_journal", meanwhile)
    look(desk)
    with desk.connection() as db:
        assert [one.params for one in jobs.active(db)] == [{"rules": [id_of(1)]}]


def test_what_is_hidden_is_in_the_result_and_in_the_log_with_the_command_that_shows_it(
    desk: Desk, computer: Computer
) -> None:
    (computer.logs / "wtmp").write_bytes(b"\x01binary")
    ended = look(desk)
    hidden = (ended.result or {})["hidden"]
    assert [one["command"] for one in hidden] == [f"last -f {computer.logs / 'wtmp'}"]
    with desk.connection() as db:
        lines = [(line.severity, str(line.message)) for line in jobs.log_lines(db, ended.id)]
    wtmp = computer.logs / "wtmp"
    assert lines == [("warning", f"{wtmp}: a binary record that is not read. To see it: last -f {wtmp}")]


@needs_linux
def test_a_journal_that_fails_is_told_and_the_folder_is_read(
    desk: Desk, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.write(1)
    (computer.logs / "syslog").write_text("2026-11-20T14:00:00Z gw cron[1]: x\n", encoding="utf-8")

    def fails(_cursor: str | None = None) -> None:
        raise local_linux._failed("Input/output error")

    monkeypatch.setattr(local, "open_journal", fails)
    result = look(desk).result or {}
    assert [(Path(one["path"]).name, bool(one["error"]), one["events"]) for one in result["files"]] == [
        ("journal", True, 0), ("syslog", False, 1),
    ]  # fmt: skip


def sample(desk: Desk) -> tuple[int, jobs.Job]:
    with desk.connection() as db:
        job_id = service.fill_with_sample_data(db)
    return job_id, run(desk, job_id)


def test_sample_data_fills_the_desk_and_one_undo_removes_it_all(desk: Desk) -> None:
    _, ended = sample(desk)
    result: dict[str, Any] = dict(ended.result or {})
    assert len(result["files"]) == len(FILES)
    assert not [one for one in result["files"] if one["error"] or not one["events"]]
    assert result["findings"] >= 5
    assert list(desk.folder.temporary.glob("sample-data*")) == []
    with desk.connection() as db:
        assert [one.label for one in store.import_rows(db)] == ["Sample data"]
        undo.undo(desk, db)
        assert undo.latest(db) is None
        assert findings.counts(db)["all"] == 0
        assert desk.events.count(db, Search()) == 0


@pytest.fixture
def at_the_third_file(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make the program die when it has read two files; call what is given to let it live."""
    from desktop_app.extensions.logs.jobs.importing import Importer

    real, calls = Importer.read, list[int]()

    def dies(importer: Importer, *args: Any, **kwargs: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(importer, *args, **kwargs)

    monkeypatch.setattr(Importer, "read", dies)
    return lambda: monkeypatch.setattr(Importer, "read", real)


def test_sample_data_that_was_cut_off_goes_on_without_doubles(
    desk: Desk, at_the_third_file: Callable[[], None]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        sample(desk)
    at_the_third_file()
    jobs.recover(desk)
    with desk.connection() as db:
        jobs.resume(db, 1)
    resumed = run(desk, 1).result or {}
    assert [Path(one["path"]).name for one in resumed["files"]] == list(FILES)
    assert all(one["events"] for one in resumed["files"])
