"""Making the packages: what can be told without an hour of building."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from build import package

ROOT = Path(__file__).resolve().parents[2]


def test_sizes_count_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 500_000)
    (tmp_path / "link").symlink_to("file")
    assert package.megabytes(tmp_path) == 0.5
    assert package.megabytes(tmp_path / "file") == 0.5


def test_pyinstaller_works_outside_our_build_folder() -> None:
    assert ROOT / "build" not in [package.WORK, *package.WORK.parents]
    assert not (ROOT / "build" / "__init__.py").exists()


def test_what_ci_runs_is_a_script_that_bash_reads() -> None:
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("name", ["dist", ".work"])
def test_results_are_not_committed(name: str) -> None:
    assert f"/{name}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
