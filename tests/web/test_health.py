from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.database import Connection, writing
from desktop_app.web import health, times
from tests.web import sample

DAY = times.DAY


def bring(db: Connection, name: str, *spans: tuple[int, int], folder: str = "C:\\logs", **columns: Any) -> None:
    """Add a file of import 1 with pieces from day to day before NOW."""
    file = {
        "import_id": 1, "path": f"{folder}\\{name}", "name": name, "stem": name.partition(".")[0], "state": "done",
        "events": 10, "bytes": 1,
    } | columns  # fmt: skip
    with writing(db):
        if not db["imports"].count:
            db["imports"].insert({"id": 1, "label": "x", "state": "done", "created": 0})
        file_id = db["files"].insert(file).last_pk
        for place, (start, end) in enumerate(spans):
            db["segments"].insert(
                {"path": f"{file_id}-{place}", "file_id": file_id, "import_id": 1, "product": "", "category": "",
                 "service": "", "min_time": sample.NOW - start * DAY, "max_time": sample.NOW - end * DAY, "min_id": 1,
                 "max_id": 2, "events": 5, "bytes": 1, "sha256": "", "created": 0}
            )  # fmt: skip


def by_name(db: Connection) -> dict[str, health.Source]:
    return {one.name: one for one in health.sources(db).all}


def test_nine_of_twelve_are_read_and_the_first_three_others_are_named(db: Connection) -> None:
    for number in range(8):
        bring(db, f"good{number}.log", (1, 0))
    for number in range(4):
        bring(db, f"bad{number}.log", state="failed", events=0)
    found = health.sources(db)
    assert (found.read, len(found.all)) == (8, 12)
    assert found.named == "bad0, bad1, bad2 …"
    assert [one.name for one in found.all[:4]] == ["bad0", "bad1", "bad2", "bad3"]


def test_a_log_and_what_rotation_made_of_it_are_one_source(db: Connection) -> None:
    bring(db, "auth.log", (2, 0))
    bring(db, "auth.log.1", (4, 2))
    bring(db, "auth.log", (9, 8), folder="C:\\other")
    assert [(one.files, one.events) for one in health.sources(db).all if one.sound] == [(2, 10)]


def test_what_stopped_a_day_before_the_others_is_silent(db: Connection) -> None:
    bring(db, "going.log", (3, 0))
    bring(db, "stopped.log", (3, 1))
    found = by_name(db)
    assert (found["going"].silent, found["stopped"].silent) == (False, True)
    assert not found["stopped"].sound


def test_the_longest_day_without_an_event_is_named(db: Connection) -> None:
    bring(db, "a.log", (9, 8), (8, 5), (3, 2), (2, 0))
    assert by_name(db)["a"].hole == (sample.NOW - 5 * DAY, sample.NOW - 3 * DAY)
    assert by_name(db)["a"].last == sample.NOW


@pytest.mark.parametrize(("job", "judged"), [("running", 0), ("cancelled", 1)])
def test_what_is_about_to_be_read_is_not_judged_yet(db: Connection, job: str, judged: int) -> None:
    with writing(db):
        db["jobs"].insert({"id": 5, "kind": "x", "title": "{}", "params": "{}", "state": job, "created": 0})
        db["imports"].insert({"id": 1, "label": "x", "state": "reading", "created": 0, "job_id": 5})
    bring(db, "a.log", state="waiting", events=0)
    assert len(health.sources(db).unread) == judged


def test_members_of_an_archive_are_told_apart_by_their_folder(db: Connection) -> None:
    bring(db, "a.zip", (1, 0), member="web/access.log", stem="access")
    bring(db, "a.zip", (1, 0), member="db/access.log", stem="access")
    assert len(health.sources(db).all) == 2
