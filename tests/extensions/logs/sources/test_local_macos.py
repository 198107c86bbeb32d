"""This computer's logs on macOS."""

from __future__ import annotations

from pathlib import Path

from desktop_app.extensions.logs.sources.local_macos import look


def test_text_files_are_read_and_the_unified_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "install.log").write_text("x\n")
    (tmp_path / "db.tracev3").write_text("x\n")
    view = look(tmp_path)
    assert [path.name for path in view.inputs] == ["install.log"]
    assert view.hidden[-1].command.startswith("log show ")
