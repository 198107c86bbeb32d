"""Connections to the one SQLite database of a desk.

A connection belongs to one request or one job. Reads need nothing; every write stands inside ``writing()``, which
begins IMMEDIATE: a deferred transaction that later writes fails with SQLITE_BUSY_SNAPSHOT under load.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database as Connection
from sqlite_utils import Migrations

from desktop_app.core.errors import StoreError
from desktop_app.core.migrations import core
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text

__all__ = ["Connection", "connect", "migrate", "rows", "value", "writing"]

KEPT_BACKUPS = 5
BUSY_SECONDS = 30
_COPIES = text("The folder backups beside it holds copies made before each update; put the newest in its place.")
_NO_ROOM = text("See that its disk is there, has space and can be written, then start again. Nothing was changed.")
UPDATE_SECONDS = 900  # that a start waits while another process brings a large desk up to date


def connect(folder: DataFolder) -> Connection:
    """Open a connection for one request or job; the caller closes it."""
    raw = sqlite3.connect(folder.database, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    # An import writes keyed rows in no order that a tree would like; SQLite's own 2 MB of cache then thrash.
    raw.execute("PRAGMA cache_size=-64000")
    # execute_plugins=False: nothing that happens to be installed beside us may hook into the database.
    return Connection(raw, execute_plugins=False)


@contextmanager
def writing(db: Connection) -> Iterator[Connection]:
    """Hold the one write transaction; commits at the end, rolls back on any exception. Not to be nested."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.conn.execute("COMMIT")
    except BaseException:
        # SQLite itself rolls back where the disk is full; a commit that failed leaves the transaction open.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def rows(db: Connection, sql: str, params: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Return all rows of a query as dictionaries."""
    return list(db.query(sql, tuple(params)))


def value(db: Connection, sql: str, params: Iterable[Any] = ()) -> Any:
    """Return the first column of the first row, or None."""
    row = db.execute(sql, tuple(params)).fetchone()
    return None if row is None else row[0]


def _copy_before_migrating(folder: DataFolder) -> Path:
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    target = folder.backups / f"watchdesk-{stamp}.db"
    # A connection of its own, because that of the migrations holds the write lock.
    with closing(sqlite3.connect(folder.database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    for old in sorted(folder.backups.glob("watchdesk-*.db"))[:-KEPT_BACKUPS]:
        old.unlink(missing_ok=True)
    return target


def _refuse_newer(db: Connection, sets: Iterable[Migrations]) -> None:
    known = {(one.name, migration.name) for one in sets for migration in one._migrations}  # noqa: SLF001 - sqlite-utils lists only pending and applied ones
    if not db["_sqlite_migrations"].exists():
        return
    names = {one for one, _ in known}
    applied = db.execute("SELECT migration_set, name FROM _sqlite_migrations").fetchall()
    if any(one in names and (one, name) not in known for one, name in applied):
        raise StoreError(
            text("This desk was last opened by a newer Watchdesk."),
            why=text("Its database holds tables that this version does not know and could damage."),
            fix=text("Open it with the newer version, or choose another folder with --data-dir."),
        )


def migrate(folder: DataFolder, extensions: Iterable[Migrations] = ()) -> None:
    """Bring the database to this version, after a dated copy; refuse one that a newer version wrote."""
    folder.create()
    sets = (core, *extensions)
    with closing(_open_checked(folder).conn) as raw:
        db = Connection(raw, execute_plugins=False)
        _refuse_newer(db, sets)
        if any(one.pending(db) for one in sets):
            db.execute(f"PRAGMA busy_timeout={UPDATE_SECONDS * 1000}")
            # All or nothing, and one process: another that starts meanwhile waits here, then finds nothing left to do.
            with writing(db):
                _migrate(folder, db, [one for one in sets if one.pending(db)])


def _migrate(folder: DataFolder, db: Connection, pending: list[Migrations]) -> None:
    if pending and db["_sqlite_migrations"].exists():
        _copy_before_migrating(folder)
    for one in pending:
        one.apply(db)


def _open_checked(folder: DataFolder) -> Connection:
    try:
        return connect(folder)
    except sqlite3.DatabaseError as error:
        # Only what is no database is to be replaced by a copy: a full disk or a stick that was pulled out is no reason.
        spoilt = error.sqlite_errorcode in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
        raise StoreError(
            text("The database of this desk cannot be opened: %(path)s", path=str(folder.database)),
            why=text("SQLite says: %(detail)s", detail=str(error)),
            fix=_COPIES if spoilt else _NO_ROOM,
        ) from error
