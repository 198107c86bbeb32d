"""Files of an import read again by a format that was taught later: ids stay, growth goes on, it can be undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core import undoing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events.search import Search
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.sources.taught.definition import Definition
from desktop_app.extensions.logs.store import taught
from tests.extensions.logs.importing import bring_in, run

LINES = "2026/11/20 08:00:01 <Boiler7> {INFO} ok\n2026/11/20 08:00:02 <Boiler8> {ERROR} stuck\n"
BOILER = Definition("boiler", "Boiler", "%{@timestamp} <%{host.name}> {%{log.level}} %{message}")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "boiler.log"
    path.write_text(LINES, encoding="utf-8")
    return path


def told(desk: Desk) -> list[tuple[int, str | None, str | None]]:
    """Return the events: id, host, message."""
    with desk.connection() as db:
        found = desk.events.page(db, Search(""), limit=100).rows
    return sorted((int(one["id"]), one["host"], one["message"]) for one in found)


def read_again(desk: Desk, format_id: str = "site.boiler") -> None:
    with desk.connection() as db:
        job_id = service.read_by(db, 1, [one.id for one in store.files(db, 1)], format_id)
    assert run(desk, job_id).state == "done"


def test_what_was_plain_is_read_by_the_format_under_the_same_ids_and_undone(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    plain = told(desk)
    assert [host for _, host, _ in plain] == [None, None]
    with desk.connection() as db:
        taught.keep(db, BOILER)
    read_again(desk)
    assert told(desk) == [(plain[0][0], "Boiler7", "ok"), (plain[1][0], "Boiler8", "stuck")]
    with desk.connection() as db:
        assert store.files(db, 1)[0].format == "site.boiler"
        assert undoing.take_back(desk, db)
    assert told(desk) == plain
    with desk.connection() as db:
        assert store.files(db, 1)[0].format == "plain"


def test_a_file_that_grew_goes_on_by_the_format(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        taught.keep(db, BOILER)
    read_again(desk)
    log.write_text(LINES + "2026/11/20 08:00:03 <Boiler9> {INFO} ok again\n", encoding="utf-8")
    bring_in(desk, [log])
    assert [(host, message) for _, host, message in told(desk)] == [
        ("Boiler7", "ok"), ("Boiler8", "stuck"), ("Boiler9", "ok again")
    ]  # fmt: skip


def test_a_file_whose_format_was_forgotten_is_read_anew(desk: Desk, log: Path) -> None:
    with desk.connection() as db:
        taught.keep(db, BOILER)
    bring_in(desk, [log])
    with desk.connection() as db:
        taught.remove(db, "boiler")
    log.write_text(LINES + "2026/11/20 08:00:03 <Boiler9> {INFO} ok again\n", encoding="utf-8")
    assert bring_in(desk, [log])["files"][0]["format"] == "plain"


def test_only_what_was_taught_is_applied_to_stored_records(desk: Desk, log: Path) -> None:
    bring_in(desk, [log])
    with desk.connection() as db:
        with pytest.raises(UsageError, match="cannot be applied"):
            service.read_by(db, 1, [1], "json")
        taught.keep(db, replace(BOILER, id="other"))
        with pytest.raises(UsageError, match="nothing to read again"):
            service.read_by(db, 1, [99], "site.other")
