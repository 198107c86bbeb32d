from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from desktop_app.core import notify, outbox, triage
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import claims
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Message, Policy, Undelivered
from desktop_app.core.rules.words import Language
from desktop_app.core.settings import Value
from desktop_app.core.text import text
from tests.core.helpers import add_segment, claim

MINUTE = 60 * notify.SECOND
START: Micros = 1_790_000_000 * notify.SECOND


class Said:
    """A channel that keeps what it was given, or fails as told."""

    id = "said"
    language: Language = "en"
    pausable = True

    def __init__(self, policy: Policy | None = None) -> None:
        self.rules: Policy | None = policy or Policy(Severity.MEDIUM)
        self.failure: Exception | None = None
        self.messages: list[Message] = []

    def policy(self, values: Mapping[str, Value]) -> Policy | None:
        assert "notify" in values
        return self.rules

    def deliver(self, message: Message) -> None:
        if self.failure:
            raise self.failure
        self.messages.append(message)

    def numbers(self) -> list[list[int]]:
        return [[one.finding_id for one in message.items] for message in self.messages]


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> Micros:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(desk: Desk, clock: Clock) -> Desk:
    return replace(desk, clock=clock)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def courier(desk: Desk, db: Connection, said: Said) -> outbox.Courier:
    made = outbox.Courier(desk, [said])
    made.turn(db)  # the first look of a desk: what is there already is not new
    return made


def watch(db: Connection) -> None:
    """Let segment 1 be of a source that is watched, and segment 2 of an import that a person made."""
    add_segment(db, 1)
    add_segment(db, 2)
    with writing(db):
        db.execute("INSERT INTO sources (id, extension, kind, name, created) VALUES (1, 'logs', 'syslog', 'x', 0)")
        db.execute("UPDATE imports SET options = '{\"live\":1}' WHERE id = 1")


def find(db: Connection, rule: str, segment: int = 1, at: Micros = START) -> int:
    with writing(db):
        return claims.apply(db, claim(segment, rule=rule), "logs", at)


def states(db: Connection) -> list[str]:
    return [row["state"] for row in rows(db, "SELECT state FROM outbox ORDER BY id")]


def test_a_new_finding_is_told_once(db: Connection, courier: outbox.Courier, said: Said) -> None:
    watch(db)
    number = find(db, "a")
    courier.turn(db)
    courier.turn(db)
    assert said.numbers() == [[number]]
    assert states(db) == ["sent"]


def test_what_was_there_before_the_first_look_is_not_told(desk: Desk, db: Connection, said: Said) -> None:
    watch(db)
    find(db, "a")
    made = outbox.Courier(desk, [said])
    made.turn(db)
    made.turn(db)
    assert said.messages == []


def test_what_a_persons_own_import_brought_is_not_told(db: Connection, courier: outbox.Courier, said: Said) -> None:
    watch(db)
    find(db, "a", segment=2)
    courier.turn(db)
    assert said.messages == []


def test_findings_below_the_threshold_are_not_told(db: Connection, courier: outbox.Courier, said: Said) -> None:
    watch(db)
    said.rules = Policy(Severity.CRITICAL)
    find(db, "a")
    courier.turn(db)
    assert states(db) == []


