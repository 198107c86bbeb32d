"""What the lines of sshd, sudo, su, login, useradd, cron and the kernel say, as ECS fields.

A message is looked up by its program or by its first word, then held against the few expressions found there.
``event.action`` values: ssh_login, ssh_invalid_user, ssh_disconnect, ssh_no_identification, ssh_too_many_failures,
pam_authentication, session_opened, session_closed, sudo_command, su, login, user_added, user_deleted, user_changed,
user_locked, user_unlocked, group_added, group_deleted, group_member_added, group_member_removed, password_changed,
cron_command, crontab_changed, logind_session_opened, logind_session_closed, firewall_packet, out_of_memory,
program_crashed, usb_device, disk_error, message_repeated. ``event.outcome`` is success or failure.
For changes of accounts ``user.name`` is the account changed; for sudo and su it is who acted, ``user.effective.name``
is whom they became.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.model import Column
from desktop_app.extensions.logs.sources.auth_patterns import AUTH_PROGRAMS, FIELD_OF, OTHERS, TABLES, Pattern
from desktop_app.extensions.logs.sources.columns import split_addresses

_REPEATED = re.compile(r"message repeated (\d+) times: \[ ?(.*)\]\s*")
_LAST_REPEATED = re.compile(r"(?:--- )?last message repeated (\d+) times?")
_LEVEL_WORDS = {
    "error:": "error", "fatal:": "critical", "warning:": "warning", "err:": "error", "panic:": "critical",
    "debug1:": "debug", "debug2:": "debug", "debug3:": "debug", "ERROR:": "error", "WARNING:": "warning",
    "Warning:": "warning", "Error:": "error", "FATAL:": "critical", "CRITICAL:": "critical", "crit:": "critical",
}  # fmt: skip


@dataclass(slots=True)
class Found:
    """Columns of what the messages said, and the levels that their first words name."""

    fields: dict[str, Column]
    level: list[str | None]


def is_auth(program: str | None, message: str) -> bool:
    """Say whether a line belongs to the authentication log rather than to the general one."""
    return program in AUTH_PROGRAMS or message.startswith(("pam_", "PAM "))


def extract(programs: Sequence[str | None], messages: Sequence[str]) -> Found:
    """Read the messages of a batch into columns of the same length."""
    size = len(messages)
    columns: dict[str, list[str | None]] = {}
    level: list[str | None] = [None] * size
    for row, (program, whole) in enumerate(zip(programs, messages, strict=True)):
        message, word = whole[:_LONGEST], whole.partition(" ")[0]
        if word in _LEVEL_WORDS:
            level[row] = _LEVEL_WORDS[word]
        if word in _REPEATERS:
            message = _repeated(row, message, columns, size)
            word = message.partition(" ")[0]
        table = TABLES.get(program or "", OTHERS)
        for pattern in table.get("pam_" if word.startswith("pam_") else word) or table.get("", ()):
            if found := pattern.match(message):
                _put(row, pattern, found, columns, size)
                break
    return Found(_named(columns), level)


_LONGEST = 4096  # of a message is read, so that no expression can be kept busy by a line made for it
_REPEATERS = frozenset(("message", "last", "---"))


def _repeated(row: int, message: str, columns: dict[str, list[str | None]], size: int) -> str:
    """Note how often a line stands for another one; return the message inside, if it is there."""
    if found := _REPEATED.fullmatch(message):
        columns.setdefault("event.repeated", [None] * size)[row] = found[1]
        return found[2]
    if found := _LAST_REPEATED.match(message):
        columns.setdefault("event.repeated", [None] * size)[row] = found[1]
        columns.setdefault("event.action", [None] * size)[row] = "message_repeated"
    return ""


def _put(row: int, pattern: Pattern, found: re.Match[str], columns: dict[str, list[str | None]], size: int) -> None:
    for name, value in zip(pattern.names, found.groups(), strict=True):
        if value:
            if name not in columns:
                columns[name] = [None] * size
            columns[name][row] = value
    for name, value in pattern.constants:
        if name not in columns:
            columns[name] = [None] * size
        columns[name][row] = value


def _named(columns: dict[str, list[str | None]]) -> dict[str, Column]:
    fields: dict[str, Column] = {}
    for name, column in columns.items():
        if name in {"address", "destination"}:
            fields |= split_addresses(column, "source" if name == "address" else "destination")
        else:
            fields[FIELD_OF.get(name, name)] = column
    return fields
