"""Commands of Logs run as the command line runs them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app import bundled
from desktop_app.core.cli import shared_words
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import store
from desktop_app.extensions.logs.extension import extension

Answer = Callable[..., Any]


def prepared(place: Path) -> Desk:
    """A desk in the zone of Shanghai."""
    desk = Desk(DataFolder(place), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    with desk.connection() as db, writing(db):
        store(db, {"site_zone": "Asia/Shanghai"})
    return desk


def command(desk: Desk, name: str, *words: str) -> int:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    found = next(one for one in extension.commands if one.name == name)
    found.configure(parser)
    given = parser.parse_args(words)
    given.json = getattr(given, "json", False)
    return found.run(desk, given)


def written(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)
