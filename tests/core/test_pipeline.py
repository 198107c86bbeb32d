"""From events to findings, and back when segments go, are replaced or are judged by other rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import findings, triage
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
from desktop_app.core.model import LogSource
from desktop_app.core.pipeline import replace_segments, restore_segments
from tests.core.events.made import SECOND, START, batch
from tests.core.landing import BURST, FAIL, ROOT, Scene, failures, rules, sign_in


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    return Scene(desk, db, rules(ROOT, FAIL, BURST))


def roots(*seconds: int) -> list[dict[str, object]]:
    return [sign_in(second, "success", user="root") for second in seconds]


def values(scene: Scene, rule: str = "root") -> list[str]:
    """What the copies of events of a finding say."""
    return [one.raw for one in findings.evidence_of(scene.db, scene.row(rule).id)]


def test_until_it_lands_nothing_of_a_file_can_be_seen(scene: Scene) -> None:
    intake = scene.intake(roots(1, 2))
    assert intake.events == 2
    assert scene.desk.events.count(scene.db, Search()) == 0
    assert scene.counts() == {}
    with writing(scene.db):
        intake.land(scene.db)
    assert scene.desk.events.count(scene.db, Search()) == 2
    assert scene.counts() == {"root": 2}


def test_an_abandoned_file_leaves_nothing(scene: Scene) -> None:
    scene.intake(roots(1, 2)).abandon()
    assert list(scene.desk.folder.segments.rglob("*.parquet")) == []


def test_no_events_are_no_segment(scene: Scene) -> None:
    assert scene.land([]) == []


def test_a_finding_sums_what_its_segments_bring(scene: Scene) -> None:
    scene.land(roots(10, 11))
    scene.land(roots(1, 2, 3))
    row = scene.row("root")
    assert (row.count, row.first_seen, row.last_seen) == (5, START + SECOND, START + 11 * SECOND)


def test_a_segment_that_goes_takes_exactly_its_share(scene: Scene) -> None:
    scene.land(roots(10, 11))
    before = scene.state()
    scene.remove(scene.land(roots(1, 20)))
    assert scene.state() == before


def test_a_finding_quotes_the_newest_match_that_is_left(scene: Scene) -> None:
    scene.land([sign_in(5, "success", user="root", ip="10.0.0.5")])
    later = scene.land([sign_in(9, "success", user="root", ip="10.0.0.9")])
    assert scene.row("root").values["source.ip"] == "10.0.0.9"
    scene.remove(later)
    assert scene.row("root").values["source.ip"] == "10.0.0.5"


def test_a_finding_never_stands_without_evidence_while_its_events_do(scene: Scene) -> None:
    scene.land(roots(*range(500, 520)))
    around = scene.land(roots(*range(100), *range(900, 1000)))
    scene.remove(around)
    assert values(scene) == [f"{second} 10.0.0.1" for second in (*range(500, 505), *range(515, 520))]


def test_a_damaged_file_does_not_keep_another_import_from_going(scene: Scene) -> None:
    damaged = scene.land([*failures(0, 1, 2), *roots(3)])
    after = scene.land([*failures(4, 5, 6), *roots(7)])
    [segment] = catalogue.by_ids(scene.db, damaged)
    Path(scene.desk.folder.segments / segment.path).write_bytes(b"PAR1")
    scene.remove(after)
    assert scene.counts() == {"burst 10.0.0.1": 3, "root": 1}
    scene.remove(damaged)
    assert scene.counts() == {}


def test_more_segments_than_sqlite_takes_parameters_can_go(scene: Scene) -> None:
    scene.land(roots(1))
    scene.remove(list(range(1, 300_000)))
    assert scene.counts() == {}


# --- applying the rules again --------------------------------------------------------------------------------------


def test_applying_the_same_rules_again_changes_nothing(scene: Scene) -> None:
    scene.land([*failures(0, 1, 2), *roots(*range(30))])
    scene.land([*failures(7, 8), *roots(40, 50)])
    before, numbers = scene.state(), scene.row("root").id
    scene.detect()
    assert scene.state() == before
    assert scene.row("root").id == numbers


def test_applying_the_rules_again_does_not_reopen_what_was_closed(scene: Scene) -> None:
    scene.land([*failures(0, 1, 2), *roots(3)])
    ids = [scene.row("root").id, scene.row("burst").id]
    triage.resolve(scene.db, ids)
    scene.detect()
    assert [scene.row("root").status, scene.row("burst").status] == ["resolved", "resolved"]
    assert [scene.row("root").id, scene.row("burst").id] == ids


def test_findings_of_a_rule_that_is_switched_off_go_and_come_back(scene: Scene) -> None:
    scene.land([*failures(0, 1, 2), *roots(3)])
    before = scene.state()
    scene.rules = rules(ROOT, FAIL, BURST, off=["root", "fail", "burst"])
    scene.detect()
    assert scene.counts() == {}
    scene.rules = rules(ROOT, FAIL, BURST)
    scene.detect()
    assert scene.state() == before


def test_a_touched_finding_of_a_rule_that_is_switched_off_stays_and_is_marked(scene: Scene) -> None:
    scene.land(roots(1))
    triage.confirm(scene.db, [scene.row("root").id])
    scene.rules = rules(ROOT, off=["root"])
    scene.detect()
    assert scene.row("root").events_removed
    assert values(scene) == ["1 10.0.0.1"]
    scene.rules = rules(ROOT)
    scene.detect()
    assert not scene.row("root").events_removed


def test_a_rule_that_says_less_than_before_leaves_only_what_it_still_says(scene: Scene) -> None:
    scene.land([sign_in(1, user="root"), sign_in(2, user="root", ip="10.0.0.2")])
    scene.rules = rules(ROOT.replace("user.name: root", "user.name: root, source.ip: 10.0.0.1"))
    scene.detect()
    assert scene.counts() == {"root": 1}
    assert values(scene) == ["1 10.0.0.1"]


def test_rules_that_came_later_find_what_was_stored_without_them(scene: Scene) -> None:
    every, scene.rules = scene.rules, rules()
    scene.land([*failures(0, 1, 2), *roots(3)])
    assert scene.counts() == {}
    scene.rules = every
    scene.detect()
    assert scene.counts() == {"burst 10.0.0.1": 3, "root": 1}


def test_what_cannot_be_read_again_is_named_and_the_rest_is_judged(scene: Scene) -> None:
    scene.rules = rules()
    damaged = scene.land(roots(1))
    scene.land(roots(2))
    [segment] = catalogue.by_ids(scene.db, damaged)
    Path(scene.desk.folder.segments / segment.path).unlink()
    scene.rules = rules(ROOT)
    assert scene.detect() == [segment.path]
    assert scene.counts() == {"root": 1}


def test_an_import_that_is_undone_while_the_rules_are_applied_stays_undone(scene: Scene) -> None:
    from desktop_app.core.pipeline import hunt
    from desktop_app.core.rules.hunting import Hunt

    first, second = scene.land(roots(1)), scene.land(roots(2))
    seen = []

    def undone(done: int, total: int) -> None:
        seen.append((done, total))
        with writing(scene.db):
            catalogue.hide(scene.db, second)

    hunt(scene.desk, scene.db, Hunt(scene.rules, None, [*first, *second]), undone)
    assert seen == [(1, 2), (2, 2)]
    assert catalogue.live(scene.db)[0].id == first[0]


# --- the same events read anew -------------------------------------------------------------------------------------


def replaced(scene: Scene, old: list[int], events: list[dict[str, object]]) -> list[int]:
    intake = scene.intake(events)
    with writing(scene.db):
        return replace_segments(scene.desk, scene.db, scene.rules, old, [intake])


def test_events_read_anew_take_the_place_of_the_old_ones(scene: Scene) -> None:
    old = scene.land([*failures(0, 1, 2), *roots(3)])
    replaced(scene, old, [*failures(100, 101, 102), *roots(103)])
    assert scene.counts() == {"burst 10.0.0.1": 3, "root": 1}
    assert scene.row("root").last_seen == START + 103 * SECOND
    assert scene.row("burst").first_seen == START + 100 * SECOND
    assert scene.desk.events.count(scene.db, Search()) == 4


def test_a_finding_keeps_its_number_and_what_a_person_said_when_its_events_are_read_anew(scene: Scene) -> None:
    old = scene.land([*failures(0, 1, 2), *roots(3)])
    numbers = (scene.row("root").id, scene.row("burst").id)
    triage.resolve(scene.db, [scene.row("root").id])
    replaced(scene, old, [*failures(100, 101, 102), *roots(103)])
    assert (scene.row("root").id, scene.row("burst").id) == numbers
    assert (scene.row("root").status, scene.row("root").reopened) == ("resolved", None)


def test_what_was_replaced_can_be_restored(scene: Scene) -> None:
    scene.land(failures(8, 9))
    old = scene.land([*failures(0, 1, 2), *roots(3)])
    before = scene.state()
    added = replaced(scene, old, [*failures(100, 101, 102), *roots(103)])
    assert scene.state() != before
    with writing(scene.db):
        restore_segments(scene.desk, scene.db, scene.rules, added, old)
    assert scene.state() == before
    assert [one.id for one in catalogue.live(scene.db)] == [1, *old]


def test_a_segment_never_mixes_log_sources_but_a_finding_may(scene: Scene) -> None:
    everywhere = ROOT.replace("{product: linux, service: auth}", "{product: linux}")
    scene.rules = rules(everywhere)
    intake = scene.intake(roots(1))
    intake.add(batch(roots(2), LogSource("linux", "", "syslog"), first=2))
    with writing(scene.db):
        assert len(intake.land(scene.db)) == 2
    assert scene.counts() == {"root": 2}
