"""The door over the API."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk


def test_pages_are_shown_then_taken_by_their_digest_and_come_back(
    writer: FlaskClient, full: Desk, tmp_path: Path
) -> None:
    page = tmp_path / "pumps.md"
    page.write_text("# Pumps", encoding="utf-8")
    seen = writer.post("/api/v1/bring", json={"path": str(page)}).get_json()
    assert (seen["kind"], seen["changes"], seen["undo_id"]) == ("pages", [{"path": "pumps.md", "what": "new"}], None)
    lies = full.folder.root / "handbook" / "pumps.md"
    assert not lies.exists()
    done = writer.post("/api/v1/bring", json={"path": str(page), "digest": seen["digest"]}).get_json()
    assert lies.is_file()
    assert writer.post("/api/v1/undo", json={"id": done["undo_id"]}).status_code == 200
    assert not lies.exists()


def test_what_was_not_shown_is_not_taken(writer: FlaskClient, full: Desk, tmp_path: Path) -> None:
    page = tmp_path / "pumps.md"
    page.write_text("# Pumps", encoding="utf-8")
    answer = writer.post("/api/v1/bring", json={"path": str(page), "digest": "0" * 64})
    assert answer.status_code == 400
    assert "not what you saw" in answer.get_json()["error"]["what"]
    assert not (full.folder.root / "handbook").exists()


def test_rules_and_what_nobody_knows_are_refused(writer: FlaskClient, reader: FlaskClient, tmp_path: Path) -> None:
    rule = tmp_path / "a.yml"
    rule.write_text("title: x", encoding="utf-8")
    for path in (rule, tmp_path / "nothing"):
        assert writer.post("/api/v1/bring", json={"path": str(path)}).status_code == 400
    assert reader.post("/api/v1/bring", json={"path": str(rule)}).status_code == 403
