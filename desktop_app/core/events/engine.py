"""DuckDB over the segments: in memory, no extensions, two threads, memory capped, a cursor a thread.

It may open files below the segments folder and its own temporary folder, and nothing else on the machine.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from desktop_app.core.database import Connection
from desktop_app.core.errors import Cancelled, StoreError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.arrow_read import columns
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.paths import DataFolder
from desktop_app.core.spans import Ints, Spans
from desktop_app.core.text import text

THREADS = 2
MEMORY = "512MB"

Statement = tuple[str, list[Any]]
Row = tuple[Any, ...]


class Engine:
    """Runs statements over segments, survives broken ones, and can be interrupted from another thread."""

    def __init__(self, folder: DataFolder, *, memory: str = MEMORY) -> None:
        self.segments = folder.segments.resolve()
        self._spill = folder.temporary.resolve() / f"duckdb-{os.getpid()}"
        self._memory = memory
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._own = threading.local()
        self._running: dict[int, duckdb.DuckDBPyConnection] = {}
        self._stopped: set[int] = set()
        self._checked: dict[int, tuple[object, StoreError | None]] = {}

    def path(self, segment: Segment) -> str:
        """Return where the segment's file lies."""
        return str(self.segments / segment.path)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        self._spill.mkdir(parents=True, exist_ok=True)
        made = duckdb.connect(
            config={
                "threads": THREADS,
                "memory_limit": self._memory,
                "temp_directory": str(self._spill),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "python_enable_replacements": False,
            }
        )
        made.execute("SET parquet_metadata_cache = true")
        allowed = ", ".join(_literal(str(folder) + os.sep) for folder in (self.segments, self._spill))
        made.execute(f"SET allowed_directories = [{allowed}]")
        made.execute("SET enable_external_access = false")
        made.execute("SET lock_configuration = true")
        return made

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._own, "cursor", None)
        if cursor is None:
            with self._lock:
                if self._connection is None:
                    self._connection = self._connect()
                # One connection shared by threads mixes up their results; a cursor is a connection of its own.
                cursor = self._connection.cursor()
            self._own.cursor = cursor
        return cursor

    @contextmanager
    def call(self) -> Iterator[None]:
        """Mark one use of the store by this thread, so that ``interrupt`` ends all of its statements."""
        me = threading.get_ident()
        if me in self._running:
            yield
            return
        self._running[me] = self._cursor()
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(me, None)
                self._stopped.discard(me)

    def interrupt(self, thread: int | None = None) -> int:
        """End what a thread (by ``threading.get_ident``), or every thread, is asking; return how many were asking."""
        with self._lock:
            asked = {one: cursor for one, cursor in self._running.items() if thread in {None, one}}
            self._stopped.update(asked)
        for cursor in asked.values():
            cursor.interrupt()
        return len(asked)

    def close(self) -> None:
        """Let go of every file; the next use opens again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._own = None, threading.local()
        with suppress(OSError):
            self._spill.rmdir()

    def run(self, statement: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a statement. Raises duckdb.Error, or Cancelled after ``interrupt``."""
        return self._execute(statement, params).fetchall()

    def records(self, statement: str, params: Sequence[Any] = ()) -> tuple[list[str], list[Row]]:
        """Return the names of the columns and all rows."""
        answer = self._execute(statement, params)
        return [column[0] for column in answer.description or ()], answer.fetchall()

    def columns(self, statement: str, params: Sequence[Any] = ()) -> list[Ints | Spans]:
        """Return the columns of a statement as ``arrow_read`` gives them."""
        me = threading.get_ident()
        if me in self._stopped:
            raise Cancelled
        try:
            return columns(self._cursor().sql(statement, params=list(params)))
        except duckdb.Error as error:
            if me in self._stopped:
                raise Cancelled from error
            raise

    def _execute(self, statement: str, params: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        if threading.get_ident() in self._stopped:
            raise Cancelled
        try:
            return self._cursor().execute(statement, list(params))
        except duckdb.InterruptException as error:
            raise Cancelled from error

    def over(self, db: Connection, plan: Plan, build: Callable[[Sequence[Part]], Statement]) -> list[Row]:
        """Run a statement over the plan's parts; segments that turn out broken are moved to ``plan.missing``."""
        self.set_aside(db, plan)
        while plan.parts:
            try:
                return self.run(*build(plan.parts))
            except duckdb.Error as error:
                self.blame(db, plan, plan.segments, error)
        return []

    def set_aside(self, db: Connection, plan: Plan) -> None:
        """Move the segments that are not what was written to ``plan.missing``.

        Each file is held against its SHA-256 when this process first reads it, and again when it has changed: DuckDB
        notices a flipped byte only by luck, and a wrong answer is worse than a missing one.
        """
        self.expel(db, plan, [one for one in plan.segments if self._trouble(one)])

    def _trouble(self, segment: Segment) -> StoreError | None:
        if threading.get_ident() in self._stopped:
            raise Cancelled
        path = Path(self.path(segment))
        look = _look(path)
        known = self._checked.get(segment.id)
        if known is None or known[0] != look:
            sound = catalogue.digest_of(path) == segment.sha256
            known = (look, None if sound else damaged(segment, vanished=look is None))
            self._checked[segment.id] = known
        return known[1]

    def expel(self, db: Connection, plan: Plan, gone: Sequence[Segment]) -> None:
        """Take segments out of a plan; those still asked for are missing, those undone in the meantime are not."""
        for one in gone:
            error = self._trouble(one)
            if error is not None and catalogue.is_live(db, one.id):
                plan.missing.append(Missing(one, error))
        plan.without(gone)

    def blame(self, db: Connection, plan: Plan, suspects: Sequence[Segment], error: duckdb.Error) -> None:
        """Find which of the segments made a statement fail, and take them out; raise when none of them did."""
        if isinstance(error, duckdb.OutOfMemoryException):
            raise _too_large() from error
        for one in suspects:
            self._checked.pop(one.id, None)
        gone = [one for one in suspects if self._trouble(one)]
        if not gone:
            raise _failed(error) from error
        self.expel(db, plan, gone)


def _literal(value: str) -> str:
    # SET takes no parameters.
    return "'" + value.replace("'", "''") + "'"


def _look(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size)


def source(parts: Sequence[Part], path: Callable[[Segment], str], select: Callable[[Part], str]) -> Statement:
    """Return the union of ``SELECT <select> FROM <the part's files> WHERE <its condition>``."""
    statements, params = [], list[Any]()
    for part in parts:
        where = f" WHERE {part.condition.sql}" if part.condition else ""
        statements.append(f"SELECT {select(part)} FROM read_parquet(?){where}")
        params += [[path(one) for one in part.segments], *(part.condition.params if part.condition else ())]
    return " UNION ALL ".join(statements), params


def damaged(segment: Segment, *, vanished: bool) -> StoreError:
    """Return the sentence for a segment that cannot be read."""
    return StoreError(
        text("A part of the stored events cannot be read: %(segment)s", segment=segment.path),
        why=text("Its file is gone.") if vanished else text("Its file is damaged: it is not what was written."),
        fix=text("Put the file back from a backup, or undo its import and import the logs again."),
    )


def _too_large() -> StoreError:
    return StoreError(
        text("This search needs more memory than it may use."),
        fix=text("Narrow the time range or the query."),
    )


def _failed(error: Exception) -> StoreError:
    return StoreError(
        text("The search could not be carried out."),
        why=text("The engine says: %(detail)s", detail=str(error).splitlines()[0][:300] if str(error) else ""),
    )
