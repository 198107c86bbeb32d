from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import orjson
import pytest

from desktop_app.core import outbox, triage
from desktop_app.core.alerts import carriers, channels, secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Undelivered
from tests.core.alerts.conftest import Held, mail_config
from tests.core.alerts.servers import PASSWORD, Authority, Hooks, collector, hooks, relay
from tests.core.test_outbox import MINUTE, START, Clock, find, watch

HOUR = 60 * MINUTE


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(desk: Desk, clock: Clock) -> Desk:
    return replace(desk, clock=clock)


@pytest.fixture
def courier(desk: Desk, db: Connection) -> Iterator[outbox.Courier]:
    made = outbox.Courier(desk, [], carriers.remote(desk, lambda _language: str))
    made.turn(db)  # the first look of a desk: what is there already is not new
    watch(db)
    yield made
    made.stop_lanes()


def turn(courier: outbox.Courier, db: Connection) -> None:
    courier.turn(db)
    courier.settle()


def channel(
    db: Connection, kind: str, config: dict[str, str] | None = None, held: dict[str, str] | None = None, **more: object
) -> AlertChannel:
    ref = secrets.ask(held) if held else ""
    made = AlertChannel(kind, f"{kind} {len(channels.listing(db))}", config or {"ca": ""}, secret=ref, enabled=True)
    made = replace(made, **{"which": Which(1), "timing": Timing(per_hour=0), **more})  # type: ignore[arg-type]
    return replace(made, id=channels.add(db, made, START)[0])


def webhook(db: Connection, server: Hooks, **more: object) -> AlertChannel:
    return channel(db, "webhook", held={"url": server.url}, **more)


def told(server: Hooks) -> list[list[int]]:
    return [[one["id"] for one in orjson.loads(request.body)["findings"]] for request in server.requests]


def test_a_finding_goes_out_by_mail_once(
    db: Connection, courier: outbox.Courier, authority: Authority, caplog: pytest.LogCaptureFixture, desk: Desk
) -> None:
    caplog.set_level(logging.DEBUG)
    with relay(authority.server(), login=True) as box:
        channel(db, "mail", mail_config(box.port, authority, user="desk"), {"password": PASSWORD})
        number = find(db, "a")
        turn(courier, db)
        turn(courier, db)
    assert len(box.mails) == 1
    assert f"WD-{number}" in box.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [row["state"] for row in rows(db, "SELECT state FROM outbox")] == ["sent"]
    assert PASSWORD not in caplog.text
    files = [path for path in desk.folder.root.rglob("*") if path.is_file()]
    assert [path for path in files if PASSWORD.encode() in path.read_bytes()] == []


def test_nothing_leaves_before_a_channel_is_switched_on(db: Connection, courier: outbox.Courier) -> None:
    with hooks() as server:
        made = webhook(db, server)
        channels.switch(db, made.id, on=False)
        find(db, "a")
        turn(courier, db)
        channels.switch(db, made.id, on=True)
        turn(courier, db)
        assert server.requests == [], "what was found before is not told"
        number = find(db, "b")
        turn(courier, db)
    assert told(server) == [[number]]


def test_only_the_findings_that_the_terms_name_go_out(db: Connection, courier: outbox.Courier) -> None:
    with hooks() as severe, hooks() as named:
        webhook(db, severe)
        one = channel(db, "webhook", held={"url": named.url})
        channels.change(db, replace(one, which=Which(4, rules=("b*",), assets=("web*",))))
        first, second = find(db, "a"), find(db, "b")
        turn(courier, db)
    assert told(severe) == [[first, second]]
    assert told(named) == [[second]]


def test_a_suppressed_finding_is_not_told(db: Connection, courier: outbox.Courier, clock: Clock) -> None:
    with hooks() as server:
        one = webhook(db, server)
        channels.change(db, replace(one, timing=Timing("hour", per_hour=0)))
        first, second = find(db, "a"), find(db, "b")
        turn(courier, db)
        triage.suppress(db, [first], "expected", None)
        clock.at += HOUR
        turn(courier, db)
    assert told(server) == [[second]]


def test_a_storm_becomes_one_digest(db: Connection, courier: outbox.Courier, clock: Clock) -> None:
    with hooks() as server:
        webhook(db, server)
        find(db, "first")
        turn(courier, db)
        for number in range(300):
            find(db, f"r{number}")
            clock.at += 10_000
        turn(courier, db)
        assert len(server.requests) == 1
        clock.at += MINUTE
        turn(courier, db)
    assert [len(one) for one in told(server)] == [1, 300]


