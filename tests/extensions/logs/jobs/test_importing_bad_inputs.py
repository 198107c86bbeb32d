from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.core import crashes, jobs
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError
from desktop_app.core.model import EventBatch
from desktop_app.core.text import text
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.jobs.importing import Importer
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.discover import Input
from desktop_app.extensions.logs.sources.syslog import Syslog
from tests.extensions.logs.importing import bring_in, guesses, run


def archive_zip(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)


def archive_tar(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as made:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(("name", "make"), [("logs.zip", archive_zip), ("logs.tgz", archive_tar)])
def test_archives_are_read_member_by_member(
    desk: Desk, tmp_path: Path, name: str, make: Callable[[Path, dict[str, bytes]], None]
) -> None:
    files = {"var/log/auth.log": guesses(4).encode(), "var/log/old.log.gz": gzip.compress(guesses(3, hour=9).encode())}
    make(tmp_path / name, files)
    result = bring_in(desk, [tmp_path / name])
    assert result["events"] == 7
    assert all(one["path"].startswith(str(tmp_path / name) + "!") for one in result["files"])


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["twice.zip", "twice.tar"])
def test_members_of_one_name_all_come_in(desk: Desk, tmp_path: Path, name: str) -> None:
    members = [guesses(2).encode(), guesses(3, hour=9).encode(), guesses(4, hour=10).encode()]
    path = tmp_path / name
    if name.endswith("zip"):
        with zipfile.ZipFile(path, "w") as made:
            for content in members:
                made.writestr("a.log", content)
    else:
        with tarfile.open(path, "w") as packed:
            for content in members:
                info = tarfile.TarInfo("a.log")
                info.size = len(content)
                packed.addfile(info, io.BytesIO(content))
    result = bring_in(desk, [path])
    told = [(one["path"].partition("!")[2], one["events"]) for one in result["files"]]
    assert told == [("a.log", 2), ("a.log (2)", 3), ("a.log (3)", 4)]


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_names_that_are_no_text_cost_nothing(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"lo\xffgs")
    folder.mkdir()
    for name, hour in ((b"bad\xff.log", 9), (b"good.log", 10)):
        (folder / os.fsdecode(name)).write_text(guesses(3, hour=hour), encoding="utf-8")
    (folder / os.fsdecode(b"torn\xff.gz")).write_bytes(b"\x1f\x8bno gzip")
    info = tarfile.TarInfo(os.fsdecode(b"in\xff.log"))
    info.size = len(guesses(2, hour=11))
    with tarfile.open(folder / "odd.tar", "w") as made:
        made.addfile(info, io.BytesIO(guesses(2, hour=11).encode()))
        link = tarfile.TarInfo(os.fsdecode(b"link\xff"))
        link.type, link.linkname = tarfile.SYMTYPE, "x"
        made.addfile(link)
    result = bring_in(desk, [folder])
    assert result["events"] == 8
    assert result["files"][0]["path"].endswith("lo\\xffgs/bad\\xff.log")
    assert bring_in(desk, [folder / os.fsdecode(b"bad\xff.log")], uploads=True)["files"][0]["error"] is None
    assert not (folder / os.fsdecode(b"bad\xff.log")).exists()


def test_one_bad_file_never_costs_the_others(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a-good.log").write_text(guesses(4), encoding="utf-8")
    (folder / "b-empty.log").write_bytes(b"")
    (folder / "c-binary.log").write_bytes(bytes(range(256)) * 400)
    (folder / "d-torn.log.gz").write_bytes(gzip.compress(os.urandom(20_000))[:9_000])
    (folder / "e-zip.zip").write_bytes(b"PK\x03\x04 no archive")
    (folder / "f-evtx.evtx").write_bytes(b"ElfFile\x00" + b"\x00" * 200)
    archive_zip(folder / "g-escape.zip", {"../../escape.log": b"x\n"})
    (folder / "h-good.log").write_text(guesses(3, hour=9), encoding="utf-8")
    result = bring_in(desk, [folder])
    assert result["events"] == 7
    told = {Path(one["path"].partition("!")[0]).name: one for one in result["files"]}
    for name in ("c-binary.log", "d-torn.log.gz", "e-zip.zip", "f-evtx.evtx", "g-escape.zip"):
        assert told[name]["error"], name
        assert told[name]["events"] == 0
    assert not (tmp_path / "escape.log").exists()


def test_a_file_that_breaks_off_keeps_what_came_before_and_says_so(desk: Desk, tmp_path: Path) -> None:
    torn = tmp_path / "torn.log.gz"
    whole = gzip.compress(os.urandom(50_000).hex().encode() + b"\n" + guesses(3000).encode())
    torn.write_bytes(whole[: len(whole) - 10])
    result = bring_in(desk, [torn])
    assert result["events"] > 1
    assert result["files"][0]["error"]


def test_an_unreadable_file_is_told_with_its_fix(desk: Desk, log: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("this account may read everything")
    log.chmod(0)
    assert "ermission" in bring_in(desk, [log])["files"][0]["error"]


def test_a_parser_that_trips_costs_only_its_own_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, hour in (("1.log", 9), ("2.log", 10), ("3.log", 11)):
        (tmp_path / name).write_text(guesses(4, hour=hour), encoding="utf-8")
    real = Syslog.normalize

    def trips(format_: Syslog, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        if reading.name == "2.log":
            raise KeyError("surprise")
        return real(format_, records, reading)

    monkeypatch.setattr(Syslog, "normalize", trips)
    result = bring_in(desk, [tmp_path / name for name in ("1.log", "2.log", "3.log")])
    assert [one["events"] for one in result["files"]] == [4, 0, 4]
    assert "surprise" in result["files"][1]["error"]
    assert len(crashes.notes(desk.folder)) == 1
    with desk.connection() as db:
        assert [one.state for one in store.files(db, 1)] == ["done", "failed", "done"]


def test_an_archive_that_trips_its_reader_costs_only_itself(
    desk: Desk, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips(*_: object) -> None:
        raise LookupError("surprise")

    archive_zip(tmp_path / "a.zip", {"a.log": b"x\n"})
    monkeypatch.setattr("desktop_app.extensions.logs.sources.discover.Zip.members", trips)
    result = bring_in(desk, [tmp_path / "a.zip", log])
    assert [one["events"] for one in result["files"]] == [0, 40]
    assert "surprise" in result["files"][0]["error"]
    assert len(crashes.notes(desk.folder)) == 1


def test_a_finished_file_that_is_gone_when_the_import_goes_on_stays_finished(
    desk: Desk, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.log"
    other.write_text(guesses(3, hour=9), encoding="utf-8")
    with desk.connection() as db:
        job_id = service.start_import(db, [str(log), str(other)])
    real = Importer.read

    def stops(importer: Importer, one: Input) -> None:
        if one.path == other:
            raise StoreError(text("Not now."))
        real(importer, one)

    with monkeypatch.context() as broken:
        broken.setattr(Importer, "read", stops)
        assert run(desk, job_id).state == "failed"
    log.unlink()
    with desk.connection() as db:
        jobs.resume(db, job_id)
        assert run(desk, job_id).state == "done"
        assert [(one.state, one.events, one.error) for one in store.files(db, 1)] == [("done", 40, ()), ("done", 3, ())]
