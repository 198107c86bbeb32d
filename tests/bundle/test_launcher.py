"""The start of the one file."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from build import launcher
from build import launcher_posix as posix
from tests.bundle.conftest import ROOT, START, Start


def cache(home: Path) -> Path:
    return home / ".cache" / "watchdesk" / "program"


def folders(home: Path) -> list[str]:
    return sorted(path.name for path in cache(home).iterdir() if path.is_dir())


def test_the_first_start_unpacks_and_runs(one: Path, pack: launcher.Pack, home: Path, start: Start) -> None:
    done = start(one, "import", "a b")
    program = cache(home) / pack.identity / "watchdesk"
    assert done.stdout.splitlines() == [str(program), str(one), "unset unset", "word import", "word a b", "first"]
    assert done.returncode == 7
    assert done.stderr == ""


def test_a_later_start_runs_what_lies_there(one: Path, pack: launcher.Pack, home: Path, start: Start) -> None:
    start(one)
    before = (cache(home) / pack.identity).stat().st_ino
    assert start(one).returncode == 7
    assert (cache(home) / pack.identity).stat().st_ino == before


def test_everything_unpacked_is_for_its_owner_alone(one: Path, pack: launcher.Pack, home: Path, start: Start) -> None:
    start(one)
    top = cache(home) / pack.identity
    assert {path.lstat().st_mode & 0o077 for path in [top, *top.rglob("*")] if not path.is_symlink()} == {0}
    assert (top / "link").readlink() == Path("deep/data")


@pytest.mark.parametrize("harm", ["cut", "gone", "writable", "older", "relinked"])
def test_what_is_amiss_is_unpacked_anew(harm: str, one: Path, pack: launcher.Pack, home: Path, start: Start) -> None:
    start(one)
    data = cache(home) / pack.identity / "deep" / "data"
    if harm == "cut":
        data.write_text("", encoding="utf-8")
    elif harm == "gone":
        data.unlink()
    elif harm == "writable":
        data.chmod(0o606)
    elif harm == "older":
        os.utime(data, (1, 1))
    else:
        link = cache(home) / pack.identity / "link"
        link.unlink()
        link.symlink_to("/etc/passwd")
    assert start(one).stdout.endswith("first\n")
    assert launcher.intact(str(cache(home) / pack.identity), pack)
    assert folders(home) == [pack.identity], "the harmed folder is gone"


def test_a_newer_version_removes_the_older(one: Path, make: Callable[[str], Path], home: Path, start: Start) -> None:
    start(one)
    newer = make("second")
    assert start(newer).stdout.endswith("second\n")
    assert folders(home) == [launcher.read_pack(str(newer)).identity]


def test_a_version_that_still_runs_is_left_in_place(
    one: Path, pack: launcher.Pack, make: Callable[[str], Path], home: Path, start: Start
) -> None:
    start(one)
    held = posix.lock(str(cache(home) / f"{pack.identity}.lock"), shared=True, wait=False)
    assert held is not None
    start(make("second"))
    assert pack.identity in folders(home)
    os.close(held)
    start(make("third"))
    assert pack.identity not in folders(home)


def test_what_a_crash_left_half_unpacked_is_removed(one: Path, pack: launcher.Pack, home: Path, start: Start) -> None:
    cache(home).mkdir(parents=True, mode=0o700)
    cache(home).chmod(0o700)
    (cache(home) / ".fresh.0123456789abcdef").mkdir()
    start(one)
    assert folders(home) == [pack.identity]


def test_two_first_starts_at_once_both_run_and_unpack_once(
    one: Path, pack: launcher.Pack, home: Path, tmp_path: Path
) -> None:
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", START, str(one)]
    both = [subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0].splitlines()[0] for process in both]
    assert said == [str(cache(home) / pack.identity / "watchdesk")] * 2
    assert folders(home) == [pack.identity]


def test_a_cache_that_others_may_write_is_not_used(one: Path, home: Path, tmp_path: Path, start: Start) -> None:
    cache(home).mkdir(parents=True)
    (home / ".cache").chmod(0o777)
    done = start(one)
    assert done.returncode == 7
    assert Path(done.stdout.splitlines()[0]).parent.parent == tmp_path, "a private temporary folder"
    assert not list(tmp_path.glob("watchdesk-*")), "which is removed at the end"


def test_a_cache_that_cannot_be_made_is_done_without(one: Path, home: Path, tmp_path: Path, start: Start) -> None:
    (home / ".cache").write_text("a file where the folder should be", encoding="utf-8")
    assert Path(start(one).stdout.splitlines()[0]).parent.parent == tmp_path


def test_a_full_disk_is_told_in_one_sentence(pack: launcher.Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(launcher, "unpack", full)
    with pytest.raises(launcher.CannotStart, match="the disk is full") as told:
        launcher.from_temporary(pack, [])
    assert "\n" not in str(told.value)


def test_nowhere_to_unpack_is_told_in_one_sentence(one: Path, home: Path, start: Start) -> None:
    (home / ".cache").write_text("", encoding="utf-8")
    done = start(one, env={"TMPDIR": str(home / "absent")})
    assert done.returncode == launcher.COULD_NOT
    assert done.stderr.startswith("Watchdesk cannot start: neither")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("length", [0, 30, 400])
def test_a_copy_that_was_cut_off_says_so(length: int, one: Path, start: Start) -> None:
    os.truncate(one, length)
    done = start(one)
    assert done.returncode == launcher.COULD_NOT
    assert "incomplete" in done.stderr


def test_a_copy_with_a_flipped_byte_says_so_and_leaves_nothing(
    one: Path, pack: launcher.Pack, home: Path, start: Start
) -> None:
    content = bytearray(one.read_bytes())
    content[pack.offset + pack.length // 2] ^= 0xFF
    one.write_bytes(content)
    done = start(one)
    assert done.returncode == launcher.COULD_NOT
    assert "damaged" in done.stderr
    assert folders(home) == []


def test_a_changed_index_is_refused(one: Path, pack: launcher.Pack) -> None:
    content = bytearray(one.read_bytes())
    content[pack.offset + pack.length + 20] ^= 0x01
    one.write_bytes(content)
    with pytest.raises(launcher.CannotStart, match="damaged"):
        launcher.read_pack(str(one))


def test_the_program_gets_the_environment_of_the_person(one: Path, start: Start) -> None:
    prepared = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/mine", "_PYI_ARCHIVE_FILE": "/one"}
    assert start(one, env=prepared).stdout.splitlines()[2] == "/mine unset"


def test_signals_reach_a_program_in_a_temporary_folder(tmp_path: Path) -> None:
    told = tmp_path / "told"
    body = f"trap 'echo ended > {told}; exit 5' TERM; echo ready > {tmp_path}/ready; while :; do sleep 0.05; done"
    script = tmp_path / "program"
    script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    script.chmod(0o700)
    code = f"import sys; from build import launcher_posix as p; sys.exit(p.run({str(script)!r}, [], {{}}))"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    while not (tmp_path / "ready").exists():
        time.sleep(0.02)
    process.terminate()
    assert process.wait() == 5
    assert told.read_text(encoding="utf-8") == "ended\n"
