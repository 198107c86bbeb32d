from __future__ import annotations

import sqlite3
import threading

import pytest

from desktop_app.core.database import connect, migrate, rows, value, writing
from desktop_app.core.errors import StoreError
from desktop_app.core.paths import DataFolder


def test_a_failed_write_leaves_nothing(folder: DataFolder) -> None:
    db = connect(folder)
    with pytest.raises(ZeroDivisionError), writing(db):
        db.execute("INSERT INTO settings VALUES ('a', '1', 0)")
        raise ZeroDivisionError
    assert value(db, "SELECT COUNT(*) FROM settings") == 0
    db.conn.close()


def test_a_write_that_the_database_itself_rolled_back_tells_why(folder: DataFolder) -> None:
    db = connect(folder)
    db.execute("CREATE TRIGGER full BEFORE INSERT ON settings BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="the disk is full"), writing(db):
        db.execute("INSERT INTO settings VALUES ('a', '1', 0)")
    assert not db.conn.in_transaction
    db.conn.close()


def test_a_commit_that_fails_leaves_no_transaction_open(folder: DataFolder) -> None:
    db = connect(folder)
    with pytest.raises(sqlite3.IntegrityError), writing(db):
        db.execute("PRAGMA defer_foreign_keys=ON")
        db.execute("INSERT INTO notes (finding_id, time, text) VALUES (1, 0, 'of no finding')")
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('a', '1', 0)")
    db.conn.close()


def test_many_writers_at_once_all_get_their_turn(folder: DataFolder) -> None:
    def add(number: int) -> None:
        db = connect(folder)
        for index in range(20):
            with writing(db):
                seen = value(db, "SELECT COUNT(*) FROM settings")
                db.execute("INSERT INTO settings VALUES (?, ?, 0)", (f"{number}-{index}", str(seen)))
        db.conn.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db = connect(folder)
    assert sorted(int(row["value"]) for row in rows(db, "SELECT value FROM settings")) == list(range(80))
    db.conn.close()


def test_migrating_again_changes_nothing_and_copies_nothing(folder: DataFolder) -> None:
    migrate(folder)
    assert list(folder.backups.iterdir()) == []


def test_a_copy_is_made_before_tables_change(folder: DataFolder) -> None:
    with sqlite3.connect(folder.database) as raw:
        raw.execute("INSERT INTO settings VALUES ('kept', '1', 0)")
        raw.execute("DELETE FROM _sqlite_migrations")  # as if this version had not been applied yet
    with pytest.raises(sqlite3.OperationalError):  # its tables are there already
        migrate(folder)
    copies = list(folder.backups.iterdir())
    assert len(copies) == 1
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("SELECT value FROM settings WHERE key = 'kept'").fetchone() == ("1",)


def test_a_database_of_a_newer_version_is_refused_with_a_sentence(folder: DataFolder) -> None:
    with sqlite3.connect(folder.database) as raw:
        raw.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('core', '99_later', 'x')")
    with pytest.raises(StoreError, match="newer Watchdesk"):
        migrate(folder)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(folder: DataFolder) -> None:
    folder.database.write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"):
        migrate(folder)


def test_only_a_spoilt_database_is_to_be_replaced_by_a_copy(folder: DataFolder) -> None:
    folder.database.unlink()
    folder.database.mkdir()  # as good as a disk that is gone: it cannot be opened
    with pytest.raises(StoreError, match="See that its disk is there") as error:
        migrate(folder)
    assert "put the newest in its place" not in str(error.value)


def test_the_audit_trail_can_not_be_edited(folder: DataFolder) -> None:
    db = connect(folder)
    db.execute("INSERT INTO audit (time, actor, action, subject) VALUES (1, 'a', '{}', 's')")
    for statement in ("UPDATE audit SET actor = 'b'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="not edited"):
            db.execute(statement)
    db.conn.close()