def test_no_more_messages_go_out_in_an_hour_than_the_terms_allow(
    db: Connection, courier: outbox.Courier, clock: Clock
) -> None:
    with hooks() as server:
        one = webhook(db, server)
        channels.change(db, replace(one, timing=Timing(per_hour=2)))
        for number in range(6):
            find(db, f"r{number}")
            turn(courier, db)
            clock.at += MINUTE
        assert [len(one) for one in told(server)] == [1, 1]
        clock.at += HOUR
        turn(courier, db)
    assert [len(one) for one in told(server)] == [1, 1, 4]


def test_a_failing_channel_is_tried_ever_more_seldom_and_never_loses(
    db: Connection, courier: outbox.Courier, clock: Clock
) -> None:
    with hooks() as server:
        one = webhook(db, server)
        server.answer = (503, b"", {})
        first = find(db, "a")
        for _ in range(60):
            turn(courier, db)
            clock.at += HOUR
        asked = len(server.requests)
        assert asked == 60, "it is never given up"
        told_so = channels.standing(db, one)
        assert told_so.attempts == 60
        assert "answers with status 503" in str(told_so.problem[0])
        second = find(db, "b")
        server.answer = (200, b"", {})
        turn(courier, db)
    assert told(server)[-1] == [first, second]
    assert channels.open_and_failing(db) == (1, 0)


def test_new_findings_do_not_knock_at_a_door_that_was_just_found_closed(
    db: Connection, courier: outbox.Courier, clock: Clock
) -> None:
    with hooks() as server:
        webhook(db, server)
        server.answer = (503, b"", {})
        for number in range(5):
            find(db, f"r{number}")
            turn(courier, db)
            clock.at += 5_000_000
        assert len(server.requests) == 1
        server.answer = (200, b"", {})
        clock.at += MINUTE
        turn(courier, db)
    assert [len(one) for one in told(server)] == [1, 5]


def test_a_channel_that_hangs_holds_up_no_other_and_is_broken_off_at_the_end(
    db: Connection, courier: outbox.Courier
) -> None:
    with hooks() as slow, hooks() as quick:
        held = threading.Event()

        def hang(_handler: BaseHTTPRequestHandler) -> None:
            held.set()
            slow.done.wait(60)

        slow.act = hang
        quick.act = _answered(quick, reached := threading.Event())
        one, _ = webhook(db, slow), webhook(db, quick)
        number = find(db, "a")
        courier.turn(db)
        assert held.wait(30)
        assert reached.wait(30)
        courier.stop_lanes()
        assert told(quick) == [[number]]
        assert channels.standing(db, one).waiting == 1


def _answered(server: Hooks, reached: threading.Event) -> object:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        reached.set()

    return act