def test_a_finding_that_comes_back_is_told_again(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    number = find(db, "a")
    courier.turn(db)
    triage.resolve(db, [number])
    clock.at += 10 * MINUTE
    add_segment(db, 3)
    with writing(db):
        db.execute("UPDATE imports SET options = '{\"live\":1}' WHERE id = 3")
    find(db, "a", segment=3, at=clock.at)
    courier.turn(db)
    assert said.numbers() == [[number], [number]]


def test_a_reopening_that_was_committed_late_is_not_missed(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    first, second = find(db, "a"), find(db, "b")
    courier.turn(db)
    clock.at += 10 * MINUTE
    with writing(db):
        db.execute("UPDATE findings SET reopened = ? WHERE id = ?", (clock.at, first))
    courier.turn(db)
    clock.at += 10 * MINUTE
    with writing(db):  # begun a minute before the other one
        db.execute("UPDATE findings SET reopened = ? WHERE id = ?", (clock.at - 11 * MINUTE, second))
    courier.turn(db)
    assert said.numbers() == [[first, second], [first], [second]]


def test_what_was_decided_before_it_could_be_told_is_dropped(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    outbox.pause(db, START + MINUTE)
    first, second = find(db, "a"), find(db, "b")
    courier.turn(db)
    assert said.messages == []
    triage.suppress(db, [first], "expected", None)
    clock.at += 2 * MINUTE
    courier.turn(db)
    assert said.numbers() == [[second]]
    assert sorted(states(db)) == ["dropped", "sent"]


def test_what_gathers_in_quiet_hours_is_one_message_at_their_end(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    minute = (START // MINUTE) % (24 * 60)
    said.rules = Policy(Severity.MEDIUM, notify.Quiet((minute - 5) % 1440, (minute + 5) % 1440, "UTC"))
    for rule in "abcde":
        find(db, rule)
        courier.turn(db)
    assert said.messages == []
    clock.at += 6 * MINUTE
    courier.turn(db)
    assert [str(one.headline) for one in said.messages] == ["5 new findings"]


def test_a_burst_after_a_message_waits_for_the_gap_and_goes_out_as_one(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    for rule in "abc":
        find(db, rule)
        courier.turn(db)
        clock.at += notify.SECOND
    assert len(said.messages) == 1
    clock.at += MINUTE
    courier.turn(db)
    assert [len(one) for one in said.numbers()] == [1, 2]


def test_a_failed_delivery_is_tried_again_later_and_given_up_at_last(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    said.failure = Undelivered(text("The server does not answer."))
    find(db, "a")
    for _ in range(notify.MOST_ATTEMPTS):
        assert states(db) in ([], ["waiting"])
        courier.turn(db)
        clock.at += notify.LONGEST_RETRY
    assert states(db) == ["failed"]
    assert "does not answer" in rows(db, "SELECT error FROM outbox")[0]["error"]


def test_a_channel_that_recovers_delivers_what_waited(
    db: Connection, courier: outbox.Courier, said: Said, clock: Clock
) -> None:
    watch(db)
    said.failure = RuntimeError("no route")
    number = find(db, "a")
    courier.turn(db)
    said.failure = None
    courier.turn(db)
    assert said.messages == [], "a minute has not passed"
    clock.at += MINUTE
    courier.turn(db)
    assert said.numbers() == [[number]]


def test_a_refusal_for_good_is_not_tried_again(db: Connection, courier: outbox.Courier, said: Said) -> None:
    watch(db)
    said.failure = Undelivered(text("The address is refused."), again=False)
    find(db, "a")
    courier.turn(db)
    assert states(db) == ["failed"]


def test_a_channel_that_is_switched_off_gathers_nothing(db: Connection, courier: outbox.Courier, said: Said) -> None:
    watch(db)
    said.rules = None
    find(db, "a")
    courier.turn(db)
    said.rules = Policy(Severity.MEDIUM)
    courier.turn(db)
    assert states(db) == []


def test_one_channel_that_fails_does_not_hold_up_another(desk: Desk, db: Connection) -> None:
    good, bad = Said(), Said()
    bad.id, bad.failure = "bad", RuntimeError("broken")
    made = outbox.Courier(desk, [bad, good])
    made.turn(db)
    watch(db)
    number = find(db, "a")
    made.turn(db)
    assert good.numbers() == [[number]]


def test_a_pause_is_remembered_and_its_end_lets_everything_out(
    db: Connection, courier: outbox.Courier, said: Said
) -> None:
    watch(db)
    outbox.pause(db, START + 60 * MINUTE)
    number = find(db, "a")
    courier.turn(db)
    assert said.messages == []
    outbox.pause(db, 0)
    courier.turn(db)
    assert said.numbers() == [[number]]


def test_a_channel_that_is_not_for_pausing_tells_through_a_pause(
    db: Connection, courier: outbox.Courier, said: Said
) -> None:
    watch(db)
    said.pausable = False
    outbox.pause(db, START + 60 * MINUTE)
    find(db, "a")
    courier.turn(db)
    assert len(said.messages) == 1


def test_a_running_courier_tells_by_itself(db: Connection, courier: outbox.Courier, said: Said) -> None:
    import threading

    told = threading.Event()
    deliver = said.deliver

    def tell(message: Message) -> None:
        deliver(message)
        told.set()

    said.deliver = tell  # type: ignore[method-assign]
    watch(db)
    number = find(db, "a")
    courier.start()
    assert told.wait(60)
    courier.stop()
    assert said.numbers() == [[number]]
