"""A one file with a made-up program in it: a script that tells where and how it was started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from build import launcher, payload

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """#!/bin/sh
echo "$0"
echo "$WATCHDESK_EXECUTABLE"
echo "${LD_LIBRARY_PATH-unset} ${_PYI_ARCHIVE_FILE-unset}"
for word in "$@"; do echo "word $word"; done
cat "$(dirname "$0")/deep/data"
exit 7
"""
# The launcher as it runs inside the one file, where the interpreter's name is the file itself.
START = (
    "import sys; sys.executable, *sys.argv[1:] = sys.argv[1:]; from build import launcher; sys.exit(launcher.main())"
)

Start = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    """Pack a one file whose program reads the given text."""

    def pack(text: str) -> Path:
        folder = tmp_path / f"folder-{text}"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "data").write_text(text + "\n", encoding="utf-8")
        (folder / "watchdesk").write_text(SCRIPT, encoding="utf-8")
        (folder / "watchdesk").chmod(0o755)
        (folder / "link").symlink_to("deep/data")
        (tmp_path / "nothing").touch()
        one = tmp_path / f"one-{text}"
        payload.write(tmp_path / "nothing", tmp_path / "nothing", folder, "watchdesk", one, level=1)
        return one

    return pack


@pytest.fixture
def one(make: Callable[[str], Path]) -> Path:
    return make("first")


@pytest.fixture
def pack(one: Path) -> launcher.Pack:
    return launcher.read_pack(str(one))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose folders nobody else may write, as on a person's machine; pytest's own lie in the shared /tmp."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def start(home: Path, tmp_path: Path) -> Start:
    """Start a one file and wait for its end."""

    def run(one: Path, *words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        settled = {"HOME": str(home), "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), **(env or {})}
        command = [sys.executable, "-c", START, str(one), *words]
        return subprocess.run(command, cwd=ROOT, env=settled, capture_output=True, text=True, check=False)

    return run
