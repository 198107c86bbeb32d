"""Names of files: how they are shown and stored, and which of them name the same log; and names of machines."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.core.text import text

# What packing and rotation put behind the name of a log: auth.log.1, auth.log-20261120, auth.log.2.gz.
_ADDED = re.compile(r"(?:\.(?:gz|bz2|xz|zip|tgz)|[.-]\d+)+\Z", re.IGNORECASE)


def shown(path: str | Path) -> str:
    r"""Return a path as text that can be stored; bytes that are not UTF-8 become ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def originals(paths: Sequence[str]) -> dict[str, str]:
    """Return the bytes (in hexadecimal) of those paths that do not survive being stored, by how they are shown."""
    return {shown(one): os.fsencode(one).hex() for one in paths if shown(one) != one}


def original(path: str, kept: Mapping[str, str]) -> Path:
    """Return the path that was stored as ``path``, with what ``originals`` kept of it."""
    return Path(os.fsdecode(bytes.fromhex(kept[path])) if path in kept else path)


def file_name(name: str) -> str:
    """Return a file's own name, without the folders and archives around it."""
    return name.replace("\\", "/").rpartition("/")[2] or name


def stem(name: str) -> str:
    """Return a file's own name without its folders and without what packing and rotation add to it."""
    base = file_name(name)
    return _ADDED.sub("", base) or base


NO_HOST = text("A host is named by one word, such as web01 or 10.0.0.7.")
_HOST = re.compile(r"[^\s\x00-\x1f\x7f]{1,253}")


def is_host(name: str) -> bool:
    """Say whether a text may be the name of a machine."""
    return _HOST.fullmatch(name) is not None
