"""The tasks of ``python3 build``: what they say where something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def task(*words: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "build", *words]
    return subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_without_a_task_the_tasks_are_named() -> None:
    done = task()
    assert done.returncode == 1
    assert done.stderr.startswith("usage: python3 build run | test | env | package | lock")


def test_resolving_without_its_tool_says_what_to_install(tmp_path: Path) -> None:
    done = task("lock", path=str(tmp_path))
    assert done.returncode == 1
    assert "pip install uv" in done.stderr
    assert "Traceback" not in done.stderr
