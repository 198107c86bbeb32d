"""One desk a data folder: the first start holds a lock, a second one hands its arguments over and ends."""

from __future__ import annotations

import http.client
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from desktop_app.core import locks
from desktop_app.core.errors import WatchdeskError
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.web.gate import ADDRESS, Gate
from desktop_app.web.security import KEY_HEADER

PATIENCE_SECONDS = 15.0
REQUEST_SECONDS = 10.0
POLL_SECONDS = 0.2

log = logging.getLogger(__name__)


class NotAnswering(WatchdeskError):
    """Another process holds the folder but does not answer."""


class DeskLock:
    """Held by the one desk of a folder. It is not the lock of the jobs: a long import without a desk holds that."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: DataFolder) -> DeskLock | None:
        """Take the lock, or return None at once when another desk holds it."""
        file = (folder.root / "instance.lock").open("a+b")
        if locks.lock(file):
            return cls(file)
        file.close()
        return None

    def release(self) -> None:
        """Let go."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Address:
    """Where the desk of a folder answers, and the key that it asks for. Only the folder's owner can read it."""

    port: int
    key: str


def address_file(folder: DataFolder) -> Path:
    """Return the file that tells a second start where the first one answers."""
    return folder.root / "desk.json"


def publish(folder: DataFolder, gate: Gate) -> None:
    """Write the address, readable by its owner alone from its first byte on."""
    draft = folder.root / f"desk-{os.getpid()}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(orjson.dumps({"port": gate.port, "key": gate.key}))
    draft.replace(address_file(folder))


def withdraw(folder: DataFolder) -> None:
    """Take the address away at the end."""
    address_file(folder).unlink(missing_ok=True)


def published(folder: DataFolder) -> Address | None:
    """Read the address, None when there is none or it is damaged."""
    try:
        found = orjson.loads(address_file(folder).read_bytes())
        return Address(int(found["port"]), str(found["key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask(address: Address, method: str, path: str, body: object = None) -> Any:
    """Call the desk with its key; the answer's JSON. OSError or ValueError when there is no sensible answer."""
    wire = http.client.HTTPConnection(ADDRESS, address.port, timeout=REQUEST_SECONDS)
    try:
        headers = {KEY_HEADER: address.key, "Content-Type": "application/json"}
        wire.request(method, path, orjson.dumps(body), headers)
        answer = wire.getresponse()
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        return orjson.loads(answer.read())
    except http.client.HTTPException as error:
        raise ValueError(str(error)) from error
    finally:
        wire.close()


def hand_over(folder: DataFolder, paths: Sequence[str], *, window: bool) -> dict[str, Any] | None:
    """Give the arguments to the running desk: ``{"shown": bool, "address": str | None}``; None when it can't be asked.

    ``window`` asks it to come to the front, else (and where it has no window) it hands out a new start address.
    """
    address = published(folder)
    if address is None:
        return None
    try:
        answer = ask(address, "POST", "/shell/hand-over", {"paths": list(paths), "window": window})
    except (OSError, ValueError) as error:
        log.info("The running desk did not answer: %s", error)
        return None
    return answer if isinstance(answer, dict) else None


def take_or_hand_over(
    folder: DataFolder, paths: Sequence[str], *, window: bool, patience: float = PATIENCE_SECONDS
) -> DeskLock | dict[str, Any]:
    """Become the desk of this folder, or hand the arguments to it; a desk that is starting or ending is waited for."""
    deadline = time.monotonic() + patience
    while True:
        lock = DeskLock.take(folder)
        if lock is not None:
            return lock
        answer = hand_over(folder, paths, window=window)
        if answer is not None:
            return answer
        if time.monotonic() > deadline:
            raise NotAnswering(
                text("Watchdesk is already open on this folder, but it does not answer."),
                why=text("Only one may work on %(path)s at a time.", path=str(folder.root)),
                fix=text("Close it, or end its process, then start again. --data-dir opens another folder."),
            )
        time.sleep(POLL_SECONDS)
