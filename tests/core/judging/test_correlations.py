"""Correlations across files and imports: exact in any order of arrival, and exact again when something goes."""

from __future__ import annotations

from itertools import permutations

import pytest

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from tests.core.events.made import SECOND, START, batch
from tests.core.landing import AUTH, BROKEN_IN, BURST, FAIL, SUCCESS, Scene, failures, rules, sign_in

PARTS = (failures(0, 1), failures(2, 3, ip="10.0.0.2"), failures(4, 5), failures(40, 41, 42))


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    return Scene(desk, db, rules(FAIL, BURST))


def story(scene: Scene) -> object:
    """What the finding tells, without the numbers of its events."""
    row = scene.row("burst")
    copies = [(one.time, one.raw) for one in findings.evidence_of(scene.db, row.id)]
    return row.count, row.first_seen, row.last_seen, row.values["count"], row.group, copies


def test_matches_of_several_imports_make_one_finding(scene: Scene) -> None:
    scene.land(failures(0, 1))
    assert scene.counts() == {}
    scene.land(failures(2))
    assert scene.counts() == {"burst 10.0.0.1": 3}
    row = scene.row("burst")
    assert (row.asset, row.group, row.values["count"]) == ("gw", (("source.ip", "10.0.0.1"),), "3")
    assert (row.first_seen, row.last_seen) == (START, START + 2 * SECOND)


def test_groups_are_counted_apart(scene: Scene) -> None:
    scene.land([*failures(0, 1), *failures(0, 1, 2, ip="10.0.0.2")])
    assert scene.counts() == {"burst 10.0.0.2": 3}


def test_the_order_of_arrival_does_not_matter(scene: Scene) -> None:
    told = []
    for order in permutations(PARTS):
        segments = [segment for part in order for segment in scene.land(part)]
        told.append((scene.counts(), story(scene)))
        scene.remove(segments)
    assert told[0][0] == {"burst 10.0.0.1": 7}
    assert all(one == told[0] for one in told)


def test_each_import_that_goes_takes_exactly_its_share(scene: Scene) -> None:
    for gone in range(len(PARTS)):
        rest = [segment for number, part in enumerate(PARTS) if number != gone for segment in scene.land(part)]
        without = scene.counts(), [story(scene)]
        one = scene.land(PARTS[gone])
        assert scene.counts() != without[0] or gone == 1
        scene.remove(one)
        assert (scene.counts(), [story(scene)]) == without
        scene.remove(rest)


def test_a_finding_goes_when_its_group_stops_firing(scene: Scene) -> None:
    scene.land(failures(0, 1))
    last = scene.land(failures(2))
    scene.remove(last)
    assert scene.counts() == {}
    assert rows(scene.db, "SELECT 1 FROM contributions") == []


def test_windows_that_touch_are_one_burst_and_those_that_do_not_are_two(scene: Scene) -> None:
    scene.land(failures(0, 5, 10))
    scene.land(failures(20, 15))
    assert (scene.row("burst").count, scene.row("burst").values["count"]) == (5, "5")
    scene.land(failures(31, 32, 33, 34))
    assert (scene.row("burst").count, scene.row("burst").values["count"]) == (9, "4")


def test_the_texts_tell_of_the_last_burst_whatever_arrives_last_or_goes(scene: Scene) -> None:
    scene.land([*failures(0, 1, 2, 3), *failures(1000, 1001, 1002)])
    assert scene.row("burst").values["count"] == "3"
    early = scene.land(failures(4))
    assert scene.row("burst").values["count"] == "3"
    late = scene.land(failures(2000, 2001, 2002, 2003, 2004))
    assert scene.row("burst").values["count"] == "5"
    scene.remove(late)
    assert (scene.row("burst").count, scene.row("burst").values["count"]) == (8, "3")
    scene.remove(early)
    assert scene.row("burst").count == 7


