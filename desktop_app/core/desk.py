"""The desk: one data folder with the extensions that work on it; handed to every page, command and job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from desktop_app.core import moved
from desktop_app.core.database import Connection, connect, migrate
from desktop_app.core.events.search import EventStore
from desktop_app.core.extension import Extension
from desktop_app.core.model import Micros, now
from desktop_app.core.paths import DataFolder
from desktop_app.core.printing import Printer, no_engine
from desktop_app.core.settings import CORE, Setting

if TYPE_CHECKING:
    from desktop_app.core.rules.finder import RuleNames


def no_extensions() -> tuple[Extension, ...]:
    """Return none: a desk of tests that runs no jobs needs none."""
    return ()


@dataclass(frozen=True)
class Desk:
    """Nothing here holds a connection or a file open; it is cheap to make and may cross threads.

    ``load`` names the extensions anew in a worker process, so it must be importable (``desktop_app.bundled.load``);
    so must ``printer``, the engine that the shell lends to rooms which may not know it.
    """

    folder: DataFolder
    extensions: tuple[Extension, ...]
    clock: Callable[[], Micros] = now
    load: Callable[[], tuple[Extension, ...]] = no_extensions
    printer: Printer = no_engine

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Open a connection for one piece of work and close it after."""
        db = connect(self.folder)
        try:
            yield db
        finally:
            db.conn.close()

    @cached_property
    def events(self) -> EventStore:
        """The event store of this folder."""
        return EventStore(self.folder)

    @cached_property
    def rule_names(self) -> RuleNames:
        """What the rules of this folder are called."""
        from desktop_app.core.rules.finder import RuleNames

        return RuleNames()

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, the core's first."""
        return CORE + tuple(setting for extension in self.extensions for setting in extension.settings)

    def extension(self, extension_id: str) -> Extension:
        """Return the extension of that id (KeyError where there is none)."""
        return {one.id: one for one in self.extensions}[extension_id]

    def prepare(self) -> None:
        """Bring the folder to this version of the program and the shipped rules into its catalogue."""
        from desktop_app.core.backup.swap import finish_if_begun
        from desktop_app.core.rules.catalogue import install_shipped

        finish_if_begun(self.folder)
        migrate(self.folder, [one.migrations for one in self.extensions if one.migrations is not None])
        with self.connection() as db:
            moved.look(db)
            install_shipped(db, self.extensions)
