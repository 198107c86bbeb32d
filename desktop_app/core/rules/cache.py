"""Compiled rules on disk, so that thousands are ready at once: JSON, never pickle, made again when anything is off."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core.database import Connection, value
from desktop_app.core.paths import DataFolder
from desktop_app.core.sigma.model import ENGINE

Compiled = Mapping[str, Any]


def path_of(folder: DataFolder) -> Path:
    """Return the file; it belongs to one version of the engine."""
    return folder.cache / f"sigma-{ENGINE}.json"


def read(folder: DataFolder) -> dict[str, Compiled]:
    """Return compiled rules by version; nothing where there is no file or it is damaged."""
    found = load(path_of(folder))
    return found if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()) else {}


def write(folder: DataFolder, compiled: Mapping[str, Compiled]) -> None:
    """Replace the file whole. That it cannot be written costs time at the next start, nothing else."""
    replace(path_of(folder), orjson.dumps(compiled))


def load(path: Path) -> object:
    """Return what a kept file says; None where there is none or it is damaged."""
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def replace(path: Path, content: bytes) -> None:
    """Replace a kept file whole; one that cannot be written is made again where it is wanted."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(path)
    except OSError:
        return


def remember(folder: DataFolder, compiled: Mapping[str, Compiled]) -> None:
    """Add compiled rules to those that are kept."""
    known = read(folder)
    if compiled.keys() - known.keys():
        write(folder, {**known, **compiled})


def folder_of(db: Connection) -> DataFolder:
    """Return the data folder that a connection belongs to."""
    return DataFolder(Path(value(db, "SELECT file FROM pragma_database_list WHERE name = 'main'")).parent)
