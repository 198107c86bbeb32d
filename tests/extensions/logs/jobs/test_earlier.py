from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.jobs import earlier
from desktop_app.extensions.logs.sources import identity
from desktop_app.extensions.logs.sources.discover import Input, discover
from tests.extensions.logs.importing import bring_in

LINE = "2026-11-20T14:00:0{}+08:00 opc-gw cron[1]: done\n"


def lines(number: int) -> str:
    return "".join(LINE.format(one) for one in range(number))


def past(desk: Desk, path: Path) -> earlier.Past:
    (one,) = discover([path])
    assert isinstance(one, Input)
    with desk.connection() as db:
        return earlier.look_back(db, one)


def test_a_log_is_continued_under_the_names_that_rotation_gives_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "auth.log").write_text(lines(3), encoding="utf-8")
    bring_in(desk, [tmp_path / "auth.log"])
    for name in ("auth.log.1", "auth.log-20261121"):
        (tmp_path / name).write_text(lines(5), encoding="utf-8")
        found = past(desk, tmp_path / name).file
        assert found is not None
        assert found.name == "auth.log"
    (tmp_path / "auth.log.2.gz").write_bytes(gzip.compress(lines(6).encode()))
    assert past(desk, tmp_path / "auth.log.2.gz").file is not None


def test_files_that_merely_begin_alike_are_not_continued(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "pump.log").write_text(lines(3), encoding="utf-8")
    (tmp_path / "valve.log").write_text(lines(5), encoding="utf-8")
    bring_in(desk, [tmp_path / "pump.log"])
    assert past(desk, tmp_path / "valve.log").file is None
    assert bring_in(desk, [tmp_path / "valve.log"])["events"] == 5


def test_a_file_is_read_for_its_identity_only_where_a_known_one_could_be_in_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "auth.log").write_text(lines(5), encoding="utf-8")
    bring_in(desk, [tmp_path / "auth.log"])
    read: list[tuple[int, ...]] = []
    real = identity.identify

    def identify(stream: object, stops: list[int], limit: int | None) -> object:
        read.append(tuple(stops))
        return real(stream, stops, limit)  # type: ignore[arg-type]

    monkeypatch.setattr(earlier, "identify", identify)
    (tmp_path / "new").mkdir()
    smaller, unlike, same = (tmp_path / "new" / name for name in ("auth.log", "b.log", "c.log"))
    smaller.write_text(lines(4), encoding="utf-8")
    unlike.write_text(lines(6), encoding="utf-8")
    assert past(desk, smaller) == past(desk, unlike) == earlier.Past()
    assert read == []
    same.write_text(lines(5), encoding="utf-8")
    assert past(desk, same).whole
    assert read == [()]


def test_empty_files_are_nobodys_beginning_or_equal(desk: Desk, tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_bytes(b"")
    bring_in(desk, [tmp_path / "a.log"])
    assert past(desk, tmp_path / "b.log").file is None
