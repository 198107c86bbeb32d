from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import undo
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.sources.certificates import own_certificate
from desktop_app.extensions.logs.sources.feeds import certificates_of
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import LiveSource
from desktop_app.extensions.logs.views import live_sources
from desktop_app.extensions.logs.views.live_sources import STALE, state_of
from desktop_app.web import times
from tests.extensions.logs.views.conftest import NOW


def sources(desk: Desk) -> list[LiveSource]:
    with desk.connection() as db:
        return live.sources(db)


def told(desk: Desk, number: int, **columns: object) -> None:
    with desk.connection() as db, writing(db):
        live.tell(db, number, columns)


def add(client: FlaskClient, kind: str = "syslog", **words: str) -> str:
    form = {"kind": kind, "name": "Plant", "bind": "127.0.0.1", "tcp": "1", "port": "0", "secured": "own", **words}
    return client.post("/logs/sources/live", data=form, follow_redirects=True).text


def test_every_kind_is_offered_from_the_sources_page_and_the_palette(client: FlaskClient) -> None:
    assert 'href="/logs/sources/live/new"' in client.get("/logs/sources").text
    assert 'href="/logs/sources/live/new"' in client.get("/palette/answers?q=syslog").text
    page = client.get("/logs/sources/live/new").text
    for kind in deciding.USUAL:
        assert f'href="/logs/sources/live/new?kind={kind}"' in page
        assert 'name="name"' in client.get(f"/logs/sources/live/new?kind={kind}").text
    assert client.get("/logs/sources/live/new?kind=snmp").status_code == 404


def test_a_desk_without_logs_offers_one(empty_pages: FlaskClient) -> None:
    assert "Add a live source" in empty_pages.get("/logs/sources").text


def test_a_source_is_added_changed_and_removed_and_all_of_that_can_be_undone(
    client: FlaskClient, own_desk: Desk
) -> None:
    page = add(client, allow="10.0.0.0/8")
    assert "Added the live source Plant" in page
    assert ">10.0.0.0/8<" in page
    (one,) = sources(own_desk)
    assert one.config["allow"] == ["10.0.0.0/8"]
    form = {"name": "Site", "bind": "0.0.0.0", "tcp": "1", "silent": "15", "secured": "own"}
    page = client.post(f"/logs/sources/live/{one.id}", data=form, follow_redirects=True).text
    assert "Any computer that reaches this one can send messages" in page
    assert "15 min 0 s" in page
    assert 'href="/logs/sources?live=1"' in client.get("/palette/answers?q=site").text
    client.post(f"/logs/sources/live/{one.id}/remove")
    assert sources(own_desk) == []
    with own_desk.connection() as db:
        for _ in range(3):
            undo.undo(own_desk, db)
    assert sources(own_desk) == []


def test_a_source_is_paused_and_resumed(client: FlaskClient, own_desk: Desk) -> None:
    assert "Save, but paused" in client.get("/logs/sources/live/new?kind=syslog").text
    assert "Paused" in add(client, paused="1")
    page = client.post("/logs/sources/live/1/resume", follow_redirects=True).text
    assert "Begins to listen" in page
    client.post("/logs/sources/live/1/pause")
    assert sources(own_desk)[0].paused


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_saved(client: FlaskClient, own_desk: Desk) -> None:
    answer = client.post("/logs/sources/live", data={"kind": "syslog", "name": "", "port": "many", "allow": "10.0.0"})
    assert answer.status_code == 422
    for words in ("Give it a name", "Write a whole number.", "This is no network: 10.0.0", "at least one of UDP"):
        assert words in answer.text
    assert 'value="many"' not in answer.text
    assert sources(own_desk) == []
    add(client)
    changed = client.post("/logs/sources/live/1", data={"name": "Plant", "secured": "own"})
    assert changed.status_code == 422
    assert sources(own_desk)[0].config["tcp"] is True


