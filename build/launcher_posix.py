"""What the start of the one file asks of Linux and macOS: owners, locks, executing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import stat
import sys
from typing import NoReturn

NAME = "watchdesk/program"


def cache_folder() -> str | None:
    """Return where unpacked versions lie, or None when this account has no home."""
    home = os.path.expanduser("~")
    default = f"{home}/Library/Caches" if sys.platform == "darwin" else f"{home}/.cache"
    place = os.environ.get("XDG_CACHE_HOME") or default
    return f"{place}/{NAME}" if os.path.isabs(place) else None


def temporary_folder() -> str:
    """Return the system's folder for temporary files."""
    return os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - a folder of our own with a random name is made in it


def ours(found: os.stat_result) -> bool:
    """Say whether a file belongs to this account and nobody else may write to it."""
    writable = not stat.S_ISLNK(found.st_mode) and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return found.st_uid == os.geteuid() and not writable


def _only_trusted_write(found: os.stat_result) -> bool:
    """Say whether root and this account alone can rename what lies in a folder."""
    if found.st_uid not in (0, os.geteuid()) or not stat.S_ISDIR(found.st_mode):
        return False
    # Where every user has a group of their own (its number is the user's), that group is the user.
    foreign_group = found.st_mode & stat.S_IWGRP and found.st_gid != os.geteuid()
    return bool(found.st_mode & stat.S_ISVTX) or not (foreign_group or found.st_mode & stat.S_IWOTH)


def private(base: str) -> bool:
    """Make the folder if it is absent, and say whether nobody else could put something in its place."""
    os.makedirs(base, 0o700, exist_ok=True)
    real = os.path.realpath(base)
    if not ours(os.stat(real)):
        return False
    while real != "/":
        real = os.path.dirname(real)
        if not _only_trusted_write(os.stat(real)):
            return False
    return True


def lock(path: str, *, shared: bool, wait: bool) -> int | None:
    """Lock a file and return its descriptor, which a program started by ``become`` inherits; None when it is held."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    os.set_inheritable(handle, shared)
    return handle


def flush(path: str) -> None:
    """Return once the file's contents are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def become(program: str, arguments: list[str], environment: dict[str, str]) -> NoReturn:
    """Replace this process by the program; OSError where files there may not be executed."""
    os.execve(program, [program, *arguments], environment)  # noqa: S606 - our own program, no shell


def run(program: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run the program, hand signals on to it, and return its exit code once it has ended."""
    if not os.access(program, os.X_OK):
        raise PermissionError(13, "programs may not be executed there")
    child = os.posix_spawn(program, [program, *arguments], environment)

    def hand_on(number: int, _: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, hand_on)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code
