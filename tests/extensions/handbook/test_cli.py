"""``watchdesk handbook``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.__main__ import run


def said(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(words) == 0
    return capfd.readouterr().out


@pytest.fixture
def data(tmp_path: Path) -> tuple[str, str]:
    return ("--data-dir", str(tmp_path / "desk"))


def test_it_lists_searches_and_shows(data: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert "password-guessing" in said(capfd, "handbook", *data)
    found = json.loads(said(capfd, "handbook", "search", "password", "guessing", "--json", *data))
    assert (found[0]["id"], found[0]["kind"]) == ("password-guessing", "guide")
    assert said(capfd, "handbook", *data, "show", "password-guessing").startswith("# Password guessing\n")
    page = said(capfd, "handbook", *data, "show", "ssh_password_guessing")
    assert page.startswith("# SSH password guessing\n")
    assert "- MITRE ATT&CK T1110.001" in page
    assert said(capfd, "handbook", "--language", "zh", *data, "show", "password-guessing").startswith("# 密码猜测\n")
    assert said(capfd, "handbook", "show", "password-guessing", "--language", "zh", *data).startswith("# 密码猜测\n")


def test_what_is_not_there_is_wrong_use(data: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(("handbook", *data, "show", "nothing")) == 2
    assert "has no page nothing" in capfd.readouterr().err


def test_it_exports_guides_and_rules_as_files(
    data: tuple[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    made = json.loads(said(capfd, "handbook", *data, "export", str(out), "--json"))
    assert made["files"] == len(list(out.rglob("*.md")))
    assert (out / "guides" / "password-guessing.md").read_text("utf-8").startswith("# Password guessing")
    assert (out / "rules" / "ssh_password_guessing.md").is_file()
    (tmp_path / "file").touch()
    assert run(("handbook", *data, "export", str(tmp_path / "file"))) == 3
    assert "Cannot write" in capfd.readouterr().err
