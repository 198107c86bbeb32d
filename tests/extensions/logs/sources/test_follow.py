from __future__ import annotations

import gzip
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources import follow
from desktop_app.extensions.logs.sources.feed import Portion
from desktop_app.extensions.logs.sources.follow import Follow
from desktop_app.extensions.logs.sources.taught.formats import format_of
from tests.extensions.logs.jobs.test_format import BOILER, LINES


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(follow, "IDLE_SECONDS", -60.0)


class Follower:
    """Follows as the listener does: what it takes is stored with its cursor, or neither is."""

    def __init__(self, path: Path, **config: Any) -> None:
        self.config = {"path": str(path), **config}
        self.stored: list[str] = []
        self.cursor: dict[str, Any] = {}
        self.losses: list[str] = []
        self.begin()

    def begin(self) -> None:
        """Begin anew from what was stored."""
        self.feed = Follow(self.config, json.loads(json.dumps(self.cursor)))
        self.feed.start()
        if not self.cursor:
            self.cursor = json.loads(json.dumps(self.feed.cursor))

    def take(self, portions: int = 1000, *, stores: bool = True) -> None:
        for _ in range(portions):
            portion = self.feed.take(1)
            if portion is None:
                break
            if not stores:
                break
            self.stored += portion.raw
            self.losses += [one.reason for one in portion.losses]
            self.cursor = json.loads(json.dumps(portion.cursor))
        self.feed.stop()


def write(path: Path, *lines: str, end: str = "\n") -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write("".join(f"{line}\n" for line in lines[:-1]) + lines[-1] + end)


def test_what_is_added_is_taken_once_whole_lines_only(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    followed = Follower(log)
    followed.take()
    assert followed.stored == []
    write(log, "one", "tw", end="")
    followed.take()
    assert followed.stored == ["one"]
    write(log, "o", "three")
    followed.take()
    followed.begin()
    followed.take()
    assert followed.stored == ["one", "two", "three"]


def test_a_taught_format_is_met_and_one_that_was_forgotten_is_told_anew(tmp_path: Path) -> None:
    log = tmp_path / "boiler.log"
    write(log, *LINES.splitlines())
    follower = Follower(log)
    follower.feed.taught = lambda: (format_of(BOILER),)
    assert [one.format for one in taken(follower)] == ["site.boiler"]
    write(log, "2026/11/20 08:00:03 <Boiler9> {INFO} ok again")
    follower.feed.taught = tuple
    assert [(one.format, one.raw) for one in taken(follower)] == [
        ("plain", ["2026/11/20 08:00:03 <Boiler9> {INFO} ok again"])
    ]


def taken(follower: Follower) -> list[Portion]:
    return list(iter(lambda: follower.feed.take(1), None))


def test_following_may_begin_at_the_end(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    write(log, "old")
    followed = Follower(log, start="end")
    write(log, "new")
    followed.take()
    assert followed.stored == ["new"]


def test_what_was_rotated_before_following_began_is_left(tmp_path: Path) -> None:
    write(tmp_path / "app.log.1", "ancient")
    os.utime(tmp_path / "app.log.1", (1, 1))
    write(tmp_path / "app.log", "now")
    followed = Follower(tmp_path / "app.log")
    followed.take()
    assert followed.stored == ["now"]


def test_a_folder_is_followed_with_all_its_files(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        write(tmp_path / name, f"{name} one")
    followed = Follower(tmp_path)
    followed.take()
    write(tmp_path / "c.log", "c.log one")
    followed.take()
    assert sorted(followed.stored) == ["a.log one", "b.log one", "c.log one"]


def test_a_log_that_went_with_what_was_not_read_is_a_gap(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    write(log, "one", "half", end="")
    followed = Follower(log)
    followed.take()
    log.unlink()
    write(log, "another beginning")
    followed.take()
    assert followed.stored == ["one", "another beginning"]
    assert followed.losses == ["rotated"]


def test_a_record_that_may_go_on_waits_for_the_next_one_or_for_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "IDLE_SECONDS", 3600.0)
    log = tmp_path / "app.log"
    stamps = [f"2026-11-22 10:00:{at:02d},000 INFO [main] org.apache.hadoop.App: no {at}" for at in range(30)]
    write(log, *stamps, "java.io.IOException: closed")
    followed = Follower(log)
    followed.take()
    assert followed.stored == stamps[:-1]
    write(log, "\tat com.example.App.run(App.java:7)", "2026-11-22 10:00:30,000 INFO [main] org.apache.hadoop.App: on")
    followed.take()
    whole = f"{stamps[-1]}\njava.io.IOException: closed\n\tat com.example.App.run(App.java:7)"
    assert followed.stored[29:] == [whole]
    monkeypatch.setattr(follow, "IDLE_SECONDS", -60.0)
    followed.take()
    assert followed.stored[30:] == ["2026-11-22 10:00:30,000 INFO [main] org.apache.hadoop.App: on"]


def test_a_wide_encoding_is_cut_at_its_own_line_ends(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes("\ufeffone ਊ\ntwo\nhal".encode("utf-16-le"))
    followed = Follower(log)
    followed.take()
    assert followed.stored == ["one ਊ", "two"]


def test_what_is_no_log_is_left(tmp_path: Path) -> None:
    (tmp_path / "core").write_bytes(bytes(range(256)) * 100)
    write(tmp_path / "app.log", "one")
    followed = Follower(tmp_path)
    followed.take()
    assert followed.stored == ["one"]


OPERATIONS = st.lists(
    st.sampled_from(
        ["write", "write", "write many", "take", "take", "take one", "crash", "rename", "copytruncate", "pack"]
    ),
    max_size=25,
)


class Rotated:
    """A log that a program writes and logrotate turns over."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "app.log"
        self.written: list[str] = []

    def write(self, number: int) -> None:
        at = len(self.written)
        lines = [f"{at + one:06d} something was done here and there" for one in range(number)]
        self.written += lines
        write(self.log, *lines)

    def shift(self) -> bool:
        """Make room for a new ``app.log.1``."""
        if not self.log.exists() or not self.log.stat().st_size:
            return False
        older = sorted(self.log.parent.glob("app.log.*"), key=lambda one: -int(one.name.split(".")[2]))
        for one in older:
            number = int(one.name.split(".")[2])
            one.rename(one.with_name(one.name.replace(f".log.{number}", f".log.{number + 1}")))
        return True

    def rename(self) -> None:
        if self.shift():
            self.log.rename(self.log.with_name("app.log.1"))

    def copytruncate(self) -> None:
        if self.shift():
            shutil.copyfile(self.log, self.log.with_name("app.log.1"))
            os.truncate(self.log, 0)

    def pack(self) -> None:
        for one in self.log.parent.glob("app.log.*"):
            if one.suffix != ".gz":
                with gzip.open(f"{one}.gz", "wb") as packed:
                    packed.write(one.read_bytes())
                shutil.copystat(one, f"{one}.gz")
                one.unlink()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS)
def test_through_every_rotation_and_crash_each_line_comes_once(
    operations: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("rotated")
    log, followed = Rotated(place), Follower(place / "app.log")
    for operation in operations:
        if operation.startswith("write"):
            log.write(60 if operation == "write many" else 1)
        elif operation == "take":
            followed.take()
        elif operation == "take one":
            followed.take(1)
        elif operation == "crash":
            followed.take(1, stores=False)
            followed.begin()
        else:
            getattr(log, operation)()
        time.sleep(0.0001)  # so that the order of the files is told by their times
    followed.take()
    followed.take()
    assert followed.stored == log.written
    assert followed.losses == []
    shutil.rmtree(place)
