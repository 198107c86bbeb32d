from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core import jobs, passphrase
from desktop_app.core.backup import snapshot
from desktop_app.core.database import rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.text import text
from tests.core.landing import FAIL, ROOT, Scene, rules, sign_in


def test_it_holds_databases_events_and_the_sites_own_files_and_nothing_else(full: Desk) -> None:
    root = full.folder.root
    (root / "logs" / "watchdesk.log").write_text("x", encoding="utf-8")
    (root / "cache" / "sigma-1.json").write_text("{}", encoding="utf-8")
    (root / "desk.json").write_text("secret", encoding="utf-8")
    (root / "handbook" / ".hidden").write_text("x", encoding="utf-8")
    with closing(sqlite3.connect(root / "metrics.db")) as made:
        made.execute("CREATE TABLE x (y)")
    with snapshot.taken(full) as members:
        paths = [one.path for one in members]
    assert paths[:2] == ["watchdesk.db", "metrics.db"]
    assert "handbook/our-ways.md" in paths
    assert len([path for path in paths if path.startswith("segments/")]) == 2
    assert [path for path in paths if path.startswith(("logs", "cache", "desk.json")) or "hidden" in path] == []


def test_links_are_not_followed(full: Desk, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("x", encoding="utf-8")
    (full.folder.root / "handbook" / "link.md").symlink_to(tmp_path / "private")
    with snapshot.taken(full) as members:
        assert [one.path for one in members if "link" in one.path] == []


def test_events_that_are_removed_while_it_is_held_are_still_in_it(full: Desk) -> None:
    with full.connection() as db, snapshot.taken(full) as members:
        scene = Scene(full, db, rules(ROOT, FAIL))
        scene.remove([one.id for one in catalogue.live(db)])
        held = [one for one in members if one.path.startswith("segments/")]
        assert [catalogue.digest_of(one.source) for one in held] == [one.sha256 for one in held]
    assert list(full.folder.temporary.iterdir()) == []


def test_a_file_system_without_second_names_gets_copies(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", refuse)
    with full.connection() as db, snapshot.taken(full) as members:
        Scene(full, db, rules(ROOT)).remove([one.id for one in catalogue.live(db)])
        held = [one for one in members if one.path.startswith("segments/")]
        assert [catalogue.digest_of(one.source) for one in held] == [one.sha256 for one in held]


def test_database_and_events_belong_together_while_imports_run(full: Desk) -> None:
    stop = threading.Event()

    def work() -> None:
        with full.connection() as db:
            scene = Scene(full, db, rules(ROOT, FAIL))
            while not stop.is_set():
                scene.remove(scene.land([sign_in(5, user="root")]))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(5):
            with snapshot.taken(full) as members:
                with closing(sqlite3.connect(members[0].source)) as copy:
                    known = {f"segments/{row[0]}" for row in copy.execute("SELECT path FROM segments")}
                assert {one.path for one in members if one.path.startswith("segments/")} == known
    finally:
        stop.set()
        thread.join()


def test_it_is_not_locked_runs_and_sends_nothing_and_keeps_the_zone_of_the_site(full: Desk) -> None:
    with full.connection() as db:
        passphrase.choose(db, "", "correct horse", "correct horse", 0)
        with writing(db):
            jobs.enqueue(db, "logs.import", text("Import"), {})
            jobs.enqueue(db, "desk.backup", text("Back up"), {})
            db.execute("INSERT INTO api_tokens (name, digest, writes, created) VALUES ('x', 'y', 0, 0)")
            db.execute("INSERT INTO outbox (channel, finding_id, since, created, due) VALUES ('mail', 1, 0, 0, 0)")
    with snapshot.taken(full) as members, closing(sqlite3.connect(members[0].source)) as copy:
        assert copy.execute("SELECT count(*) FROM passphrase").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM api_tokens").fetchone() == (0,)
        assert copy.execute("SELECT state FROM outbox").fetchall() == [("dropped",)]
        assert copy.execute("SELECT kind, state FROM jobs").fetchall() == [("logs.import", "interrupted")]
        assert copy.execute("SELECT count(*) FROM settings WHERE key = 'site_zone'").fetchone() == (1,)
    with full.connection() as db:
        assert passphrase.is_set(db)
        assert [row["state"] for row in rows(db, "SELECT state FROM jobs")] == ["queued", "queued"]
