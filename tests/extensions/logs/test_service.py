"""What a person can do with logs, and what is refused with which sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.core import jobs
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.sources.local_view import Hidden, LocalView
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import bring_in, guesses, written

ZONELESS = "Nov 20 14:00:00 gw cron[1]: x\n"


# --- importing -------------------------------------------------------------------------------------------------------


def test_an_import_is_queued_with_all_that_was_asked(db: Connection, log: Path) -> None:
    job_id = service.start_import(db, [str(log)], format_id="syslog", zone="UTC", detect=False)
    found = jobs.job(db, job_id)
    assert (found.kind, found.state, str(found.title)) == ("logs.import", "queued", "Import auth.log")
    asked = {"paths": [str(log)], "format": "syslog", "zone": "UTC", "detect": False, "import_id": 1, "uploads": []}
    assert {name: found.params[name] for name in asked} == asked
    row, files = service.import_detail(db, 1)
    assert (row.label, row.state, row.job_id, files) == ("auth.log", "reading", job_id, [])


def test_several_paths_are_named_by_the_first(db: Connection, tmp_path: Path, log: Path) -> None:
    service.start_import(db, [str(tmp_path), str(log), str(log)])
    assert [one.label for one in service.import_rows(db)] == [f"{tmp_path.name} +2"]


@pytest.fixture
def beside_the_log(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in the folder of the log."""
    monkeypatch.chdir(log.parent)


@pytest.mark.usefixtures("beside_the_log")
def test_a_path_is_taken_from_where_the_person_stands(db: Connection, log: Path) -> None:
    job_id = service.start_import(db, ["auth.log"])
    assert jobs.job(db, job_id).params["paths"] == [str(log)]


@pytest.mark.parametrize(
    ("paths", "options", "why"),
    [
        ([], {}, "Nothing was chosen to import"),
        (["absent.log"], {}, r"no file or folder of that name: .*absent\.log"),
        (["auth.log"], {"zone": "Mars/Base"}, "No time zone is called Mars/Base"),
        (["auth.log"], {"zone": "../../etc/passwd"}, "No time zone is called"),
        (["auth.log"], {"format_id": "cobol"}, "cobol"),
    ],
)
@pytest.mark.usefixtures("beside_the_log")
def test_a_wrong_import_is_refused_before_anything_is_queued(
    db: Connection, paths: list[str], options: dict[str, str], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        service.start_import(db, paths, **options)  # type: ignore[arg-type]
    assert rows(db, "SELECT 1 FROM jobs") == rows(db, "SELECT 1 FROM imports") == []


@pytest.mark.parametrize(
    ("start", "kind", "label"),
    [(service.look_here, "logs.look", "This computer"), (service.fill_with_sample_data, "logs.demo", "Sample data")],
)
def test_a_look_and_the_sample_data_are_imports_of_their_own(
    db: Connection, start: object, kind: str, label: str
) -> None:
    job_id = start(db)  # type: ignore[operator]
    assert (jobs.job(db, job_id).kind, dict(jobs.job(db, job_id).params)) == (kind, {"import_id": 1})
    assert [(one.label, one.job_id) for one in service.import_rows(db)] == [(label, job_id)]


def test_rules_are_brought_into_the_catalogue(db: Connection, tmp_path: Path) -> None:
    found = service.import_rules(db, folder_with(tmp_path / "pack", one=yaml_of(1)))
    assert list(found.new) == [id_of(1)]


# --- another zone ----------------------------------------------------------------------------------------------------


def test_a_change_of_zone_is_queued_under_its_name(desk: Desk, db: Connection, tmp_path: Path) -> None:
    bring_in(desk, [written(tmp_path / "cron.log", ZONELESS)])
    found = jobs.job(db, service.change_zone(db, 1, "UTC"))
    assert (found.kind, str(found.title)) == ("logs.zone", "Read cron.log again in UTC")
    assert dict(found.params) == {"import_id": 1, "zone": "UTC"}


def test_a_zone_is_not_changed_where_nothing_depends_on_it(desk: Desk, db: Connection, tmp_path: Path) -> None:
    bring_in(desk, [written(tmp_path / "zoned.log", guesses(3))])
    bring_in(desk, [written(tmp_path / "cron.log", ZONELESS)])
    for import_id, zone in ((1, "UTC"), (2, "Asia/Shanghai")):
        with pytest.raises(UsageError, match="Nothing in this import depends on the time zone"):
            service.change_zone(db, import_id, zone)
    service.undo_import(desk, db, 2)
    with pytest.raises(UsageError, match="was undone"):
        service.change_zone(db, 2, "UTC")
    with pytest.raises(UsageError, match="No time zone"):
        service.change_zone(db, 2, "Nowhere")
    with pytest.raises(UsageError, match="no import 9"):
        service.change_zone(db, 9, "UTC")


def test_a_zone_is_not_changed_while_the_import_is_read(db: Connection, log: Path) -> None:
    service.start_import(db, [str(log)])
    with pytest.raises(UsageError, match="Nothing in this import depends"):
        service.change_zone(db, 1, "UTC")


# --- health ----------------------------------------------------------------------------------------------------------


def test_health_names_what_this_account_may_read_and_the_command_for_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = LocalView([Path("/a"), Path("/b")], journal=True, hidden=[Hidden(text("The vault"), "sudo cat /vault")])
    monkeypatch.setattr(service.local, "look", lambda: view)
    assert [(str(one.subject), str(one.trouble or "")) for one in service.health(desk)] == [
        ("2 log files can be read", ""),
        ("The systemd journal can be read", ""),
        ("The vault", "To see it: sudo cat /vault"),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's own logs")
def test_health_says_something_of_every_machine(desk: Desk) -> None:
    assert "can be read" in str(service.health(desk)[0].subject)
