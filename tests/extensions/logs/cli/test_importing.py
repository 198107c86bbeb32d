"""What ``import`` and ``demo`` print, in the shapes that scripts rely on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable, UsageError
from tests.extensions.logs.cli.commands import Answer, command, written
from tests.extensions.logs.importing import guesses


def test_an_import_tells_what_became_of_each_file(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8bno gzip")
    good = written(tmp_path / "auth.log", guesses(40))
    told = answer(desk, "import", good, str(tmp_path / "torn.gz"))
    assert set(told) == {"events", "bytes", "files", "findings", "seconds"}
    assert (told["events"], told["bytes"]) == (40, len(guesses(40)))
    assert told["files"][0] == {"path": good, "format": "syslog", "events": 40, "skipped": 0, "error": None}
    assert (told["files"][1]["format"], told["files"][1]["events"]) == (None, 0)
    assert told["files"][1]["error"]


def test_words_of_an_import_reach_it(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    path = written(tmp_path / "x.log", "2026-11-20 14:00:00 x\n")
    told = answer(desk, "import", path, "--format", "plain", "--tz", "UTC", "--no-detect")
    assert told["files"][0]["format"] == "plain"
    with desk.connection() as db:
        [row] = rows(db, "SELECT zone, zone_assumed FROM files")
    assert row == {"zone": "UTC", "zone_assumed": 1}
    assert answer(desk, "search", "x", "--fields", "time") == [{"time": "2026-11-20T14:00:00Z"}]


def test_an_import_of_which_nothing_could_be_read_ends_with_a_sentence(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8bno gzip")
    with pytest.raises(SourceUnreadable, match=r"Nothing of what was given could be read.*torn\.gz"):
        command(desk, "import", str(tmp_path / "torn.gz"), "--json")
    assert json.loads(capsys.readouterr().out)["events"] == 0


def test_a_file_that_was_imported_before_is_said_to_be_so(
    desk: Desk, answer: Answer, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = written(tmp_path / "auth.log", guesses(3))
    assert command(desk, "import", path) == 0
    assert b"imported before" not in capsysbinary.readouterr().out
    assert command(desk, "import", path) == 0
    assert f"{path}  imported before" in capsysbinary.readouterr().out.decode()
    assert set(answer(desk, "import", path)) == {"events", "bytes", "files", "findings", "seconds"}


def test_an_import_of_what_is_known_or_empty_is_no_failure(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    path = written(tmp_path / "auth.log", guesses(3))
    answer(desk, "import", path)
    assert answer(desk, "import", path)["events"] == 0
    (tmp_path / "nothing").mkdir()
    assert answer(desk, "import", str(tmp_path / "nothing"))["files"] == []


def test_sample_data_fills_an_empty_desk(desk: Desk, answer: Answer) -> None:
    told = answer(desk, "demo")
    assert told["events"] > 1000
    assert told["findings"] >= 5


def test_sample_data_is_not_mixed_with_real_logs_unless_that_is_wanted(
    desk: Desk, answer: Answer, tmp_path: Path
) -> None:
    command(desk, "import", written(tmp_path / "auth.log", guesses(2)))
    with pytest.raises(UsageError, match="logs of your own"):
        command(desk, "demo")
    told = answer(desk, "demo", "--force")
    assert all(one["path"].startswith("sample-data") for one in told["files"])


def test_who_only_waits_for_an_import_loads_no_event_store() -> None:
    # Its memory counts beside that of the process which does the work.
    loaded = (
        "import sys, desktop_app.extensions.logs.cli.importing; print({'duckdb', 'cryptography'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
