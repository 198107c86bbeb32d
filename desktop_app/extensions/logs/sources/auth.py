"""What the lines of sshd, sudo, su, login, useradd, cron and the kernel say, as ECS fields.

A message is looked up by its program or by its first word, then held against the few expressions found there.
``event.action`` values: ssh_login, ssh_invalid_user, ssh_disconnect, ssh_no_identification, ssh_too_many_failures,
pam_authentication, session_opened, session_closed, sudo_command, su, login, user_added, user_deleted, user_changed,
user_locked, user_unlocked, group_added, group_deleted, group_member_added, group_member_removed, password_changed,
cron_command, crontab_changed, logind_session_opened, logind_session_closed, firewall_packet, out_of_memory,
program_crashed, usb_device, disk_error, service_restart, service_gave_up, message_repeated.
``event.outcome`` is success or failure.
For changes of accounts ``user.name`` is the account changed; for sudo and su it is who acted, ``user.effective.name``
is whom they became.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Column
from desktop_app.extensions.logs.sources.auth_patterns import AUTH_PROGRAMS, FIELD_OF, OTHERS, TABLES, Pattern
from desktop_app.extensions.logs.sources.columns import is_address, split_addresses

_REPEATED = re.compile(r"message repeated (\d+) times: \[ ?(.*)\]\s*")
_LAST_REPEATED = re.compile(r"(?:--- )?last message repeated (\d+) times?")
_LEVEL_WORDS = {
    "error:": "error", "fatal:": "critical", "warning:": "warning", "err:": "error", "panic:": "critical",
    "debug1:": "debug", "debug2:": "debug", "debug3:": "debug", "ERROR:": "error", "WARNING:": "warning",
    "Warning:": "warning", "Error:": "error", "FATAL:": "critical", "CRITICAL:": "critical", "crit:": "critical",
}  # fmt: skip
REPEATERS = frozenset(("message", "last", "---"))  # the first words of messages that stand for others
_SPECIAL = REPEATERS | frozenset(_LEVEL_WORDS)
_SIDES = {"address": "source", "destination": "destination"}  # groups that hold addresses or names
# A message of a program without patterns of its own tells something only where it begins with one of these.
FIRST_WORDS = (*sorted(_SPECIAL), *OTHERS)
LONGEST = 4096  # of a message is read, so that no expression can be kept busy by a line made for it


@dataclass(slots=True)
class Found:
    """Columns of what the messages said, and the levels that their first words name."""

    fields: dict[str, Column]
    level: Column


def is_auth(program: str | None, message: str) -> bool:
    """Say whether a line belongs to the authentication log rather than to the general one."""
    return program in AUTH_PROGRAMS or message.startswith(("pam_", "PAM "))


def extract(programs: Sequence[str | None], messages: Sequence[str]) -> Found:
    """Read the messages of a batch into columns of the same length."""
    table = _Table(len(messages))
    known: dict[tuple[str | None, str], tuple[_Hits, ...]] = {}
    levels: list[str | None] = [None] * len(messages)
    for row, (program, message) in enumerate(zip(programs, messages, strict=True)):
        word = message.partition(" ")[0]
        kinds = known.get((program, word))
        if kinds is None:
            kinds = known[program, word] = table.kinds(program, word)
        if word in _SPECIAL:
            levels[row] = _LEVEL_WORDS.get(word)
            if word in REPEATERS:
                message = table.repeated(row, message)  # noqa: PLW2901 - the line stands for the one it wraps
                kinds = table.kinds(program, message.partition(" ")[0])
        for hits in kinds:
            if found := hits.match(message[:LONGEST]):
                hits.rows.append(row)
                hits.values += found.groups()
                break
    return Found(_named(table.columns()), levels)


class _Hits:
    """The rows that one pattern matched, and the values of its groups, row after row."""

    __slots__ = ("match", "pattern", "rows", "values")

    def __init__(self, pattern: Pattern) -> None:
        self.match = pattern.match
        self.pattern = pattern
        self.rows: list[int] = []
        self.values: list[str | None] = []


class _Table:
    """Columns under construction: what one pattern found is put into them together, which is much faster."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._hits: dict[int, _Hits] = {}
        self._extra: list[tuple[str, int, str]] = []

    def kinds(self, program: str | None, word: str) -> tuple[_Hits, ...]:
        """Return what to try for a program's message that begins with this word."""
        return tuple(self._hits.setdefault(id(one), _Hits(one)) for one in patterns_for(program, word))

    def repeated(self, row: int, message: str) -> str:
        """Note how often a line stands for another one; return the message inside, if it is there."""
        if found := _REPEATED.fullmatch(message):
            self._extra.append(("repeated", row, found[1]))
            return found[2]
        if found := _LAST_REPEATED.match(message):
            self._extra += (("repeated", row, found[1]), ("event.action", row, "message_repeated"))
        return ""

    def columns(self) -> dict[str, list[str | None]]:
        """Return the columns; a group that took no part, or is empty, is None."""
        made: dict[str, npt.NDArray[np.object_]] = {}

        def column(name: str) -> npt.NDArray[np.object_]:
            if name not in made:
                made[name] = np.full(self._size, None, object)
            return made[name]

        for hits in self._hits.values():
            pattern, rows, values = hits.pattern, hits.rows, hits.values
            if not rows:
                continue
            at = np.array(rows)
            for number, name in enumerate(pattern.names):
                # Straight into an array of objects: from a list numpy would first make an array of fixed-width text.
                found = np.empty(len(rows), object)
                found[:] = [value or None for value in values[number :: len(pattern.names)]]
                column(name)[at] = found
            for name, value in pattern.constants:
                column(name)[at] = value
        for name, row, value in self._extra:
            column(name)[row] = value
        return {name: array.tolist() for name, array in made.items()}


def tell(program: str | None, message: str) -> tuple[str | None, Pattern | None, re.Match[str] | None]:
    """Return the level of one message that repeats no other, and the pattern that reads it, if one does, as it did."""
    word = message.partition(" ")[0]
    for pattern in patterns_for(program, word):
        if found := pattern.match(message[:LONGEST]):
            return _LEVEL_WORDS.get(word), pattern, found
    return _LEVEL_WORDS.get(word), None, None


def field_of(name: str, value: str) -> str:
    """Return the field that a value goes to, by the name of its group."""
    if name in _SIDES:
        return f"{_SIDES[name]}.{'ip' if is_address(value) else 'domain'}"
    return FIELD_OF.get(name, name)


def patterns_for(program: str | None, word: str) -> tuple[Pattern, ...]:
    """Return the patterns for a program's message that begins with this word."""
    table = TABLES.get(program or "", OTHERS)
    return table.get("pam_" if word.startswith("pam_") else word) or table.get("", ())


def _named(columns: dict[str, list[str | None]]) -> dict[str, Column]:
    fields: dict[str, Column] = {}
    for name, column in columns.items():
        if name in _SIDES:
            fields |= split_addresses(column, _SIDES[name])
        else:
            fields[FIELD_OF.get(name, name)] = column
    return fields