def test_a_key_with_many_segments_is_one_finding_with_a_bounded_number_of_copies(scene: Scene) -> None:
    segments = [scene.land(failures(second, second + 1))[0] for second in range(0, 80, 2)]
    assert (scene.row("burst").count, scene.row("burst").values["count"]) == (80, "80")
    kept = [one.raw for one in findings.evidence_of(scene.db, scene.row("burst").id)]
    assert kept == [f"{second} 10.0.0.1" for second in (*range(10), *range(70, 80))]
    scene.remove([segments[20]])  # seconds 40 and 41: a gap that windows of ten seconds reach across
    assert (scene.row("burst").count, scene.row("burst").values["count"]) == (78, "78")


def test_a_correlation_of_correlations_is_exact_across_imports(scene: Scene) -> None:
    scene.rules = rules(FAIL, SUCCESS, BURST, BROKEN_IN)
    success = scene.land([sign_in(20, "success")])
    assert scene.counts() == {}
    burst = scene.land(failures(0, 1, 2))
    assert scene.counts()["broken_in 10.0.0.1"] == 4
    scene.remove(burst)
    assert scene.counts() == {}
    scene.land(failures(0, 1, 2))
    scene.remove(success)
    assert "broken_in 10.0.0.1" not in scene.counts()


def test_an_event_that_two_base_rules_match_counts_once(scene: Scene) -> None:
    either = BURST.replace("[fail]", "[fail, also]")
    scene.rules = rules(FAIL, FAIL.replace("name: fail", "name: also"), either)
    scene.land(failures(0, 1, 2))
    row = scene.row("burst")
    assert row.count == 3
    assert len(findings.evidence_of(scene.db, row.id)) == 3


def test_a_group_without_a_host_is_about_its_file(scene: Scene) -> None:
    scene.land(batch([{**one, "host": None} for one in failures(0, 1, 2)], AUTH), name="vpn.log")
    assert scene.row("burst").asset == "vpn.log"


# --- rules that change -----------------------------------------------------------------------------------------------


def test_a_stricter_rule_takes_its_finding_away(scene: Scene) -> None:
    scene.land(failures(0, 1))
    scene.land(failures(2))
    scene.rules = rules(FAIL, BURST.replace("gte: 3", "gte: 4"))
    scene.detect()
    assert scene.counts() == {}


def test_a_segment_in_which_the_base_rule_no_longer_holds_contributes_nothing(scene: Scene) -> None:
    scene.land(failures(0, 1, 2))
    scene.land([one | {"fields": one["fields"] | {"user.name": "b"}} for one in failures(3, 4, 5)])
    assert scene.counts() == {"burst 10.0.0.1": 6}
    narrow = FAIL.replace("event.outcome: failure", "event.outcome: failure, user.name: b")
    scene.rules = rules(narrow, BURST)
    scene.detect()
    assert scene.counts() == {"burst 10.0.0.1": 3}
    assert scene.row("burst").first_seen == START + 3 * SECOND


def test_a_rule_that_groups_by_other_fields_makes_other_findings(scene: Scene) -> None:
    scene.land(failures(0, 1))
    second = scene.land(failures(2))
    scene.rules = rules(FAIL, BURST.replace("[source.ip]", "[source.ip, user.name]"))
    scene.remove(second)  # before the changed rule was applied: what the old one had counted is only forgotten
    scene.land(failures(2))
    scene.detect()
    assert scene.counts() == {"burst 10.0.0.1 a": 3}


def test_what_a_rule_that_is_off_had_counted_brings_nothing_back(scene: Scene) -> None:
    scene.rules = rules(FAIL, SUCCESS, BURST, BROKEN_IN)
    scene.land(failures(0, 1, 2))
    other = scene.land(failures(3, 4))
    scene.rules = rules(FAIL, SUCCESS, BURST, BROKEN_IN, off=["burst", "broken_in", "fail", "success"])
    scene.detect()
    scene.remove(other)
    assert scene.counts() == {}