def test_a_kill_between_sending_and_marking_repeats_one_message_under_the_same_key(
    db: Connection, desk: Desk, courier: outbox.Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hooks() as server:
        monkeypatch.setenv("WATCHDESK_KILLED", server.url)
        channel(db, "webhook", secret="env:WATCHDESK_KILLED")
        first = find(db, "a")
        died = subprocess.run(
            [sys.executable, "-m", "tests.core.alerts.killed", str(desk.folder.root), str(desk.clock())],
            check=False,
            cwd=Path(__file__).parents[3],
        )
        assert died.returncode == -signal.SIGKILL
        second = find(db, "b")
        turn(courier, db)
        turn(courier, db)
        assert told(server) == [[first], [first]]
        keys = [orjson.loads(one.body)["id"] for one in server.requests]
        assert keys[0] == keys[1]
        courier._desk.clock.at += MINUTE  # type: ignore[attr-defined]
        turn(courier, db)
    assert told(server) == [[first], [first], [second]]


def test_a_full_disk_lets_nothing_out_that_could_not_be_marked(
    db: Connection, courier: outbox.Courier, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with hooks() as server:
        webhook(db, server)
        number = find(db, "a")
        with monkeypatch.context() as patched:
            patched.setattr(outbox, "claim", full)
            turn(courier, db)
            turn(courier, db)
        assert server.requests == []
        with monkeypatch.context() as patched:
            patched.setattr(outbox, "settle", full)  # the disk is full from the moment on in which it was sent
            for _ in range(5):
                turn(courier, db)
        assert told(server) == [[number]], "sent once, however often it could not be marked"
        turn(courier, db)
    assert told(server) == [[number]]
    assert value(db, "SELECT state FROM outbox") == "sent"


def test_what_an_import_of_ones_own_finds_is_one_digest_at_its_end(
    db: Connection, courier: outbox.Courier, clock: Clock
) -> None:
    with hooks() as server:
        one = webhook(db, server)
        channels.change(db, replace(one, which=Which(1, own_imports=True)))
        with writing(db):
            db.execute(
                "INSERT INTO jobs (id, kind, title, params, state, created) VALUES (1, 'x', 'x', '{}', 'running', 0)"
            )
            db.execute("UPDATE imports SET state = 'reading', job_id = 1 WHERE id = 2")
        for number in range(20):
            find(db, f"r{number}", segment=2)
            turn(courier, db)
            clock.at += MINUTE
        assert server.requests == []
        with writing(db):
            db.execute("UPDATE jobs SET state = 'done'")
        turn(courier, db)
    assert [len(one) for one in told(server)] == [20]


def test_a_collector_gets_every_finding(db: Connection, courier: outbox.Courier) -> None:
    with collector() as sink:
        channel(db, "syslog", {"host": "127.0.0.1", "port": str(sink.port), "transport": "tcp", "ca": ""})
        for number in range(100):
            find(db, f"r{number}")
        turn(courier, db)
        assert sink.arrived.wait(10)
    assert sink.received[0].count(b"CEF:0|Watchdesk|") == 100


def test_a_secret_that_is_missing_is_told_and_what_waits_stays(db: Connection, courier: outbox.Courier) -> None:
    one = channel(db, "wecom", secret="asked:before-the-start")
    find(db, "a")
    turn(courier, db)
    standing = channels.standing(db, one)
    assert (standing.waiting, str(standing.problem[0])) == (1, "The channel waits for its secret since the start.")


def test_the_words_of_an_unforeseen_fault_are_not_told(
    db: Connection, courier: outbox.Courier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_parcel: object, _line: object) -> None:
        raise RuntimeError(f"cannot use {PASSWORD}")

    monkeypatch.setitem(carriers.SEND, "webhook", broken)  # type: ignore[arg-type]
    channel(db, "webhook", held={"url": f"https://example.org/{PASSWORD}"})
    find(db, "a")
    turn(courier, db)
    (one,) = channels.listing(db)
    assert [str(part) for part in channels.standing(db, one).problem] == ["Nothing could be sent: RuntimeError"]
    assert PASSWORD not in caplog.text + str(rows(db, "SELECT * FROM outbox"))


def test_the_site_is_called_as_in_reports_else_as_the_machine(db: Connection) -> None:
    assert carriers.site_of(db)
    with writing(db):
        db.execute("INSERT INTO settings (key, value, changed) VALUES ('report_site', 'Plant 3', 0)")
    assert carriers.site_of(db) == "Plant 3"


def test_unused_secrets_are_swept_by_the_courier(
    db: Connection, courier: outbox.Courier, clock: Clock, held: Held
) -> None:
    secrets.keep(db, {"url": "x"}, START)
    for _ in range(3):
        clock.at += secrets.FORGOTTEN_AFTER
        turn(courier, db)
    assert held.entries == {}


@pytest.mark.parametrize("kind", list(carriers.SEND))
def test_each_kind_has_a_preview_of_a_test(db: Connection, desk: Desk, kind: str) -> None:
    config = {"host": "h", "port": "1", "transport": "tcp", "security": "plain", "sender": "a@b", "to": "a@b", "ca": ""}
    made = carriers.parcel(desk, db, AlertChannel(kind, "x", config), {}, str)
    assert "A test of the alert channel; nothing was found" in carriers.preview(kind, made).content


def test_a_test_alert_is_one_finding_of_no_number(clock: Clock) -> None:
    made = carriers.example(str, Micros(START))
    assert [one.finding_id for one in made.items] == [0]
    assert made.severity is Severity.HIGH


def test_what_goes_wrong_is_told_as_undelivered(db: Connection, desk: Desk) -> None:
    made = carriers.parcel(desk, db, AlertChannel("webhook", "x", {"ca": ""}), {"url": "nonsense"}, str)
    with pytest.raises(Undelivered):
        carriers.send("webhook", made)
