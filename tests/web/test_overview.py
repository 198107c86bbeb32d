from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.web.app import create_app
from tests.web import sample


def test_an_empty_desk_has_three_doors(client: FlaskClient) -> None:
    page = client.get("/").text
    for door in ("Look at this computer", "Open logs", "See it with sample data"):
        assert door in page
    assert 'action="/logs/look"' in page
    assert 'href="/logs/import"' in page
    assert 'action="/logs/demo"' in page


def test_a_desk_without_logs_offers_no_sample_data(folder: DataFolder) -> None:
    client = create_app(sample.new_desk(folder)).test_client()
    assert "sample data" not in client.get("/", headers={"Accept-Language": "en"}).text


def test_a_desk_that_is_reading_has_no_doors(client: FlaskClient, desk: Desk) -> None:
    sample.running_job(desk)
    assert "See it with sample data" not in client.get("/").text


def test_it_says_what_waits_by_severity_with_a_way_to_it(client: FlaskClient, made: dict[str, int]) -> None:
    page = client.get("/").text
    assert f"{len(made)} findings wait for you." in page
    assert 'href="/findings/?sev=critical"' in page
    assert "Waits longest untouched" in page


def test_the_bars_of_a_severity_stand_at_short_numbers(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    drawn = re.findall(r'<svg class="bars.*?</svg>', client.get("/").text, re.DOTALL)
    assert {tuple(re.findall(r' x="([^"]*)"', one)) for one in drawn} == {("1", "4.7", "8.4", "12.1")}


def test_it_names_what_could_not_be_read(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    page = client.get("/").text
    assert "2 of 3 files read whole" in page
    assert "plant-fw.log" in page


def test_a_file_that_broke_off_is_read_in_part_and_not_counted_as_whole(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    assert made
    sample.again(db, "plant-fw.log", events=7)
    page = client.get("/").text
    assert "0 of 1 files read whole" in page
    assert "read in part" in page
    assert "earlier file" not in page


def test_gaps_of_earlier_imports_stay_named(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    assert made
    with writing(db):
        db["imports"].insert({"id": 2, "label": "later", "state": "done", "created": sample.NOW})
    page = client.get("/").text
    assert '<a href="/logs/sources?id=1">1 earlier file could not be read whole</a>' in page


@pytest.mark.parametrize(("job", "word"), [("cancelled", "Cancelled"), ("interrupted", "Interrupted")])
def test_an_import_that_was_stopped_does_not_read_for_ever(
    client: FlaskClient, db: Connection, made: dict[str, int], job: str, word: str
) -> None:
    assert made
    sample.again(db, "plant-fw.log", events=0, state="reading", job=job)
    page = client.get("/").text
    assert "Still reading" not in page
    assert f"<b>{word}</b> What it had read before stays." in page


def test_an_import_that_is_being_read_is_not_called_read(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    assert made
    sample.again(db, "plant-fw.log", events=0, state="reading", job="running")
    page = client.get("/").text
    assert "Still reading…" in page
    assert "0 events" not in page
    assert "read whole" not in page.split("Still reading…")[1].split("earlier")[0]


def test_it_never_calls_a_desk_clean(client: FlaskClient, made: dict[str, int]) -> None:
    client.post("/findings/act", data={"ids": list(made.values()), "action": "archive"})
    page = client.get("/").text
    assert "Nothing waits for you in what was read." in page
    assert "clean" not in page.lower()


def test_it_says_how_the_sources_stand_and_names_those_that_were_not_read(
    client: FlaskClient, made: dict[str, int]
) -> None:
    assert made
    page = client.get("/").text
    assert "2 of 3 sources read whole; not whole: plant-fw.log" in page
    assert "1 source could not be read whole" in page
    assert "What was never given to Watchdesk is not listed here." in page


def test_the_doors_say_where_everything_stays_and_let_the_language_be_chosen(client: FlaskClient, desk: Desk) -> None:
    page = client.get("/").text
    assert str(desk.folder.root) in page
    assert client.post("/settings/", data={"language": "zh", "next": "/"}).headers["Location"] == "/"
    assert '<html lang="zh-CN"' in client.get("/").text
