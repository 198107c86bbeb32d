from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.core import jobs, temporary
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text

DAY = 86_400_000_000
NOW = 100 * DAY


def lay(folder: DataFolder, name: str) -> Path:
    """Put a folder with a file in it among the temporary ones."""
    made = folder.temporary / name
    made.mkdir()
    (made / "a.log").write_text("x", encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("state", "finished", "kept"),
    [
        ("queued", None, True),
        ("interrupted", NOW - 90 * DAY, True),
        ("failed", NOW - DAY, True),
        ("cancelled", NOW - 9 * DAY, False),
        ("done", NOW - DAY, False),
    ],
)
def test_uploads_stay_as_long_as_their_job_can_be_taken_up_again(
    folder: DataFolder, state: str, finished: int | None, *, kept: bool
) -> None:
    upload = lay(folder, "upload-1")
    tally = folder.temporary / "upload-1.tally"
    tally.write_text("1 1", encoding="ascii")
    with Desk(folder, ()).connection() as db:
        with writing(db):
            jobs.enqueue(db, "x", text("X"), {"paths": [str(upload / "a.log")]})
            db.execute("UPDATE jobs SET state = ?, finished = ?", (state, finished))
        temporary.empty(folder, db, NOW)
    assert (upload.exists(), tally.exists()) == (kept, kept)


def test_everything_else_goes(folder: DataFolder) -> None:
    lay(folder, "sample-data-3")
    (folder.temporary / "stray").write_text("x", encoding="utf-8")
    with Desk(folder, ()).connection() as db:
        temporary.empty(folder, db, NOW)
    assert list(folder.temporary.iterdir()) == []


def test_a_folder_that_is_not_there_is_empty(folder: DataFolder) -> None:
    folder.temporary.rmdir()
    with Desk(folder, ()).connection() as db:
        temporary.empty(folder, db, NOW)
    assert not folder.temporary.exists()


def test_what_a_living_process_spills_is_left_to_it(folder: DataFolder) -> None:
    ours = lay(folder, f"duckdb-{os.getpid()}")
    gone = lay(folder, f"duckdb-{2**31 - 1}")
    with Desk(folder, ()).connection() as db:
        temporary.empty(folder, db, NOW)
    assert (ours.exists(), gone.exists()) == (True, False)


def test_a_link_is_deleted_and_not_what_it_leads_to(folder: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").write_text("x", encoding="utf-8")
    try:
        (folder.temporary / "link").symlink_to(tmp_path / "elsewhere")
    except OSError:
        pytest.skip("this system makes no links for this account")
    with Desk(folder, ()).connection() as db:
        temporary.empty(folder, db, NOW)
    assert (tmp_path / "elsewhere" / "a").exists()
    assert list(folder.temporary.iterdir()) == []


def test_the_start_of_the_runner_empties_it(folder: DataFolder) -> None:
    lay(folder, "stray")
    jobs.recover(Desk(folder, ()))
    assert list(folder.temporary.iterdir()) == []
