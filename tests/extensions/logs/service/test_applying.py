"""What a person does with rules reaches what is stored: as if all of it had been judged by all rules again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop_app import bundled
from desktop_app.core import jobs, pipeline, undo, undoing
from desktop_app.core.database import Connection, migrate, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue as segments
from desktop_app.core.model import now
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, decided, exceptions, own
from desktop_app.core.rules.exceptions import Wanted
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs.jobs import importing
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.sources.discover import Input
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of
from tests.extensions.logs.importing import bring_in, guesses, run, state_of

FILTER = (
    f"title: Not from the gateway\nid: {id_of(9)}\nlogsource: {{product: linux, service: auth}}\n"
    f"filter:\n  rules: [{id_of(1)}]\n  from:\n    source.ip: 10.0.0.1\n  condition: not from\n"
)
QUIET = correlation_of(5, "rule_1").replace("  type:", "  generate: false\n  type:")
LOUD = correlation_of(5, "rule_1").replace("  type:", "  generate: true\n  type:")
# What a pack may hold; the numbers of plain rules are those of ``yaml_of``.
PACKS: tuple[dict[str, str], ...] = (
    {"a": yaml_of(1, value="root")},
    {"a": yaml_of(1, value="root"), "b": yaml_of(2, value="anna")},
    {"a": yaml_of(1, value="anna"), "c": yaml_of(3, value="root")},
    {"a": yaml_of(1, value="root"), "e": QUIET},
    {"a": yaml_of(1, value="root"), "e": LOUD},
    {"e": QUIET, "c": yaml_of(3, value="root")},
    {"a": yaml_of(1, value="root"), "f": FILTER},
    {"other": yaml_of(1, value="root"), "b": "title: ["},
)
LOGS = (
    guesses(3),
    guesses(3, hour=15, address="10.0.0.1").replace("for root", "for anna"),
    guesses(2, hour=16, address="10.0.0.1"),
)


class Room:
    """A desk without rules of ours, on which every job runs as soon as it is queued."""

    def __init__(self, place: Path) -> None:
        self.desk = Desk(DataFolder(place / "desk"), bundled.EXTENSIONS)
        self.place = place
        migrate(self.desk.folder, [one.migrations for one in bundled.EXTENSIONS if one.migrations])

    def hunted(self) -> list[jobs.Job]:
        """Run what is queued and return how it ended."""
        with self.desk.connection() as db:
            waiting = [row["id"] for row in rows(db, "SELECT id FROM jobs WHERE state = 'queued' ORDER BY id")]
        ended = [run(self.desk, one) for one in waiting]
        assert [one.state for one in ended] == ["done"] * len(ended)
        return ended

    def decide(self, act: Callable[[Connection], Decision | None]) -> list[jobs.Job]:
        with self.desk.connection() as db:
            applying.after(db, act(db))
        return self.hunted()

    def rules(self, number: int) -> list[jobs.Job]:
        folder = folder_with(self.place / "pack", **PACKS[number])
        with self.desk.connection() as db:
            applying.after_import(db, catalogue.import_rules(db, folder))
        return self.hunted()

    def log(self, number: int) -> None:
        path = self.place / f"{number}.log"
        path.write_text(LOGS[number], "utf-8")
        bring_in(self.desk, [path])

    def switch(self, number: int, *, on: bool) -> list[jobs.Job]:
        return self.decide(lambda db: (catalogue.enable if on else catalogue.disable)(db, [id_of(number)]))

    def undo(self) -> list[jobs.Job]:
        with self.desk.connection() as db:
            undoing.take_back(self.desk, db)
        return self.hunted()

    def state(self) -> dict[str, Any]:
        with self.desk.connection() as db:
            parts = rows(
                db,
                "SELECT f.fingerprint, c.segment_id, c.count, c.first, c.last, c.times FROM contributions c"
                " JOIN findings f ON f.id = c.finding_id ORDER BY 1, 2",
            )
            copies = rows(
                db,
                "SELECT f.fingerprint, e.event_id FROM evidence e JOIN findings f ON f.id = e.finding_id ORDER BY 1, 2",
            )
            said = rows(db, 'SELECT fingerprint, rule_version, "values" FROM findings ORDER BY 1')
        return {**state_of(self.desk), "parts": parts, "copies": copies, "said": said}

    def found(self) -> dict[str, int]:
        with self.desk.connection() as db:
            return {one["rule_id"]: one["n"] for one in
                    rows(db, "SELECT rule_id, SUM(count) AS n FROM findings GROUP BY 1")}  # fmt: skip

    def detect(self) -> None:
        with self.desk.connection() as db:
            applying.start_detect(db)
        self.hunted()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(pipeline, "WORTH_A_DICTIONARY", 1)
    return Room(tmp_path)


def read(ended: Sequence[jobs.Job]) -> list[int]:
    return [int((one.result or {})["segments"]) for one in ended]


# --- each way in ------------------------------------------------------------------------------------------------------


def test_rules_that_are_brought_in_are_applied_alone_and_read_only_where_they_may_match(room: Room) -> None:
    room.log(0)
    room.log(1)
    [job] = room.rules(0)
    assert str(job.title) == "Apply the rules of pack to stored events"
    assert job.params == {"rules": [id_of(1)]}
    assert read([job]) == [2]  # nothing is known of the values yet
    assert room.found() == {id_of(1): 3}
    [job] = room.rules(1)
    assert (job.params, read([job]), room.found()) == ({"rules": [id_of(2)]}, [1], {id_of(1): 3, id_of(2): 3})


def test_a_pack_that_was_moved_inside_applies_nothing(room: Room) -> None:
    room.log(0)
    room.rules(0)
    assert room.rules(7) == []  # only the file has another name, and what is broken finds nothing


def test_without_events_nothing_is_applied(room: Room) -> None:
    assert room.rules(0) == []


def test_a_changed_rule_loses_what_it_found_and_finds_what_it_says_now(room: Room) -> None:
    room.log(0)
    room.log(1)
    room.rules(0)
    [job] = room.rules(2)
    assert job.params == {"rules": [id_of(1), id_of(3)]}
    assert room.found() == {id_of(1): 3, id_of(3): 3}


def test_an_import_of_rules_that_is_undone_takes_its_findings_with_it_and_reads_nothing(room: Room) -> None:
    room.log(0)
    room.rules(0)
    [job] = room.undo()
    assert str(job.title) == "Apply 1 rule to stored events"
    assert (read([job]), room.found()) == ([0], {})


def test_a_rule_that_was_off_finds_what_came_meanwhile_once_it_is_on(room: Room) -> None:
    room.rules(0)
    room.switch(1, on=False)
    room.log(0)
    assert room.found() == {}
    assert read(room.switch(1, on=True)) == [1]
    assert room.found() == {id_of(1): 3}
    assert read(room.undo()) == [0]
    assert room.found() == {}


def test_a_rule_that_is_written_here_is_applied_as_it_is_saved(room: Room) -> None:
    room.log(0)
    [job] = room.decide(lambda db: own.save(db, yaml_of(8, value="root"))[1])
    assert (job.params, room.found()) == ({"rules": [id_of(8)]}, {id_of(8): 3})


def test_an_exception_that_is_lifted_brings_back_what_it_passed_over(room: Room) -> None:
    room.rules(0)
    with room.desk.connection() as db:
        exceptions.add(db, id_of(1), Wanted((("user.name", ("root",)),), "Known"), now())
        [made] = exceptions.of_rule(db, id_of(1))
    room.log(0)
    assert room.found() == {}
    room.decide(lambda db: exceptions.end(db, made.id))
    assert room.found() == {id_of(1): 3}


def test_where_others_depend_on_what_went_all_rules_are_applied(room: Room) -> None:
    room.log(0)
    for number, whole in ((3, False), (0, True), (6, True), (0, True)):
        [job] = room.rules(number)
        assert ("rules" not in job.params) is whole, number


def test_what_waits_to_apply_all_rules_applies_these_too(room: Room) -> None:
    room.log(0)
    with room.desk.connection() as db:
        first = applying.start_detect(db)
        assert applying.apply_again(db, {id_of(1): ""}) == first
        assert applying.job(db) == applying.job(db, id_of(2)) == first
    room.hunted()
    with room.desk.connection() as db:
        one = applying.apply_again(db, {id_of(1): ""})
        assert (applying.job(db), applying.job(db, id_of(1)), applying.job(db, id_of(2))) == (one, one, None)


def read_by_former_rules(room: Room, act: Callable[[Connection], object]) -> list[jobs.Job]:
    """Import a log and act while it is read: its rules are those that were there when it began."""
    path = room.place / "slow.log"
    path.write_text(LOGS[0], "utf-8")
    whole = importing.Importer.read

    def slow(self: importing.Importer, one: Input) -> None:
        with room.desk.connection() as db:
            act(db)
        whole(self, one)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing.Importer, "read", slow)
        bring_in(room.desk, [path])
    return room.hunted()


def test_what_was_read_while_rules_were_changed_is_judged_by_them_too(room: Room) -> None:
    room.rules(0)
    room.switch(1, on=False)
    [job] = read_by_former_rules(room, lambda db: catalogue.enable(db, [id_of(1)]))
    assert (job.params, room.found()) == ({"rules": [id_of(1)]}, {id_of(1): 3})
    room.detect()
    assert room.found() == {id_of(1): 3}


def test_what_was_read_while_a_rule_was_switched_off_stands_and_after_an_undo_all_rules_are_applied(
    room: Room,
) -> None:
    room.rules(0)
    assert read_by_former_rules(room, lambda db: catalogue.disable(db, [id_of(1)])) == []
    assert room.found() == {id_of(1): 3}
    with room.desk.connection() as db:
        [switched] = rows(db, "SELECT MAX(id) AS id FROM undo WHERE kind = ?", [undo.ROWS])
    [job] = read_by_former_rules(room, lambda db: undo.undo(room.desk, db, switched["id"]))
    assert job.params == {}


# --- any order --------------------------------------------------------------------------------------------------------


@contextmanager
def a_room() -> Iterator[Room]:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "WORTH_A_DICTIONARY", 1)
        yield Room(Path(name))


def retire(room: Room, number: int) -> None:
    with room.desk.connection() as db, writing(db):
        live = [one.id for one in segments.live(db)]
        if live:
            rules = catalogue.load(db, room.desk.folder)
            pipeline.retire_segments(room.desk, db, rules, [live[number % len(live)]])


def except_(room: Room, number: int) -> None:
    """Add an exception and apply it, as its page offers."""
    with room.desk.connection() as db:
        if catalogue.rule(db, id_of(number)) is None:
            return
        decision = exceptions.add(db, id_of(number), Wanted((("source.ip", ("10.0.0.1",)),), "Known"), now())
        applying.apply_again(db, decided.of_decision(db, decision.undo_id))
    room.hunted()


def take_back(room: Room, _number: int) -> None:
    with room.desk.connection() as db:
        if undo.latest(db) is None:
            return
    try:
        room.undo()
    except UsageError:
        return  # a later decision builds on it


ACTS: dict[str, Callable[[Room, int], object]] = {
    "rules": lambda room, number: room.rules(number),
    "log": lambda room, number: room.log(number % len(LOGS)),
    "off": lambda room, number: room.switch((1, 5, 9)[number % 3], on=False),
    "on": lambda room, number: room.switch((1, 5, 9)[number % 3], on=True),
    "except": lambda room, _: except_(room, 1),
    "retire": retire,
    "undo": take_back,
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, len(PACKS) - 1)), max_size=9))
@example([("log", 0), ("log", 2), ("rules", 3), ("rules", 4), ("rules", 5), ("undo", 0), ("undo", 0)])
@example([("rules", 3), ("log", 0), ("off", 1), ("log", 2), ("on", 1), ("retire", 0), ("rules", 0)])
@example([("log", 0), ("log", 1), ("log", 2), ("rules", 6), ("off", 2), ("except", 0), ("on", 2), ("undo", 0)])
def test_whatever_is_done_in_whatever_order_findings_are_those_of_all_rules_over_all_events(
    acts: list[tuple[str, int]],
) -> None:
    with a_room() as room:
        room.log(0)
        for name, number in acts:
            ACTS[name](room, number)
        hunted = room.state()
        room.detect()
        assert room.state() == hunted
