"""Making the packages: what can be told without an hour of building."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

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


def test_digests_are_written_in_the_form_that_is_checked_with(tmp_path: Path) -> None:
    (tmp_path / "watchdesk").write_bytes(b"one")
    (tmp_path / "folder").mkdir()
    package.checksums(tmp_path)
    listed = package.checksums(tmp_path)
    assert listed.read_text(encoding="utf-8").splitlines()[0].endswith("  watchdesk")
    check = ["sha256sum", "--check", "--strict", listed.name]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "watchdesk").write_bytes(b"another")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_site_signs_with_a_command_of_its_own(tmp_path: Path) -> None:
    made = tmp_path / "watch desk"
    made.write_bytes(b"one")
    package.sign(made, "")
    assert [path.name for path in tmp_path.iterdir()] == ["watch desk"], "nothing is signed unasked"
    package.sign(made, f"cp -t '{tmp_path}/..' --backup=simple")
    assert (tmp_path.parent / "watch desk").read_bytes() == b"one"
    with pytest.raises(subprocess.CalledProcessError):
        package.sign(made, "false")


def test_the_workflow_builds_all_three_systems_and_says_that_it_was_never_tried() -> None:
    text = (ROOT / ".github/workflows/package.yml").read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)["jobs"]) == {"linux", "windows", "macos"}
    assert "Never tried" in text.splitlines()[0] + text.splitlines()[1]
