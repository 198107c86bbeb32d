from __future__ import annotations

import io
from pathlib import Path

import orjson
import pytest

from desktop_app.__main__ import run
from desktop_app.core import cli_desk, passphrase
from desktop_app.core.database import connect
from desktop_app.core.paths import DataFolder


def call(folder: Path, capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> tuple[int, object]:
    code = run(["passphrase", *words, "--json", "--data-dir", str(folder)])
    out = capsysbinary.readouterr().out
    return code, orjson.loads(out) if out else None


def test_a_forgotten_passphrase_is_removed_by_the_account(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\nopen sesame\n"))
    assert call(tmp_path, capsysbinary, "--set") == (0, {"set": True})
    db = connect(DataFolder(tmp_path))
    passphrase.check(db, "open sesame", 0)
    db.conn.close()
    assert call(tmp_path, capsysbinary) == (0, {"set": True})
    assert call(tmp_path, capsysbinary, "--remove") == (0, {"set": False})


def test_a_wrong_present_passphrase_ends_with_a_sentence(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\nopen sesame\n"))
    call(tmp_path, capsysbinary, "--set")
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\nanother one\nanother one\n"))
    assert call(tmp_path, capsysbinary, "--set") == (3, None)


def test_at_a_terminal_the_words_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"asked {prompt}")
    assert cli_desk.typed("Words: ") == "asked Words: "


def run_json(capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> tuple[int, dict[str, object]]:
    code = run([*words, "--json"])
    out = capsysbinary.readouterr().out
    return code, orjson.loads(out) if out else {}


def test_a_backup_is_written_checked_and_restored_from_the_command_line(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "auth.log"
    log.write_text(
        "Nov 22 12:00:00 gw sshd[1]: Failed password for root from 10.0.0.9 port 22 ssh2\n", encoding="utf-8"
    )
    desk, file = str(tmp_path / "desk"), str(tmp_path / "desk.watchdesk-backup")
    assert run(["import", str(log), "--data-dir", desk, "--json"]) == 0
    capsysbinary.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\nopen sesame\n"))
    assert run_json(capsysbinary, "backup", "--seal", "-o", file, "--data-dir", desk)[1]["events"] == 1
    other = str(tmp_path / "other")
    assert run_json(capsysbinary, "restore", file, "--data-dir", other) == (3, {})
    for words in (("--check",), ()):
        monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
        code, told = run_json(capsysbinary, "restore", "--sealed", *words, file, "--data-dir", other)
        assert (code, told["events"], told["aside"] is None) == (0, 1, bool(words))
    assert run_json(capsysbinary, "search", "root", "--count", "--data-dir", other)[1] == {"count": 1}


def test_verify_tells_damage_and_says_so_to_scripts(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    words = ["verify", "--json", "--data-dir", str(tmp_path)]
    assert run(words) == 0
    assert orjson.loads(capsysbinary.readouterr().out) == {"segments": 0, "evidence": 0, "damages": []}
    stray = DataFolder(tmp_path).segments / "stray.parquet"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    assert run(words) == 1
    assert b"stray.parquet lies among the event files" in capsysbinary.readouterr().out
