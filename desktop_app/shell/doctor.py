"""What this machine allows, and what it hides from the program."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator

from desktop_app.core import audit
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.extension import Health
from desktop_app.core.settings import machine_zone
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from desktop_app.shell import display

LITTLE_SPACE = 2_000_000_000  # bytes: less than an import of a usual log folder may take


def examine(desk: Desk) -> tuple[Health, ...]:
    """Look at the machine and the desk; every line says what it is and, where something is wrong, what."""
    lines = [*_program(), *_folder(desk), *_trail(desk), *_screen()]
    for extension in desk.extensions:
        if extension.health is not None:
            lines += extension.health(desk)
    return tuple(lines)


def _program() -> Iterator[Health]:
    yield Health(text("Watchdesk %(version)s on %(system)s", version=VERSION, system=platform.platform()))
    python = platform.python_version()
    yield Health(text("Python %(python)s, SQLite %(sqlite)s", python=python, sqlite=sqlite3.sqlite_version))
    yield Health(text("Time zone of this machine: %(zone)s", zone=machine_zone()))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Health(
            text("Account: root"),
            text("Everything can be read, but a program that reads hostile files should not run as root."),
        )


def _folder(desk: Desk) -> Iterator[Health]:
    root = desk.folder.root
    writable = os.access(root, os.W_OK)
    trouble = None if writable else text("This account may not write there.")
    yield Health(text("Data folder: %(path)s", path=str(root)), trouble)
    free = shutil.disk_usage(root).free
    little = text("That is little: imports stop when the disk is full.") if free < LITTLE_SPACE else None
    yield Health(text("Free space there: %(gigabytes)s GB", gigabytes=round(free / 1e9, 1)), little)
    with desk.connection() as db:
        for path in catalogue.verify(desk.folder, db):
            yield Health(
                text("Event file %(path)s", path=path), text("It is missing or damaged; its import can be undone.")
            )


def _trail(desk: Desk) -> Iterator[Health]:
    with desk.connection() as db:
        trail = audit.check(db)
    trouble = None
    if trail.broken is not None:
        trouble = text("It was changed from outside: act %(number)s is not as it was written.", number=trail.broken)
    elif not trail.guarded:
        trouble = text("What keeps it from being edited was taken out of the database.")
    yield Health(
        text("Activity trail: %(count)s acts, newest %(digest)s", count=trail.acts, digest=trail.head[:12] or "-"),
        trouble,
    )


def _screen() -> Iterator[Health]:
    if display.usable():
        yield Health(text("A screen is there: the desk opens in a window."))
    elif display.present():
        yield Health(text("Screen"), text("The window toolkit cannot use it: the desk opens in a browser instead."))
    else:
        yield Health(text("Screen"), text("There is none that can be opened: the desk is served to a browser instead."))
    if sys.platform.startswith("linux") and hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Health(text("Window as root"), text("The browser engine's own sandbox is off for root."))
