"""The real ways of the program over real data: the command line, workers of its own, and every file there is."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.__main__ import run


class User:
    """Somebody at the command line, with a data folder of their own."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def says(self, *words: object) -> Any:
        """Return the one JSON value that a command prints; it must end well."""
        said, told = io.TextIOWrapper(io.BytesIO()), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
            code = run([*map(str, words), "--data-dir", str(self.place / "desk"), "--json"])
        assert (code, told.getvalue()) == (0, ""), words
        said.flush()
        said.seek(0)
        return json.load(said)

    def count(self, query: str = "") -> int:
        return int(self.says("search", "--count", query)["count"])


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> User:
    """One desk for all tests of a module, which tell one story from above to below."""
    return User(tmp_path_factory.mktemp("world"))
