"""What the architecture tests look at: the files of the repository, as git would commit them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[str]:
    """Paths from the root, with ``/``; what git ignores is not among them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return sorted({path for path in listed if path and (ROOT / path).is_file()})


@pytest.fixture(scope="session")
def sources(files: list[str]) -> list[str]:
    """The Python modules of the program."""
    return [path for path in files if path.startswith("desktop_app/") and path.endswith(".py")]
