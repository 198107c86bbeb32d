"""The licences of everything that the program carries: read from what is installed, so the list cannot go stale."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from desktop_app.core.paths import resource

OURS = "watchdesk"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CLASSIFIER = "License :: OSI Approved :: "
# What comes without its licence in the package: the texts that we bring along, by the normal form of the name.
_QT = ("LGPL-3.0.txt", "GPL-3.0.txt", "Qt-notice.txt")
_BROUGHT = {
    **dict.fromkeys(
        ("pyside6", "pyside6-addons", "pyside6-essentials", "pyside6-pdf", "pyside6-webengine", "shiboken6"), _QT
    ),
    "evtx": ("evtx-MIT.txt",),
    "proxy-tools": ("proxy_tools-MIT.txt",),
    "python": ("PSF-2.0.txt",),
    "sqlite": ("SQLite-public-domain.txt",),
}
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the program carries. ``texts`` are the names of its licence files that can be read here."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


def _distributions() -> Iterator[metadata.Distribution]:
    """Yield what Watchdesk requires, and what that requires, each once; what this platform lacks is left out."""
    waiting, seen = [OURS], {OURS}
    while waiting:
        try:
            found = metadata.distribution(waiting.pop())
        except metadata.PackageNotFoundError:
            continue
        yield found
        wanted = [one for one in found.requires or () if "extra ==" not in one]
        names = {_normal(match[0]) for one in wanted if (match := _NAME.match(one))}
        waiting += sorted(names - seen)
        seen |= names


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(found: metadata.Distribution) -> str:
    """Return the licence in few words: the SPDX expression, else the classifier, else the first line of the field."""
    meta = found.metadata.json  # plain values: the message itself tells missing ones in two ways
    if "license_expression" in meta:
        return str(meta["license_expression"])
    named = [one.removeprefix(_CLASSIFIER) for one in meta.get("classifier", []) if one.startswith(_CLASSIFIER)]
    told = str(meta.get("license", "")).strip().splitlines()
    return ", ".join(named) or (told[0] if told else "?")


def _files(found: metadata.Distribution) -> dict[str, Path]:
    named = [one for one in found.files or () if ".dist-info" in str(one) and _LICENCE_FILE.search(one.name)]
    located = {one.name: Path(str(one.locate())) for one in named}
    return {name: path for name, path in located.items() if path.is_file()}


def _texts(found: metadata.Distribution) -> tuple[str, ...]:
    """Return the names of the licences of a package: its own, else those that we bring along for it."""
    return tuple(sorted(_files(found))) or _BROUGHT.get(_normal(found.metadata["Name"]), ())


@cache
def parts() -> tuple[Part, ...]:
    """Return everything that the program carries, by name: Python, its packages, the front-end libraries."""
    version = ".".join(str(one) for one in sys.version_info[:3])
    found = [
        Part("Python", version, "PSF-2.0", _BROUGHT["python"]),
        Part("SQLite", sqlite3.sqlite_version, "public domain", _BROUGHT["sqlite"]),
    ]
    found += [Part(one.metadata["Name"], one.version, _licence(one), _texts(one)) for one in _distributions()]
    for name, told in _vendored().items():
        texts = tuple(file for file in told["files"] if _LICENCE_FILE.search(file))
        found.append(Part(name, told["version"], told["license"], texts))
    return tuple(sorted(found, key=lambda part: part.name.lower()))


def _vendored() -> dict[str, dict[str, Any]]:
    manifest = resource("ui", "static", "vendor", "manifest.json")
    return dict(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.is_file() else {}


def licence_text(name: str, file: str) -> str | None:
    """Return a licence as its authors wrote it; only names that ``parts`` lists are looked up."""
    if not any(part.name == name and file in part.texts for part in parts()):
        return None
    if file in _BROUGHT.get(_normal(name), ()):
        path = resource("ui", "static", "licences", file)
    elif name in _vendored():
        path = resource("ui", "static", "vendor", name, file)
    else:
        path = _files(metadata.distribution(name))[file]
    return path.read_text(encoding="utf-8", errors="replace")


def version_of(name: str) -> str | None:
    """Return the version of something that the program carries, or None where this platform lacks it."""
    return next((one.version for one in parts() if one.name == name), None)
