"""A rule that matches without end stays one finding, and nothing that it brings grows with its matches."""

from __future__ import annotations

import pytest

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.desk import Desk
from desktop_app.core.events.writer import DAY
from desktop_app.core.judging import examine
from tests.core.events.made import START, batch
from tests.core.landing import AUTH, ROOT, Scene, rules, sign_in

EVERY = 250_000 // 100  # the noise that the program is made for, a hundredth of it


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    return Scene(desk, db, rules(ROOT))


def noise(day: int, count: int = EVERY // 10, **more: str) -> list[dict[str, object]]:
    made = [sign_in(second * 7, "success", user="root", **more) for second in range(count)]
    return [{**one, "time": one["time"] + day * DAY} for one in made]


def size(db: Connection, table: str) -> int:
    return int(value(db, f"SELECT COUNT(*) FROM {table}"))


def test_a_noisy_rule_is_one_finding_with_a_bounded_sample(scene: Scene) -> None:
    for day in range(10):
        scene.land(noise(day))
    row = scene.row("root")
    assert row.count == EVERY
    assert [size(scene.db, one) for one in ("findings", "contributions", "evidence")] == [1, 10, 20]
    assert value(scene.db, "SELECT MAX(json_array_length(times)) FROM contributions") <= examine.CHART_POINTS
    drawn = findings.spark(scene.db, row.id)
    assert len(drawn) == 60
    assert sum(count for _, count in drawn) == EVERY
    assert len(row.values) <= examine.MOST_VALUES + 2


def test_very_many_segments_are_drawn_by_a_point_each(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(4):
        scene.land(noise(day))
    monkeypatch.setattr(findings, "FINELY", 3)
    drawn = [(start, count) for start, count in findings.spark(scene.db, scene.row("root").id) if count]
    assert [count for _, count in drawn] == [EVERY // 10] * 4
    assert drawn[0][0] > START


def test_noise_goes_and_comes_back_with_its_import(scene: Scene) -> None:
    scene.land(noise(0))
    before = scene.state()
    more = [one for day in range(1, 5) for one in scene.land(noise(day))]
    scene.detect()
    assert scene.row("root").count == EVERY // 2
    assert size(scene.db, "evidence") == 20
    scene.remove(more)
    assert scene.state() == before


def test_one_file_of_many_segments_is_told_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.core.judging import claims

    told = []
    apply = claims.apply
    monkeypatch.setattr(claims, "apply", lambda *args, **more: told.append(args[1]) or apply(*args, **more))
    intake = scene.intake(noise(0))
    for day in range(1, 5):
        intake.add(batch(noise(day), AUTH, first=1 + day * EVERY))
    with scene.db.conn:
        intake.land(scene.db)
    assert [len(one.contributions) for one in told] == [5]
    assert scene.row("root").count == EVERY // 2


def test_where_a_rule_has_very_many_findings_each_has_fewer_copies(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.rules = rules(ROOT + "watchdesk: {fingerprint: [source.ip]}\n")
    events = [one for ip in range(50) for one in noise(0, 4, ip=f"10.0.0.{ip}")]
    for most, each in ((4000, 4), (100, 2), (10, 1)):
        monkeypatch.setattr(examine, "MOST_COPIES", most)
        segments = scene.land(events)
        counted = rows(scene.db, "SELECT COUNT(*) AS n FROM evidence GROUP BY finding_id")
        assert [row["n"] for row in counted] == [each] * 50
        scene.remove(segments)
