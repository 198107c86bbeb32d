"""auditd: the records of one event, which share their serial, joined. Source: the kernel's and auparse's documentation.

The kernel's names stay, since rules use them: where records of one event share a name, the arguments are those of the
program that was started (EXECVE), the name that of the file rather than of its folder. Rules look for types of records:
``type`` is the first one's, and ``auditd.execve``, ``auditd.path`` ... hold those of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.columns import is_address
from desktop_app.extensions.logs.sources.cutting import HOST, LEVEL, PROGRAM, TIME, CutLines, Told
from desktop_app.extensions.logs.sources.joining import read_joined
from desktop_app.extensions.logs.sources.pairs import pairs

_LINE = re.compile(
    r"(?:.{0,200}? )??(?:node=(\S+) )?type=([A-Z0-9_]+|UNKNOWN\[\d+\]) msg=audit\((\d{9,11}\.\d{3}):(\d+)\): ?(.*)",
    re.DOTALL,
)
_HEX = re.compile(r"(?:[0-9A-F]{2}){2,}")
_ENCODED = {"proctitle", "cmd", "data", "name", "exe", "comm", "cwd", "acct"}  # in hexadecimal where they hold signs
_MOST_ARGUMENTS = 64
_ECS = {
    "exe": "process.executable", "pid": "process.pid", "ppid": "process.parent.pid", "auid": "user.audit.id",
    "uid": "user.id", "euid": "user.effective.id", "cwd": "process.working_directory", "acct": "user.name",
    "UID": "user.name", "AUID": "user.audit.name", "addr": "source.address", "terminal": "process.tty",
    "unit": "service.name",
}  # fmt: skip


class Auditd(CutLines):
    """One event of several records."""

    id = "auditd"
    title = text("Linux audit (auditd)")
    log_source = LogSource("linux", "", "auditd")
    program = "auditd"
    stamp = "epoch"
    sure = 0.99

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Join the records that stand together and share a serial."""
        return read_joined(stream, reading, _by_serial())

    def cut(self, line: str) -> Told | None:
        """Read the records of one event into one set of names."""
        records = [found for one in line.split("\n") if (found := _LINE.fullmatch(one))]
        if not records:
            return None
        told: Told = {}
        for record in reversed(records):  # the first ones come last, so that theirs is the last word
            _add(told, record[2], _said(record[5]))
        first = records[0]
        for record in records[1:]:
            told[f"auditd.{record[2].lower()}"[:80]] = record[2]
        told |= {"type": first[2], "event.id": first[4], TIME: first[3], HOST: first[1], **_arguments(told)}
        if (program := told.get("comm")) is not None:
            told["process.name"] = told[PROGRAM] = program
        for name, ecs in _ECS.items():
            if told.get(name) not in {None, "?", "(null)"}:
                told.setdefault(ecs, told[name])
        if not is_address(told.get("source.address") or ""):
            told.pop("source.address", None)
        return {**told, **_outcome(told)}


def _by_serial() -> Callable[[str], bool]:
    last = ""

    def begins(line: str) -> bool:
        nonlocal last
        found = _LINE.match(line[:400])
        serial = f"{found[1]} {found[3]} {found[4]}" if found else ""
        begun, last = serial != last or not serial, serial
        return begun

    return begins


def _said(rest: str) -> dict[str, str]:
    """Read the pairs; records of programs hold theirs in ``msg='...'``; what is resolved stands behind a mark."""
    found = pairs(rest.replace("\x1d", " "))
    inner = found.pop("msg", None)
    if inner is not None:
        found = {**pairs(inner), **found}
    return {
        name: _decoded(value) if name in _ENCODED or (name[:1] == "a" and name[1:].isdecimal()) else value
        for name, value in found.items()
    }


def _decoded(value: str) -> str:
    """What holds a quote, a blank or a control is written in hexadecimal."""
    if not _HEX.fullmatch(value):
        return value
    decoded = bytes.fromhex(value).replace(b"\0", b" ").decode("utf-8", "replace")
    return decoded if decoded.isprintable() or "\n" in decoded or "\t" in decoded else value


def _add(told: Told, kind: str, said: dict[str, str]) -> None:
    numbered = kind == "SYSCALL" and any(name.startswith("auditd.argc") for name in told)
    for name, value in said.items():
        if kind == "EXECVE" and name == "argc":
            told["auditd.argc"] = value
        elif kind == "PATH" and name in {"name", "nametype"} and said.get("nametype") == "PARENT" and "name" in told:
            continue
        elif not (numbered and name in {"a0", "a1", "a2", "a3"}):
            told[name] = value


def _arguments(told: Told) -> Told:
    """The command line is what EXECVE lists, else what the process calls itself."""
    if told.get("auditd.argc"):
        words = [told.get(f"a{number}") for number in range(_MOST_ARGUMENTS)]
        return {"process.command_line": " ".join(word for word in words if word)}
    return {"process.command_line": told.get("proctitle")}


def _outcome(told: Told) -> Told:
    said = told.get("success") or told.get("res") or ""
    outcome = {
        "yes": "success",
        "success": "success",
        "1": "success",
        "no": "failure",
        "failed": "failure",
        "0": "failure",
    }.get(said)
    worse = outcome == "failure" or (told.get("type") or "").startswith("ANOM_")
    return {
        "event.outcome": outcome,
        "event.action": (told.get("type") or "").lower(),
        LEVEL: "warning" if worse else "info",
    }


AUDITD = Auditd()
FORMATS = (AUDITD,)
