from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from desktop_app.core import tokens
from desktop_app.core.backup import checking, swap
from desktop_app.core.database import connect
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.locks import FolderLock
from tests.core.backup import desks


def theme(desk: Desk) -> list[tuple[str]]:
    db = connect(desk.folder)
    found: list[tuple[str]] = db.execute("SELECT value FROM settings WHERE key = 'theme'").fetchall()
    db.conn.close()
    return found


def test_the_restored_desk_stands_where_the_old_one_stood(full: Desk, other: Desk, packed: Path) -> None:
    checking.stage(other, packed, None)
    swap.put_in_place(other.folder, 5, packed.name)
    assert desks.state(Desk(other.folder, ())) == desks.state(full)
    assert theme(other) == []
    assert [(one.when, one.instead) for one in swap.asides(other.folder)] == [(5, packed.name)]
    assert not (other.folder.root / checking.STAGE).exists()


def test_the_desk_put_aside_is_brought_back_and_the_other_one_can_be_had_again(
    full: Desk, other: Desk, packed: Path
) -> None:
    checking.stage(other, packed, None)
    first = swap.put_in_place(other.folder, 5, packed.name)
    swap.bring_back(other.folder, 6, first)
    assert theme(other) == [("dark",)]
    [again] = swap.asides(other.folder)
    swap.bring_back(other.folder, 7, again.name)
    assert desks.state(Desk(other.folder, ())) == desks.state(full)


def test_a_token_that_was_revoked_since_is_not_revived(other: Desk, packed: Path) -> None:
    with other.connection() as db:
        gone, kept = (tokens.make(db, name, 1, writes=True) for name in ("gone", "kept"))
        checking.stage(other, packed, None)
    first = swap.put_in_place(other.folder, 5, packed.name)
    with other.connection() as db:
        number = next(one.id for one in tokens.listing(db) if one.name == "gone")
        tokens.revoke(db, number, 6)
    swap.bring_back(other.folder, 7, first)
    with other.connection() as db:
        assert tokens.check(db, gone, 8) is None
        assert tokens.check(db, kept, 8) is not None


def test_locks_and_logs_stay_where_they_are(other: Desk, packed: Path) -> None:
    (other.folder.logs / "watchdesk.log").write_text("x", encoding="utf-8")
    lock = FolderLock.take(other.folder)
    assert lock is not None
    checking.stage(other, packed, None)
    swap.put_in_place(other.folder, 5, packed.name)
    assert (other.folder.logs / "watchdesk.log").is_file()
    assert FolderLock.take(other.folder) is None
    lock.release()


def test_without_a_checked_backup_nothing_happens(other: Desk) -> None:
    with pytest.raises(UsageError, match="no checked backup"):
        swap.put_in_place(other.folder, 5, "x")
    assert theme(other) == [("dark",)]


def _cut_off(desk: Desk, step: int) -> None:
    """Swap, and be killed at a step; step n is the n-th rename or removal."""
    left = [step]
    replace, unlink = os.replace, Path.unlink

    def count() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted_replace(*names: object) -> None:
        count()
        replace(*names)  # type: ignore[arg-type]

    def counted_unlink(path: Path) -> None:
        count()
        unlink(path)

    os.replace, Path.unlink = counted_replace, counted_unlink  # type: ignore[assignment]
    swap.put_in_place(desk.folder, 5, "backup")
    os._exit(0)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process is killed")
def test_whenever_it_is_killed_the_folder_holds_the_old_desk_or_the_new_one(
    full: Desk, tmp_path: Path, packed: Path
) -> None:
    spawn = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    wanted, ends = desks.state(full), []
    for step in range(30):
        desk = desks.new_desk(tmp_path / f"at-{step}")
        with desk.connection() as db:
            db.execute("INSERT INTO settings VALUES ('theme', 'dark', 0)")
        checking.stage(desk, packed, None)
        worker = spawn.Process(target=_cut_off, args=(desk, step))
        worker.start()
        worker.join()
        swap.finish_if_begun(desk.folder)
        old = theme(desk) == [("dark",)]
        if not old:
            assert desks.state(Desk(desk.folder, ())) == wanted, step
        assert not (desk.folder.root / swap.PLAN).exists()
        ends.append((old, worker.exitcode))
        if worker.exitcode == 0:
            break
    assert ends[0] == (True, -signal.SIGKILL)
    assert ends[-1] == (False, 0)
    assert [old for old, _ in ends] == sorted((old for old, _ in ends), reverse=True), "once new, always new"
    assert len(ends) > 6


def test_a_start_waits_while_another_process_swaps(other: Desk, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checking.stage(other, packed, None)
    swap._write_plan(other.folder, 5, "x", checking.STAGE)
    lock = FolderLock.take(other.folder)
    assert lock is not None
    monkeypatch.setattr("time.sleep", lambda _seconds: swap.finish(other.folder))
    swap.finish_if_begun(other.folder)
    assert theme(other) == []
    lock.release()


def test_a_desk_put_aside_is_deleted_for_good(other: Desk, packed: Path) -> None:
    checking.stage(other, packed, None)
    name = swap.put_in_place(other.folder, 5, "x")
    swap.delete(other.folder, name)
    assert swap.asides(other.folder) == []
    for act in (swap.delete, swap.named):
        with pytest.raises(UsageError):
            act(other.folder, name)


@pytest.mark.parametrize("name", ["..", "../..", "/etc", ""])
def test_only_what_was_put_aside_can_be_named(other: Desk, name: str) -> None:
    with pytest.raises(UsageError):
        swap.delete(other.folder, name)
