"""One desk takes the place of another in its folder; whatever cuts it off, the folder holds the one or the other.

What is to be done is written to ``swap.json`` first. Until that file has its name nothing was done; from then on every
start does the rest before it opens anything. Each step is a rename that can be seen to have been done. The desk that
was there lies in ``aside`` afterwards and is brought back the same way.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core.backup.checking import STAGE
from desktop_app.core.backup.snapshot import DATABASE, LEFT_OUT
from desktop_app.core.errors import UsageError
from desktop_app.core.locks import FolderLock
from desktop_app.core.model import Micros
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text

PLAN = "swap.json"
ASIDE = "aside"
ABOUT = "about.json"
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Aside:
    """A desk that was put aside: its folder's name, when, what took its place, and how large it is."""

    name: str
    when: Micros
    instead: str
    bytes: int


def put_in_place(folder: DataFolder, at: Micros, instead: str, source: str = STAGE) -> str:
    """Put what lies in a folder of the data folder in the desk's place; return the name of the desk put aside.

    For whoever holds the folder's lock, while nothing has the desk's files open.
    """
    name = _write_plan(folder, at, instead, source)
    finish(folder)
    return name


def _write_plan(folder: DataFolder, at: Micros, instead: str, source: str) -> str:
    root = folder.root
    if not (root / source / DATABASE).is_file():
        raise UsageError(
            text("There is no checked backup to restore."), fix=text("Choose a backup and check it again.")
        )
    name = next(one for number in itertools.count(at) if not (root / ASIDE / (one := f"desk-{number}")).exists())
    (root / ASIDE / name).mkdir(parents=True, mode=0o700)
    _write(root / ASIDE / name / ABOUT, {"when": at, "instead": instead})
    plan = {
        "from": source,
        "aside": f"{ASIDE}/{name}",
        "out": sorted(one.name for one in root.iterdir() if one.name not in LEFT_OUT and not one.name.startswith(".")),
        "in": sorted(one.name for one in (root / source).iterdir() if one.name != ABOUT),
    }
    _write(root / PLAN, plan)
    return name


def _write(path: Path, value: object) -> None:
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(orjson.dumps(value))
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)  # noqa: PTH105 - the one call by which a test can cut the swap off at any step
    _sync(path.parent)


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows writes names through by itself and opens no folder
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def finish(folder: DataFolder) -> bool:
    """Do what is left of a swap that was begun; False where there is none. For the holder of the folder's lock."""
    try:
        plan = orjson.loads((folder.root / PLAN).read_bytes())
    except FileNotFoundError:
        return False
    _carry_out(folder.root, plan)
    _sync(folder.root)
    (folder.root / PLAN).unlink()
    shutil.rmtree(folder.root / plan["from"], ignore_errors=True)
    return True


def _carry_out(root: Path, plan: Mapping[str, Any]) -> None:
    source, aside = root / plan["from"], root / plan["aside"]
    for name in plan["out"]:
        if (root / name).exists() and not (aside / name).exists():
            os.replace(root / name, aside / name)  # noqa: PTH105 - see _write
    _sync(aside)
    for name in plan["in"]:
        if (source / name).exists():
            if (root / name).is_dir():
                (root / name).rmdir()  # a start that looked in meanwhile has made the folders of a desk anew
            os.replace(source / name, root / name)  # noqa: PTH105 - see _write


def finish_if_begun(folder: DataFolder) -> None:
    """Do what is left of a swap before a desk is opened; while another process does it, wait for its end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (folder.root / PLAN).exists() and time.monotonic() < deadline:
        lock = FolderLock.take(folder)
        if lock is not None:
            finish(folder)
            lock.release()
        else:
            time.sleep(0.1)


def asides(folder: DataFolder) -> list[Aside]:
    """Return the desks that were put aside, the newest first."""
    place = folder.root / ASIDE
    found = [one for one in place.iterdir() if (one / DATABASE).is_file()] if place.is_dir() else []
    return sorted((_aside(one) for one in found), key=lambda one: -one.when)


def _aside(path: Path) -> Aside:
    told = orjson.loads((path / ABOUT).read_bytes())
    size = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return Aside(path.name, int(told["when"]), str(told["instead"]), size)


def named(folder: DataFolder, name: str) -> Aside:
    """Return one desk that was put aside; UsageError where there is none of that name."""
    found = next((one for one in asides(folder) if one.name == name), None)
    if found is None:
        raise UsageError(text("There is no such desk put aside."), why=text("It was brought back or deleted before."))
    return found


def bring_back(folder: DataFolder, at: Micros, name: str) -> str:
    """Exchange the present desk for one that was put aside; as ``put_in_place``."""
    aside = named(folder, name)
    _revoke_since(folder.root / DATABASE, folder.root / ASIDE / aside.name / DATABASE, at)
    return put_in_place(folder, at, f"{ASIDE}/{aside.name}", f"{ASIDE}/{aside.name}")


def _revoke_since(here: Path, there: Path, at: Micros) -> None:
    """Let no token of the API come back that was revoked since a desk was put aside."""
    with closing(sqlite3.connect(here)) as present, closing(sqlite3.connect(there)) as past:
        standing = [row[0] for row in present.execute("SELECT digest FROM api_tokens WHERE revoked IS NULL")]
        if past.execute("SELECT 1 FROM sqlite_master WHERE name = 'api_tokens'").fetchone():
            past.execute(
                "UPDATE api_tokens SET revoked = ? WHERE revoked IS NULL"
                " AND digest NOT IN (SELECT value FROM json_each(?))",
                (at, orjson.dumps(standing).decode()),
            )
            past.commit()


def delete(folder: DataFolder, name: str) -> None:
    """Delete a desk that was put aside, for good."""
    shutil.rmtree(folder.root / ASIDE / named(folder, name).name)
