"""The smoke test itself, and, where a bundle was built, the bundle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from build import smoke


def test_the_sample_is_a_guessing_that_succeeds() -> None:
    lines = smoke.sample().splitlines()
    assert len(lines) == smoke.FAILURES + 1
    assert len(set(lines)) == len(lines)
    assert "Accepted" in lines[-1]


def test_what_does_not_hold_is_told() -> None:
    with pytest.raises(smoke.Failed, match="too large"):
        smoke.need(condition=False, what="too large")


def test_a_process_that_stays_behind_is_named(tmp_path: Path) -> None:
    person = smoke.Person(tmp_path)
    process = subprocess.Popen(["/bin/sleep", "60"], env=person.env)
    try:
        assert [words.strip() for words in person.left_running()] == ["/bin/sleep 60"]
    finally:
        process.kill()
        process.wait()
    assert person.left_running() == []


@pytest.mark.bundle
def test_the_bundle_imports_and_finds(tmp_path: Path) -> None:
    if not (smoke.DIST / "watchdesk-folder" / "watchdesk").exists():
        pytest.skip("no bundle was built (python3 build package)")
    script = Path(smoke.__file__)
    done = subprocess.run([sys.executable, script, "--no-window"], cwd=tmp_path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "The packaged program works." in done.stdout
