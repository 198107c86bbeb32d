from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from desktop_app.extensions.logs.sources.follow_files import Entry, Found, begins, digest, files, matched

LONG = b"".join(b"line %04d of a log\n" % number for number in range(200))


def entry(path: Path, head: bytes, offset: int) -> Entry:
    told = path.stat()
    return {"path": str(path), "id": [told.st_dev, told.st_ino], "head": [len(head[:1024]), digest(head[:1024])],
            "offset": offset, "size": offset}  # fmt: skip


def heads(pattern: Path) -> dict[Found, bytes]:
    return {one: one.head() for one in files(str(pattern))}


def test_a_path_brings_what_rotation_made_of_it(tmp_path: Path) -> None:
    names = ["app.log", "app.log.1", "app.log.2.gz", "app-20261122.log", "apple.log", "other.log"]
    for name in names:
        (tmp_path / name).write_bytes(b"x\n")
    (tmp_path / "app.log.3").write_bytes(b"")
    assert [one.path.name for one in files(str(tmp_path / "app.log"))] == [
        "app-20261122.log", "app.log", "app.log.1", "app.log.2.gz",
    ]  # fmt: skip
    assert len(list(files(str(tmp_path)))) == 6
    assert [one.path.name for one in files(str(tmp_path / "o*.log"))] == ["other.log"]


def test_a_renamed_file_is_the_same_log(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(LONG)
    known = {"1": entry(log, LONG, 100)}
    log.rename(tmp_path / "app.log.1")
    log.write_bytes(b"new\n")
    held = matched(heads(log), known)
    assert [one.path.name for one in held["1"]] == ["app.log.1"]
    assert [one.path.name for one in held[""]] == ["app.log"]


def test_a_packed_file_is_the_same_log(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(LONG)
    known = {"1": entry(log, LONG, 100)}
    with gzip.open(tmp_path / "app.log.1.gz", "wb") as packed:
        packed.write(LONG)
    log.unlink()
    [found] = matched(heads(log), known)["1"]
    assert found.packed
    assert found.open().read() == LONG


def test_a_copy_beside_its_log_counts_for_nothing_until_that_was_truncated(tmp_path: Path) -> None:
    log, copy = tmp_path / "app.log", tmp_path / "app.log.1"
    log.write_bytes(LONG)
    known = {"1": entry(log, LONG, 100)}
    shutil.copy(log, copy)
    held = matched(heads(log), known)
    assert [one.path.name for one in held["1"]] == ["app.log"]
    assert "" not in held
    log.write_bytes(b"new\n")
    held = matched(heads(log), known)
    assert [one.path.name for one in held["1"]] == ["app.log.1"]
    assert [one.path.name for one in held[""]] == ["app.log"]


def test_another_log_that_begins_alike_is_another_log(tmp_path: Path) -> None:
    first, second = tmp_path / "a.log", tmp_path / "b.log"
    first.write_bytes(b"#Fields: date time\n")
    second.write_bytes(b"#Fields: date time\n")
    known = {"1": entry(first, first.read_bytes(), 19)}
    assert begins(known["1"], second.read_bytes())
    assert [one.path.name for one in matched(heads(tmp_path), known)[""]] == ["b.log"]


def test_a_packed_file_that_is_not_whole_yet_has_no_head(tmp_path: Path) -> None:
    path = tmp_path / "app.log.1.gz"
    path.write_bytes(gzip.compress(LONG)[:20])
    [found] = files(str(tmp_path))
    assert found.head() == b""


def test_lines_are_counted_up_to_a_size(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"one\ntwo\nthree\nrest")
    (found,) = files(str(tmp_path / "a.log"))
    assert [found.lines(size) for size in (18, 14, 9, 0)] == [3, 3, 2, 0]
