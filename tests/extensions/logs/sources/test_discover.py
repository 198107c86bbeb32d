from __future__ import annotations

import bz2
import gc
import gzip
import lzma
import os
import socket
import sys
from pathlib import Path

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources.discover import Input, Limits, Unreadable, discover
from tests.extensions.logs.sources.packing import LINE, tarred, zipped

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, sockets and links of Unix")


def found(*paths: Path, limits: Limits | None = None) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the contents of the inputs by name, and the sentences by path."""
    read, told = {}, {}
    for one in list(discover(paths, limits)):
        if isinstance(one, Unreadable):
            told["/".join(filter(None, (one.path.name, one.member)))] = str(one.error)
            continue
        with one.open() as stream:
            read[one.name] = stream.read()
    gc.collect()  # what stays open would be a warning here, and warnings fail
    return read, told


def test_files_and_folders_are_found_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.log", "a/z.log", "a/b.log", "c.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(LINE)
    names = [one.name for one in discover([tmp_path]) if isinstance(one, Input)]
    assert names == [f"{tmp_path.name}/{name}" for name in ("a/b.log", "a/z.log", "b.log", "c.log")]


def test_a_file_tells_its_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(LINE)
    os.utime(path, (1_777_874_828, 1_777_874_828))
    (one,) = discover([path])
    assert isinstance(one, Input)
    assert (one.path, one.member, one.name, one.size) == (path, "", "a.log", len(LINE))
    assert one.modified == 1_777_874_828_000_000


@pytest.mark.parametrize(("pack", "ending"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_packed_files_are_read_whatever_they_are_called(pack: object, ending: str, tmp_path: Path) -> None:
    (tmp_path / "odd.name").write_bytes(pack(LINE * 9))  # type: ignore[operator] # one of three functions
    assert found(tmp_path / "odd.name")[0] == {"odd.name": LINE * 9}, ending


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
def test_tars_are_opened_packed_or_not(packing: str, tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(tarred({"var/log/a.log": LINE, "b.log": LINE * 2}, packing))
    assert found(tmp_path / "t")[0] == {"t/var/log/a.log": LINE, "t/b.log": LINE * 2}


def test_archives_in_archives_are_opened_once(tmp_path: Path) -> None:
    inner = zipped({"deep.log": LINE, "deeper.zip": zipped({"x": LINE})})
    (tmp_path / "a.zip").write_bytes(
        zipped({"in.zip": inner, "in.tgz": tarred({"t.log": LINE}, "gz"), "g.gz": gzip.compress(LINE)})
    )
    read, told = found(tmp_path / "a.zip")
    assert read == {"a.zip/in.zip/deep.log": LINE, "a.zip/in.tgz/t.log": LINE, "a.zip/g.gz": LINE}
    assert list(told) == ["a.zip/in.zip/deeper.zip"]
    assert "inside an archive inside another" in told["a.zip/in.zip/deeper.zip"]


def test_a_zip_packed_with_gz_is_opened(tmp_path: Path) -> None:
    (tmp_path / "z.gz").write_bytes(gzip.compress(zipped({"a.log": LINE})))
    assert found(tmp_path / "z.gz")[0] == {"z.gz/a.log": LINE}


def test_a_member_names_its_archive_and_its_path_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"in.zip": zipped({"x/y.log": LINE})}))
    (one,) = discover([tmp_path / "a.zip"])
    assert isinstance(one, Input)
    assert (one.path, one.member, one.size) == (tmp_path / "a.zip", "in.zip/x/y.log", len(LINE))


def test_a_bomb_is_stopped_and_the_rest_goes_on(tmp_path: Path) -> None:
    limits = Limits(free=100_000, ratio=50)
    (tmp_path / "a.zip").write_bytes(zipped({"zeros": bytes(10_000_000)}))
    (tmp_path / "b.log").write_bytes(LINE)
    (tmp_path / "c.gz").write_bytes(gzip.compress(bytes(10_000_000)))
    (tmp_path / "d.zip").write_bytes(zipped({"in.gz": gzip.compress(gzip.compress(bytes(20_000_000)))}))
    ends, read, told = [], [], []
    for one in discover([tmp_path], limits):
        if isinstance(one, Unreadable):
            told.append(one.path.name)
            continue
        try:
            with one.open() as stream:
                while stream.read(100_000):
                    pass
            read.append(one.path.name)
        except SourceUnreadable as error:
            ends.append((one.path.name, str(error)))
    assert (read, told) == (["b.log"], ["a.zip", "d.zip"])
    assert [name for name, _ in ends] == ["c.gz"]
    assert "out of proportion" in ends[0][1]


def test_a_large_archive_inside_another_is_not_held_in_memory(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"in.zip": zipped({"x": os.urandom(5000)})}))
    _, told = found(tmp_path / "a.zip", limits=Limits(nested=1000))
    assert "large archive inside another" in told["a.zip/in.zip"]


@posix
def test_pipes_and_sockets_are_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.log").write_bytes(LINE)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        read, told = found(tmp_path)
    assert list(read.values()) == [LINE]
    assert "pipe between programs" in told["pipe"]
    assert "socket" in told["s"]


@posix
def test_a_device_is_told_and_never_opened() -> None:
    assert "device" in found(Path("/dev/null"))[1]["null"]


@posix
def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.log").write_bytes(LINE)
    (tmp_path / "secret").write_bytes(b"x")
    targets = {"again": "a.log", "out": "../secret", "none": "nowhere", "x": "y", "y": "x", "sub/up": ".."}
    for name, target in targets.items():
        (folder / name).symlink_to(target)
    read, told = found(folder)
    assert read == {"logs/a.log": LINE}
    assert {name: sentence.split(".")[-2].strip() for name, sentence in told.items()}.keys() == {
        "out",
        "none",
        "x",
        "y",
        "up",
    }
    assert "out of the folder" in told["out"]
    assert "does not exist" in told["none"]
    assert "circle" in told["x"]
    assert "link back to a folder" in told["up"]


@posix
def test_a_link_that_a_person_names_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.log").write_bytes(LINE)
    (tmp_path / "link").symlink_to("real.log")
    assert found(tmp_path / "link")[0] == {"link": LINE}


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="needs an account that may not read everything",
)
def test_what_this_account_may_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LINE)
    (tmp_path / "a.log").chmod(0)
    assert "may not read" in found(tmp_path)[1]["a.log"]


def test_a_refusal_of_the_system_is_told_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.log").write_bytes(LINE)
    (tmp_path / "b.log").write_bytes(LINE)
    opened = Path.open

    def refuse(path: Path, *args: object) -> object:
        if path.name == "a.log":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args)  # type: ignore[call-overload] # passed on as it came

    monkeypatch.setattr(Path, "open", refuse)
    read, told = found(tmp_path)
    assert (list(read), "may not read" in told["a.log"]) == ([f"{tmp_path.name}/b.log"], True)


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    assert "does not exist" in found(tmp_path / "none")[1]["none"]
    assert "This is no path" in str(next(iter(discover([Path("a\0b")]))).error)  # type: ignore[union-attr] # an Unreadable


def test_a_folder_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.log").write_bytes(LINE)
    assert len(list(discover([tmp_path, tmp_path / "sub"]))) == 1


def test_an_empty_file_is_an_input(tmp_path: Path) -> None:
    (tmp_path / "a.log").touch()
    assert found(tmp_path / "a.log")[0] == {"a.log": b""}
