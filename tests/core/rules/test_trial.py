from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import Cancelled
from desktop_app.core.rules import catalogue, exceptions, own
from desktop_app.core.rules.exceptions import Wanted
from desktop_app.core.rules.reading import ReadRule
from desktop_app.core.rules.trial import SHOWN, Report, Trial, trial
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import bring_in, guesses
from tests.extensions.logs.views.conftest import make_desk

WORD = yaml_of(1).replace("user.name: x", "user.name: root")
COUNT = (
    f"title: Many\nid: {id_of(2)}\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [rule_1]\n"
    "  group-by: [source.ip]\n  timespan: 5m\n  condition: {gte: 10}\n"
)


@pytest.fixture
def full(tmp_path: Path) -> Desk:
    """A desk with forty failed sign-ins in two files."""
    made = make_desk(tmp_path / "desk")
    for hour in (10, 14):
        log = tmp_path / f"{hour}.log"
        log.write_text(guesses(20, hour=hour), "utf-8")
        bring_in(made, [log])
    return made


def read(db: Connection, body: str) -> ReadRule:
    found = own.check(db, body).rule
    assert found is not None
    return found


def tried(desk: Desk, body: str, report: Report = lambda _done, _total: None) -> Trial:
    with desk.connection() as db:
        return trial(desk, db, read(db, body), report)


def test_a_trial_counts_what_matches_and_shows_the_newest(full: Desk) -> None:
    made = tried(full, WORD)
    assert (made.matches, made.tried, made.total, made.ended) == (40, 40, 40, True)
    with full.connection() as db:
        times = [one["time"] for one in full.events.events(db, made.events)]
    assert len(times) == SHOWN
    assert times == sorted(times, reverse=True)


def test_a_trial_tells_how_far_it_is_and_keeps_what_it_found_until_it_was_stopped(full: Desk) -> None:
    told: list[tuple[int, int]] = []
    tried(full, WORD, lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 40), (40, 40))

    def stop(done: int, _total: int) -> None:
        if done:
            raise Cancelled

    made = tried(full, WORD, stop)
    assert not made.ended
    assert (made.tried, made.matches) == (20, 20)


def test_a_trial_passes_over_what_the_exceptions_of_the_rule_name(full: Desk, tmp_path: Path) -> None:
    with full.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "p", a=WORD))
        exceptions.add(db, id_of(1), Wanted((("source.ip", ("10.20.4.17",)),), "Ours"), 0)
    assert tried(full, WORD).matches == 0


def test_a_correlation_is_tried_with_the_rules_that_it_counts(full: Desk, tmp_path: Path) -> None:
    with full.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "p", a=WORD))
    made = tried(full, COUNT)
    assert made.correlation
    assert made.matches == 2
    assert tried(full, COUNT.replace("gte: 10", "gte: 21")).matches == 0


def test_a_rule_that_matches_much_is_said_to(full: Desk) -> None:
    assert not tried(full, WORD).most
    assert Trial(total=100, tried=100, matches=11).most


def test_an_empty_desk_has_nothing_to_try_on(tmp_path: Path) -> None:
    made = tried(make_desk(tmp_path / "empty"), WORD)
    assert (made.matches, made.total, made.ended, made.events) == (0, 0, True, [])
