"""What the one file begins with: unpacks the program once for each version, then becomes it.

The layout of the one file is

    [PyInstaller's bootloader][payload: one zstd frame][index: JSON][this program][footer: 64 bytes]

The payload holds the contents of all files one after another, in the order of the index. A start finds the files in
the user's cache under the build's identity, looks at each (owner, size, time) and executes the program there; the
first start of a version, and one that finds something amiss, unpacks into a folder of its own and renames it. Where
the cache cannot be trusted, written or executed from, a private temporary folder is used and removed at the end.

Only modules that are cheap to import are used, not even pathlib: this runs before every start.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple

if sys.platform == "win32":
    from build import launcher_windows as platform
else:
    from build import launcher_posix as platform

MAGIC = b"WDPACK1\n"
FOOTER = struct.Struct("<8sQQQ32s")  # magic, offset of the payload, its length, length of the index, identity
CHUNK = 1 << 20
COULD_NOT = 3


class CannotStart(Exception):
    """One sentence for the person who started the program."""


class Pack(NamedTuple):
    """What the executable carries: ``files`` are rows of (path, mode, size, mtime, link target or None)."""

    executable: str
    offset: int
    length: int
    identity: str
    program: str
    files: list[tuple[str, int, int, int, str | None]]


def read_pack(executable: str) -> Pack:
    """Read footer and index of the one file; a damaged one is refused."""
    import hashlib

    with open(executable, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - FOOTER.size))
        footer = file.read(FOOTER.size)
        if len(footer) < FOOTER.size or not footer.startswith(MAGIC):
            raise CannotStart("This copy of Watchdesk is incomplete. Copy or download it again.")
        _, offset, length, index_length, identity = FOOTER.unpack(footer)
        file.seek(offset + length)
        index = file.read(index_length)
    if hashlib.sha256(index).digest() != identity:
        raise CannotStart("This copy of Watchdesk is damaged. Copy or download it again.")
    told: dict[str, Any] = json.loads(index)
    return Pack(executable, offset, length, identity.hex()[:24], told["program"], [tuple(row) for row in told["files"]])


class Payload:
    """The unpacked bytes of the payload, read in order."""

    def __init__(self, file: BinaryIO, pack: Pack) -> None:
        try:
            from compression import zstd  # type: ignore[import-not-found] # part of Python from 3.14 on
        except ImportError:
            from backports import zstd
        self._decompressor = zstd.ZstdDecompressor()
        self._failure = zstd.ZstdError
        self._file, self._left = file, pack.length
        file.seek(pack.offset)

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; none at the end of the payload."""
        packer = self._decompressor
        try:
            while not packer.eof:
                fresh = self._file.read(min(CHUNK, self._left)) if packer.needs_input else b""
                self._left -= len(fresh)
                if packer.needs_input and not fresh:
                    break
                data: bytes = packer.decompress(fresh, size)
                if data:
                    return data
        except self._failure as error:
            raise CannotStart("This copy of Watchdesk is damaged. Copy or download it again.") from error
        return b""


def intact(folder: str, pack: Pack) -> bool:
    """Say whether every file of the pack lies there, ours alone, as it was unpacked."""
    try:
        if not platform.ours(os.lstat(folder)):
            return False
        for path, _, size, mtime, link in pack.files:
            found = os.lstat(f"{folder}/{path}")
            if not platform.ours(found):
                return False
            if link is not None:
                if os.readlink(f"{folder}/{path}") != link:
                    return False
            elif not stat.S_ISREG(found.st_mode) or found.st_size != size or int(found.st_mtime) != mtime:
                return False
    except OSError:
        return False
    return True


def _write(target: str, mode: int, size: int, payload: Payload) -> None:
    with open(target, "xb") as file:
        while size:
            data = payload.read(min(size, CHUNK))
            if not data:
                raise CannotStart("This copy of Watchdesk is incomplete. Copy or download it again.")
            file.write(data)
            size -= len(data)
    os.chmod(target, mode & 0o700)


