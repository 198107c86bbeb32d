"""The settings of a desk as one file: written, and brought back after its changes were shown.

The file holds the settings that the pages show, the saved views and the alert channels, and nothing else of the desk:
no secret of a channel, no token, no passphrase.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core import audit, keys, settings, undo
from desktop_app.core.bringing.opened import refused
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.settings import Setting
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision
from desktop_app.core.version import VERSION
from desktop_app.web.bringing import additions
from desktop_app.web.bringing.additions import Addition
from desktop_app.web.settings import put, stored_form, subjects

NAME = "watchdesk-settings.json"
FORMAT = 1
MAX_BYTES = 1_000_000
LONGEST = 10_000  # characters of one value


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that would change, with both values as they are stored."""

    setting: Setting
    before: str
    after: str

    def shown(self, value: str) -> Text | str:
        """Say a value as a person reads it."""
        if self.setting.kind == "bool":
            return text("On") if value == "1" else text("Off")
        return dict(self.setting.choices).get(value, value)


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a file of settings would change; ``left`` says of each other line why it would not be taken."""

    path: Path
    changes: tuple[Change, ...]
    additions: tuple[Addition, ...]
    left: tuple[tuple[str, Text], ...]
    same: int

    @property
    def acts(self) -> bool:
        """Whether it would change anything."""
        return bool(self.changes or self.additions)

    @property
    def keys(self) -> frozenset[str]:
        """What each change is chosen by."""
        return frozenset((*(one.setting.key for one in self.changes), *(one.key for one in self.additions)))

    @property
    def digest(self) -> str:
        """The SHA-256 of what is shown, and of all that would be added with it."""
        told = [[one.setting.key, one.before, one.after] for one in self.changes]
        return hashlib.sha256(orjson.dumps([told, self.additions])).hexdigest()


def export(desk: Desk, db: Connection) -> bytes:
    """Return the file, and note in the trail that it was handed out."""
    values = stored_form(settings.current(db, desk.settings))
    with writing(db):
        audit.record(db, text("Handed out the settings as a file"), "settings")
    whole = {"watchdesk": "settings", "format": FORMAT, "program": VERSION, "settings": values, **additions.held(db)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"


def read(content: bytes) -> Mapping[str, Any] | None:
    """Return what a file of settings holds, by its key; None where it is no such file."""
    if len(content) > MAX_BYTES:
        return None
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or found.get("watchdesk") != "settings":
        return None
    return found


def plan(desk: Desk, db: Connection, path: Path, found: Mapping[str, Any]) -> Plan:
    """Say what a file would change; NotTaken where this program does not know its format."""
    held = found.get("settings")
    if found.get("format") != FORMAT or not isinstance(held, dict):
        raise refused(path, text("It was written by a newer Watchdesk, or it is damaged."))
    declared = {one.key: one for one in desk.settings}
    standing = stored_form(settings.current(db, declared.values()))
    words = {key: value.strip() for key, value in held.items() if isinstance(value, str) and len(value) <= LONGEST}
    known = {key: value for key, value in words.items() if key in declared}
    left = {key[:80]: text("This desk has no such setting.") for key in held if key not in declared}
    left |= {key: text("Its value is no text, or longer than any.") for key in held.keys() & declared - words.keys()}
    left |= settings.problems(declared.values(), known)
    left |= keys.clashes(declared.values(), standing | known, known)
    changes = [
        Change(one, standing[key], known[key])
        for key, one in declared.items()
        if key in known and key not in left and known[key] != standing[key]
    ]
    added, not_added = additions.plan(db, found)
    same = len(known.keys() - left) - len(changes)
    return Plan(path, tuple(changes), added, (*sorted(left.items()), *not_added), same)


def take(desk: Desk, db: Connection, planned: Plan, wanted: Collection[str]) -> Decision | None:
    """Store the changes that are wanted, with one way back; None where nothing changes.

    UsageError where keys clash, or where more views or channels would be here than may be.
    """
    values = {one.setting.key: one.after for one in planned.changes if one.setting.key in wanted}
    standing = stored_form(settings.current(db, desk.settings))
    wrong = keys.clashes(desk.settings, standing | values, values)
    if wrong:
        key, problem = next(iter(wrong.items()))
        raise UsageError(text("The setting %(key)s was not saved: %(problem)s", key=key, problem=problem))
    added = [one for one in planned.additions if one.key in wanted]
    with writing(db):
        change = put(db, desk.settings, values)
        changes, of_added = additions.put(db, added, desk.clock())
        if not added and not change[2]:
            return None
        summary = text("Took settings from %(name)s", name=planned.path.name)
        return undo.record_rows(db, summary, [change, *changes], [*subjects(change), *of_added])