def test_a_folder_and_files_are_asked_for_in_their_own_words(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    assert "There is no folder" in add(client, "drop", path="/nowhere/at/all")
    assert "are moved into a folder beside them" in add(client, "drop", path=str(tmp_path), after="move")
    assert "Give the whole path" in add(client, "follow", path="var/log")
    add(client, "follow", name="Files", path=str(tmp_path), start="end")
    assert [one.kind for one in sources(own_desk)] == ["drop", "follow"]


def test_the_page_tells_how_a_source_fares(client: FlaskClient, own_desk: Desk) -> None:
    add(client)
    with own_desk.connection() as db, writing(db):
        live.tell(db, 1, {"state": "listening", "heartbeat": NOW, "arrived": NOW - times.MINUTE, "rate": 12.5,
                          "lag": -90 * times.SECOND, "address": "TCP 127.0.0.1:5514"})  # fmt: skip
        live.count(db, 1, events=12345, lost=3, refused=2, errors=1)
        live.add_gap(db, live.Gap(1, "Plant", NOW - times.HOUR, NOW - times.HOUR + times.MINUTE, "crashed", 0))
    page = client.get("/logs/sources?live=1").text
    gap = "Plant: not listening today 15:00:00 to 15:01:00: the program ended unexpectedly"
    address = "TCP 127.0.0.1:5514"
    for words in ("Listening", address, "today 15:59:00", "12.5 a second", "12,345", "a clock is wrong", gap, "hatch-"):
        assert words in page
    told(own_desk, 1, silent=NOW - times.MINUTE)
    assert "No record has come since" in client.get("/logs/sources?live=1").text


@pytest.mark.parametrize("spans", [2, 96])  # with few of them the newest one is not over by far
def test_its_events_are_drawn_over_the_last_day(
    client: FlaskClient, own_desk: Desk, monkeypatch: pytest.MonkeyPatch, spans: int
) -> None:
    monkeypatch.setattr(live_sources, "BUCKETS", spans)
    add(client)
    with own_desk.connection() as db, writing(db):
        db.execute("""UPDATE imports SET options = '{"live": 1, "day": "2026-11-20"}'""")
    page = client.get("/logs/sources?live=1").text
    assert '<rect class="b-info"' in page
    [day] = re.findall(r'<svg class="day".*?</svg>', page, re.DOTALL)
    assert not re.search(r"\.\d{3}", day)
    bars = re.findall(r'<rect class="b-info" x="([^"]*)%" y="[^"]*" width="([^"]*)%"', day)
    assert bars
    assert max(float(x) + float(width) for x, width in bars) <= 100
    assert "f=import:1" in page


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({"state": "listening", "heartbeat": NOW}, "listening"),
        ({"state": "listening", "heartbeat": NOW - STALE - 1}, "stopped"),
        ({"state": "listening", "heartbeat": NOW, "silent": NOW}, "silent"),
        ({"state": "failed"}, "failed"),
        ({"state": "paused"}, "waiting"),
    ],
)
def test_a_state_says_what_is_so_now(
    client: FlaskClient, own_desk: Desk, columns: dict[str, object], state: str
) -> None:
    add(client)
    told(own_desk, 1, **columns)
    (one,) = sources(own_desk)
    assert state_of(one, NOW) == state
    assert state_of(dataclasses.replace(one, config={"paused": True}), NOW) == "paused"


def test_the_certificate_is_given_to_senders_and_its_key_is_not(client: FlaskClient, own_desk: Desk) -> None:
    assert client.get("/logs/sources/live/certificate").status_code == 404
    add(client, tls="1")
    certificate, key = own_certificate(certificates_of(own_desk.folder))
    page = client.get("/logs/sources?live=1").text
    assert "made by Watchdesk" in page
    assert 'class="mono fingerprint">' in page
    given = client.get("/logs/sources/live/certificate")
    assert given.data == certificate.read_bytes()
    assert key.read_bytes() not in given.data


def test_a_source_that_is_gone_is_told(client: FlaskClient) -> None:
    assert client.get("/logs/sources?live=7").status_code == 404
    assert client.post("/logs/sources/live/7/pause").status_code == 404