def unpack(pack: Pack, folder: str) -> None:
    """Write every file below ``folder``, which must not exist; nothing of it is trusted until it is complete."""
    os.mkdir(folder, 0o700)
    with open(pack.executable, "rb") as file:
        payload = Payload(file, pack)
        for path, mode, size, mtime, link in pack.files:
            target = f"{folder}/{path}"
            os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
            if link is not None:
                os.symlink(link, target)
                continue
            _write(target, mode, size, payload)
            os.utime(target, (mtime, mtime))
        if payload.read(1):  # reading past the last file is what makes zstd compare its checksum
            raise CannotStart("This copy of Watchdesk is damaged. Copy or download it again.")
    for path, *_, link in pack.files:
        if link is None:
            # Else a power cut soon after could leave files of the right length and nothing in them.
            platform.flush(f"{folder}/{path}")


def remove(folder: str) -> None:
    """Delete a folder; what cannot be deleted stays for the next time."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def clean(base: str, keep: str) -> None:
    """Remove other versions and what a crash left, except what a running program still uses."""
    for name in os.listdir(base):
        path = f"{base}/{name}"
        if name == keep or name.endswith(".lock") or not os.path.isdir(path):
            continue
        held = platform.lock(f"{base}/{name.lstrip('.').split('.')[0]}.lock", shared=False, wait=False)
        if held is None and not name.startswith("."):
            continue
        remove(path)
        if held is not None:
            os.close(held)


@contextmanager
def _alone(base: str) -> Iterator[None]:
    """Let one start at a time unpack; the second then finds the work done."""
    held = platform.lock(f"{base}/unpack.lock", shared=False, wait=True)
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


def install(pack: Pack, base: str) -> str:
    """Return the folder in the cache with the program in it, unpacked now if need be; OSError when it cannot be."""
    folder = f"{base}/{pack.identity}"
    if intact(folder, pack):
        return folder
    with _alone(base):
        if not intact(folder, pack):
            fresh = f"{base}/.fresh.{os.urandom(8).hex()}"
            clean(base, pack.identity)
            if sys.stderr and sys.stderr.isatty():
                sys.stderr.write("Unpacking Watchdesk, once for this version...\n")
            try:
                unpack(pack, fresh)
                if os.path.lexists(folder):
                    os.rename(folder, f"{base}/.broken.{os.urandom(8).hex()}")
                os.rename(fresh, folder)
            except BaseException:
                remove(fresh)
                raise
            clean(base, pack.identity)
    return folder


def _environment(pack: Pack) -> dict[str, str]:
    """Return the environment as it was before PyInstaller's bootloader prepared it for us."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("_PYI_")}
    for name in ("LD_LIBRARY_PATH", "LIBPATH"):
        kept.pop(name, None)
        if f"{name}_ORIG" in kept:
            kept[name] = kept.pop(f"{name}_ORIG")
    # The folder watchdesk-data of a USB stick stands beside the one file, not beside the cache.
    kept["WATCHDESK_EXECUTABLE"] = os.path.abspath(pack.executable)
    return kept


def from_cache(pack: Pack, arguments: list[str]) -> int | None:
    """Become the program in the cache; returns only where that is impossible (None) or, on Windows, its exit code."""
    base = platform.cache_folder()
    try:
        if base is None or not platform.private(base):
            return None
        # Held by the program for its whole life, so that a newer version does not delete it meanwhile.
        platform.lock(f"{base}/{pack.identity}.lock", shared=True, wait=True)
        folder = install(pack, base)
        return platform.become(f"{folder}/{pack.program}", arguments, _environment(pack))
    except OSError:
        return None


def from_temporary(pack: Pack, arguments: list[str]) -> int:
    """Run the program from a private folder that is removed when it ends."""
    folder = f"{platform.temporary_folder()}/watchdesk-{os.urandom(8).hex()}"
    try:
        unpack(pack, folder)
        return platform.run(f"{folder}/{pack.program}", arguments, _environment(pack))
    except OSError as error:
        raise CannotStart(_reason(error, folder)) from error
    finally:
        remove(folder)


def _reason(error: OSError, folder: str) -> str:
    """Say in one sentence why the program can be unpacked nowhere."""
    place = os.path.dirname(folder)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Watchdesk cannot start: the disk is full. Free about 600 MB in your cache folder or in {place}."
    return (
        f"Watchdesk cannot start: neither your cache folder nor {place} can hold a program ({error.strerror}). "
        "Set TMPDIR to a folder that can, or use the folder form."
    )


def main() -> int:
    """Start the program and return its exit code."""
    try:
        pack = read_pack(sys.executable)
        done = from_cache(pack, sys.argv[1:])
        return from_temporary(pack, sys.argv[1:]) if done is None else done
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return COULD_NOT


if __name__ == "__main__":
    sys.exit(main())
