from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.core import audit, undo
from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from tests.core.alerts.conftest import NOW

ONE = AlertChannel(
    "syslog", "Collector", {"host": "log", "port": "514"}, Which(2), Timing("hour"), "zh", "env:WATCHDESK_A"
)


def add(db: Connection, one: AlertChannel = ONE) -> int:
    return channels.add(db, one, NOW)[0]


def wait(
    db: Connection, channel_id: int, *, attempts: int = 0, error: str | None = None, state: str = "waiting"
) -> None:
    with writing(db):
        db.execute(
            "INSERT INTO outbox (channel, finding_id, since, created, due, attempts, error, state)"
            " VALUES (?, (SELECT coalesce(max(finding_id), 0) + 1 FROM outbox), 0, ?, ?, ?, ?, ?)",
            (f"alert:{channel_id}", NOW, NOW + 5, attempts, error, state),
        )


def test_a_channel_comes_back_as_it_was_made(db: Connection) -> None:
    made = add(db)
    assert channels.channel(db, made) == replace(ONE, id=made)
    assert channels.channel(db, 99) is None


def test_every_decision_is_undone_and_stands_in_the_trail(db: Connection, desk: Desk) -> None:
    made = add(db)
    channels.change(db, replace(ONE, id=made, name="Other", language="en"))
    channels.switch(db, made, on=True)
    channels.remove(db, made)
    assert channels.listing(db) == []
    undo.undo(desk, db)
    assert channels.listing(db) == [replace(ONE, id=made, name="Other", language="en", enabled=True)]
    undo.undo(desk, db)
    undo.undo(desk, db)
    assert channels.listing(db) == [replace(ONE, id=made)]
    undo.undo(desk, db)
    assert channels.listing(db) == []
    assert {one.subject for one in audit.entries(db) if one.subject.startswith("alert")} == {f"alert-channel:{made}"}


@pytest.mark.parametrize("name", ["", "  ", "collector", "x" * 81])
def test_a_name_is_needed_and_free(db: Connection, name: str) -> None:
    add(db)
    with pytest.raises(UsageError):
        add(db, replace(ONE, name=name))


def test_there_is_an_end_to_channels(db: Connection) -> None:
    for number in range(channels.MOST):
        add(db, replace(ONE, name=str(number)))
    with pytest.raises(UsageError, match="No more channels"):
        add(db, replace(ONE, name="one more"))


def test_how_a_channel_does_is_told_from_the_outbox(db: Connection) -> None:
    add(db)
    (one,) = channels.listing(db)
    assert not channels.standing(db, one).failing
    wait(db, one.id)
    wait(db, one.id, attempts=2, error='{"what":{"id":"down","params":{},"plural":""}}')
    told = channels.standing(db, one)
    assert (told.waiting, told.oldest, told.next, told.attempts) == (2, NOW, NOW + 5, 2)
    assert [str(part) for part in told.problem] == ["down"]
    assert channels.open_and_failing(db) == (0, 0), "it is off"
    channels.switch(db, one.id, on=True)
    assert channels.open_and_failing(db) == (1, 1)


def test_what_waits_is_due_at_once_when_asked_or_changed(db: Connection) -> None:
    made = add(db)
    wait(db, made, attempts=3)
    channels.retry(db, made)
    assert value(db, "SELECT due FROM outbox") == NOW


def test_what_waited_for_a_removed_channel_is_dropped_in_the_end(db: Connection) -> None:
    made = add(db)
    wait(db, made)
    wait(db, made + 1)
    channels.forget_removed(db, NOW)
    assert len(rows(db, "SELECT * FROM outbox")) == 2
    channels.forget_removed(db, NOW + 1)
    assert [row["channel"] for row in rows(db, "SELECT channel FROM outbox")] == [f"alert:{made}"]


def test_a_channel_that_is_gone_is_told(db: Connection) -> None:
    with pytest.raises(UsageError, match="no such channel"):
        channels.switch(db, 9, on=True)
