"""What the start of the one file asks of Windows. Written for it, never tried on it.

The user's cache folder is that user's alone by its access list, and a program that runs cannot be deleted; so owners
need no check and locks are needed only while unpacking.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt
    import time

    def cache_folder() -> str | None:
        """Return where unpacked versions lie, or None when this account has no such place."""
        place = os.environ.get("LOCALAPPDATA")
        return f"{place}/watchdesk/program" if place else None

    def temporary_folder() -> str:
        """Return the user's folder for temporary files."""
        return os.environ.get("TEMP") or "."

    def ours(_: os.stat_result) -> bool:
        """Trust the access list of the user's own folder."""
        return True

    def private(base: str) -> bool:
        """Make the folder if it is absent."""
        os.makedirs(base, exist_ok=True)
        return True

    def lock(path: str, *, shared: bool, wait: bool) -> int | None:
        """Lock a file and return its descriptor; None when it is held. A shared lock is not needed here."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOINHERIT)
        while not shared:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                break
            except OSError:
                if not wait:
                    os.close(handle)
                    return None
                time.sleep(0.05)
        return handle

    def flush(path: str) -> None:
        """Return once the file's contents are on the disk."""
        handle = os.open(path, os.O_RDWR | os.O_BINARY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def run(program: str, arguments: list[str], environment: dict[str, str]) -> int:
        """Run the program and return its exit code; Ctrl+C reaches both and is the program's to answer."""
        import signal
        import subprocess

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return subprocess.run([program, *arguments], env=environment, check=False).returncode

    # Windows has no way for one program to become another.
    become = run
