from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.text import text
from desktop_app.extensions.logs.views import uploads
from tests.extensions.logs.views.conftest import JSON


def send(client: FlaskClient, name: str, content: bytes, upload: str = "", status: int = 200) -> str:
    asked = {"name": name} | ({"upload": upload} if upload else {})
    answer = client.post("/logs/upload", query_string=asked, data=content, headers=JSON)
    assert answer.status_code == status, answer.text
    return str((answer.json or {}).get("upload", ""))


def test_files_of_one_import_lie_together_under_their_own_names(client: FlaskClient, own_desk: Desk) -> None:
    token = send(client, "logs/auth.log", b"one\n")
    assert send(client, "logs/old/auth.log", b"two\n", token) == token
    found = uploads.files_of(own_desk.folder, token)
    assert [Path(one).read_bytes() for one in found] == [b"one\n", b"two\n"]
    assert all(Path(one).is_relative_to(own_desk.folder.temporary) for one in found)


def test_two_files_of_one_name_are_both_kept(client: FlaskClient, own_desk: Desk) -> None:
    token = send(client, "a.log", b"one")
    send(client, "a.log", b"two", token)
    assert len(uploads.files_of(own_desk.folder, token)) == 2


def test_a_name_that_leads_elsewhere_stays_below_its_folder(client: FlaskClient, own_desk: Desk) -> None:
    token = send(client, "../../../../outside.log", b"x")
    (only,) = uploads.files_of(own_desk.folder, token)
    assert Path(only) == uploads.folder_of(own_desk.folder, token) / "outside.log"


def test_more_than_the_disk_can_hold_is_refused_and_nothing_of_it_stays(
    client: FlaskClient, own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = send(client, "a.log", b"x" * 10)
    monkeypatch.setattr(uploads, "MOST_BYTES", 15)
    send(client, "b.log", b"x" * 10, token, status=400)
    assert [Path(one).name for one in uploads.files_of(own_desk.folder, token)] == ["a.log"]


def test_more_files_than_make_sense_are_refused(
    client: FlaskClient, own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    token = send(client, "a.log", b"x")
    send(client, "b.log", b"x", token, status=400)
    assert [Path(one).name for one in uploads.files_of(own_desk.folder, token)] == ["a.log"]


@pytest.mark.parametrize("token", ["../..", "0" * 31, "0" * 32])
def test_an_upload_that_nobody_began_is_refused(client: FlaskClient, own_desk: Desk, token: str) -> None:
    send(client, "a.log", b"x", token, status=400)
    assert not list(own_desk.folder.root.rglob("a.log"))


def test_a_token_is_never_a_path(own_desk: Desk) -> None:
    with pytest.raises(UsageError):
        uploads.folder_of(own_desk.folder, "../desk")


def test_what_earlier_uploads_left_behind_goes_unless_a_job_needs_it(client: FlaskClient, own_desk: Desk) -> None:
    needed, left, fresh = (send(client, "a.log", b"x") for _ in range(3))
    for token in (needed, left):
        os.utime(uploads.Tally.path(own_desk.folder, token), (0, 0))
    # The folder itself is as old as its first file: what counts is when the last one came.
    os.utime(uploads.folder_of(own_desk.folder, fresh), (0, 0))
    with own_desk.connection() as db:
        with writing(db):
            jobs.enqueue(db, "logs.import", text("Import"), {"paths": uploads.files_of(own_desk.folder, needed)})
        uploads.clear_old(own_desk.folder, db, own_desk.clock())
    there = [uploads.folder_of(own_desk.folder, token).is_dir() for token in (needed, left, fresh)]
    assert there == [True, False, True]
    assert not uploads.Tally.path(own_desk.folder, left).exists()


def test_what_an_upload_holds_is_counted_without_looking_through_its_folder(
    client: FlaskClient, own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Path, "rglob", walk)
    token = send(client, "a/a.log", b"x" * 10)
    send(client, "a/b.log", b"x" * 5, token)
    assert uploads.Tally.read(own_desk.folder, token) == uploads.Tally(files=2, bytes=15)
