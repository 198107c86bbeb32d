"""A desk that has come to another machine: there it begins nothing by itself until a person says so.

A copy that was carried along or restored knows the live sources, alert channels and schedules of the desk that it was
taken from, which may still be at work. On a machine that it has not worked on it therefore holds them back.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import audit
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.model import Micros, now
from desktop_app.core.text import text

_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


@dataclass(frozen=True, slots=True)
class Held:
    """Since when (µs UTC) a desk holds back what it would do by itself, and the machine that it last worked on."""

    since: Micros
    machine: str


def this_machine() -> str:
    """Return what this machine is known by: a digest of the id that its system gave it, else of its name."""
    return hashlib.sha256(f"watchdesk {_given() or platform.node()}".encode()).hexdigest()


def _given() -> str:
    if sys.platform == "win32":
        import winreg

        with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for path in _IDS:
        with suppress(OSError):
            return path.read_text("ascii").strip()
    return ""


def look(db: Connection) -> None:
    """Notice at the start that the desk is on another machine than before; a new desk belongs where it was made."""
    here, known = this_machine(), rows(db, "SELECT digest, held FROM machine")
    if known and (known[0]["digest"] == here) == (known[0]["held"] is None):
        return
    with writing(db):
        if not known:  # another start of the program may have been quicker: both would write the same
            db.execute("INSERT OR IGNORE INTO machine (id, digest, name) VALUES (1, ?, ?)", (here, platform.node()))
        else:
            held = None if known[0]["digest"] == here else now()  # one that came home goes on
            db.execute("UPDATE machine SET held = ?", (held,))


def held(db: Connection) -> Held | None:
    """Return since when the desk holds back what it would do by itself, None where it does not."""
    found = rows(db, "SELECT held, name FROM machine WHERE held IS NOT NULL")
    return Held(found[0]["held"], found[0]["name"]) if found else None


def resume(db: Connection) -> None:
    """Let the desk work on this machine: live sources, alert channels and schedules go on."""
    with writing(db):
        db.execute("UPDATE machine SET digest = ?, name = ?, held = NULL", (this_machine(), platform.node()))
        audit.record(db, text("Live sources, alerts and schedules go on, on this machine"), "")
