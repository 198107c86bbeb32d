from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop_app.core import outbox, undo
from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError
from desktop_app.core.keeping import retention
from desktop_app.core.listening import Listening
from desktop_app.core.pipeline import Intake
from desktop_app.core.text import text
from desktop_app.extensions.logs.jobs import live as worker
from desktop_app.extensions.logs.service import live as deciding
from desktop_app.extensions.logs.store import live
from tests.extensions.logs.importing import count, guesses
from tests.extensions.logs.listening import add, eventually, listening, port_of, raws, send, source


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do everything as often as it goes."""
    for name in ("FLUSH_SECONDS", "LOOK_SECONDS", "HEARTBEAT_SECONDS", "AGAIN_SECONDS"):
        monkeypatch.setattr(worker, name, 0.05)


def gaps(desk: Desk) -> list[tuple[str, bool]]:
    with desk.connection() as db:
        return [(one.reason, one.end is None) for one in live.gaps(db)]


def test_what_is_sent_is_stored_and_judged(desk: Desk) -> None:
    add(desk)
    with listening(desk):
        send(port_of(desk), guesses(40).encode())
        eventually(lambda: source(desk).events == 40)
        with desk.connection() as db:
            assert rows(db, "SELECT 1 FROM findings WHERE count >= 5")
        assert source(desk).state == "listening"
        assert source(desk).arrived is not None
    assert source(desk).state == "stopped"
    assert gaps(desk) == [("closed", True)]
    assert count(desk) == 40


def test_what_it_finds_is_told_and_its_events_go_by_the_name_of_the_source(desk: Desk) -> None:
    add(desk)
    with desk.connection() as db:
        outbox.collect(db, {}, 0)
    with listening(desk):
        send(port_of(desk), guesses(40).encode())
        eventually(lambda: source(desk).events == 40)
    with desk.connection() as db:
        assert {one.attended for one in outbox.fresh(db)} == {False}
        assert {one.names[0] for one in retention.standing(db)} == {"syslog"}
        deciding.remove(db, 1)
        assert {one.attended for one in outbox.fresh(db)} == {False}


def test_what_is_in_hand_at_the_end_is_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FLUSH_SECONDS", 3600.0)
    add(desk)
    with listening(desk):
        port = port_of(desk)
        send(port, b"<34>first\n<34>second\n<34>third")
    assert raws(desk) == ["<34>first", "<34>second", "<34>third"]


def test_a_source_is_paused_changed_and_removed_while_it_runs(desk: Desk) -> None:
    number = add(desk)
    with listening(desk), desk.connection() as db:
        first = port_of(desk)
        deciding.pause(db, number)
        eventually(lambda: source(desk).state == "paused")
        assert gaps(desk) == [("paused", True)]
        with pytest.raises(ConnectionRefusedError):
            send(first, b"<34>x\n")
        undo.undo(desk, db)
        send(port_of(desk), b"<34>again\n")
        eventually(lambda: source(desk).events == 1)
        assert gaps(desk) == [("paused", False)]
        deciding.change(db, number, "syslog", {"udp": True, "tcp": False})
        assert port_of(desk, "UDP")
        deciding.remove(db, number)
        eventually(lambda: not live.sources(db) and len(gaps(desk)) > 1)


def test_a_port_that_is_taken_is_told_and_tried_again(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        add(desk, port=other.getsockname()[1])
        with listening(desk):
            eventually(lambda: source(desk).state == "failed")
            assert "cannot be listened on" in str(source(desk).error[0])
            assert gaps(desk) == [("failed", True)]
            other.close()
            port_of(desk)
            assert gaps(desk) == [("failed", False)]
            assert source(desk).error == ()


def test_while_the_disk_is_full_nothing_is_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk)
    full = [True]
    land = Intake.add

    def refuse(self: Intake, batch: object) -> None:
        if full[0]:
            raise StoreError(text("The disk is full."))
        land(self, batch)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(Intake, "add", refuse)
    with listening(desk):
        send(port_of(desk), b"<34>one\n<34>two\n")
        eventually(lambda: source(desk).error)
        assert source(desk).events == 0
        full[0] = False
        eventually(lambda: source(desk).events == 2)
        assert source(desk).error == ()
    assert raws(desk) == ["<34>one", "<34>two"]


def test_a_source_that_falls_silent_is_noted_and_heard_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.extensions.logs.jobs import pulse

    monkeypatch.setattr(pulse, "MINUTE", 100_000)
    add(desk, silent=2)
    with listening(desk):
        send(port_of(desk), b"<34>one\n")
        eventually(lambda: source(desk).silent is not None)
        fell_silent = eventually(lambda: count(desk, "event.action:source-silent"))
        send(port_of(desk), b"<34>two\n")
        was_heard = eventually(lambda: count(desk, "event.action:source-heard-again"))
    assert (fell_silent, was_heard) == (1, 1)


def test_what_a_sender_does_wrong_is_told_until_it_ends_while_others_are_heard_and_is_no_event(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.extensions.logs.jobs import live as jobs

    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.05)
    add(desk)
    with listening(desk):
        send(port_of(desk), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n")
        told = eventually(lambda: source(desk).error)
        assert str(told[0]) == "127.0.0.1 speaks TLS to the port for plain TCP, so nothing of it can be read."
        send(port_of(desk), b"<34>one\n")
        eventually(lambda: source(desk).events)
        assert source(desk).error == told
        assert (source(desk).state, source(desk).refused) == ("listening", 1)
        monkeypatch.setattr(jobs, "COMPLAINT_SECONDS", 0.0)
        eventually(lambda: not source(desk).error)
    assert raws(desk) == ["<34>one"]


def test_a_followed_file_goes_on_where_it_was_left(desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_text(guesses(20), encoding="utf-8")
    add(desk, "follow", path=str(log))
    with listening(desk):
        eventually(lambda: source(desk).events == 20)
    log.rename(tmp_path / "auth.log.1")
    log.write_text(guesses(40).removeprefix(guesses(20)), encoding="utf-8")
    with listening(desk):
        eventually(lambda: source(desk).events == 40)
    assert raws(desk) == guesses(40).splitlines()
    assert gaps(desk) == [], "what was written meanwhile is there to be read"
    with desk.connection() as db:
        assert rows(db, "SELECT 1 FROM findings WHERE count >= 40")


@pytest.fixture
def ears(desk: Desk) -> Iterator[Listening]:
    made = Listening(desk)
    made.start()
    yield made
    made.stop()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_in_a_flood_it_has_all_that_was_acknowledged_once(desk: Desk, ears: Listening) -> None:
    """Acknowledged is what a flush has committed: syslog itself acknowledges nothing."""
    add(desk)
    port, sent = port_of(desk), 0
    with socket.create_connection(("127.0.0.1", port)) as line:
        while source(desk).events < 3_000:
            line.sendall(b"".join(b"<34>run 1 number %d\n" % number for number in range(sent, sent + 500)))
            sent += 500
        acknowledged = source(desk).events
        [child] = [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]
        child.kill()
    eventually(lambda: gaps(desk))
    eventually(lambda: _connects(port_of(desk)))
    send(port_of(desk), b"<34>run 2\n")
    eventually(lambda: count(desk, '"run 2"') == 1)
    with desk.connection() as db:
        stored = [int(one.rpartition(" ")[2]) for one in raws(desk, '"run 1"')]
        assert sorted(stored) == list(range(len(stored))), "none twice, none left out"
        assert len(stored) >= acknowledged
        assert source(desk).events == len(stored) + 1
        assert rows(db, "SELECT SUM(events) AS n FROM segments") == [{"n": len(stored) + 1}]
        assert [one.reason for one in live.gaps(db)] == ["crashed"]


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_silence_is_found_and_resolved_when_the_source_is_heard_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = "SELECT f.status, f.count FROM findings f WHERE f.rule_id = ?"
    monkeypatch.setattr("desktop_app.extensions.logs.store.live.MINUTE", 100_000)  # µs
    monkeypatch.setattr("desktop_app.extensions.logs.jobs.pulse.MINUTE", 100_000)
    add(desk, silent=3)
    with listening(desk), desk.connection() as db:
        port = port_of(desk)
        send(port, b"<34>Nov 20 10:00:00 fw01 app: one\n")
        [silent] = eventually(lambda: rows(db, found, [live.SILENT_RULE]))
        assert (silent["status"], silent["count"]) == ("new", 1)
        eventually(lambda: source(desk).silent is not None)
        send(port, b"<34>Nov 20 10:00:01 fw01 app: two\n")
        eventually(lambda: rows(db, found, [live.SILENT_RULE])[0]["status"] == "resolved")
        assert rows(db, "SELECT 1 FROM audit WHERE action LIKE '%is heard again%'")
        eventually(lambda: rows(db, found, [live.SILENT_RULE])[0]["status"] == "new")


def test_each_line_is_judged_when_it_has_come_in_the_order_of_arrival(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FLUSH_SECONDS", 1.0)  # as it is for people
    add(desk)
    took = []
    with listening(desk):
        port = port_of(desk)
        for number in range(1, 4):
            sent = time.monotonic()
            send(port, NEW_ACCOUNT.format(number=number).encode())
            eventually(lambda number=number: claimed(desk) == number)  # type: ignore[misc]  # bound at once
            took.append(time.monotonic() - sent)
            assert len(raws(desk)) == number
    with desk.connection() as db:
        known = rows(db, "SELECT raw FROM evidence ORDER BY event_id")
    assert ["new user: name=u1," in one["raw"] for one in known] == [True, False, False]
    print(f"from the last byte sent to the finding: {', '.join(f'{one:.2f} s' for one in took)}")  # noqa: T201 - told, not judged


NEW_ACCOUNT = (
    "<86>Nov 20 16:00:0{number} opc-gw useradd[77]: new user: name=u{number}, UID=100{number}, GID=1001,"
    " home=/home/helper, shell=/bin/bash, from=/dev/pts/0\n"
)


def claimed(desk: Desk) -> int:
    """Return how many events findings claim."""
    with desk.connection() as db:
        return int(rows(db, "SELECT ifnull(sum(count), 0) AS n FROM findings")[0]["n"])
