from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.database import Connection, writing
from desktop_app.core.judging import claims
from desktop_app.core.rules import cache, catalogue, coverage
from desktop_app.core.rules.possible import Standing
from tests.core.helpers import add_segment, claim
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of


def verdicts(db: Connection) -> dict[str, tuple[str, str, int]]:
    return {one["title"]: (one["state"], str(one["reason"] or ""), one["matches"]) for one in catalogue.coverage(db)}


def read_log(db: Connection, *fields: str) -> None:
    """Pretend that an auth log of Linux with these fields was imported."""
    add_segment(db, 1)
    with writing(db):
        db.conn.executemany("INSERT INTO segment_fields VALUES (1, ?, 1)", [(name,) for name in fields])


def test_a_rule_whose_log_nobody_read_is_blocked_and_names_it(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1).replace("auth", "auditd")))
    read_log(db, "user.name")
    state, reason, _ = verdicts(db)["Rule 1"]
    assert state == "blocked"
    assert "linux / auditd" in reason


def test_a_rule_whose_field_no_event_has_is_blocked_and_names_it(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    read_log(db, "process.pid")
    state, reason, _ = verdicts(db)["Rule 1"]
    assert state == "blocked"
    assert "user.name" in reason


def test_a_rule_that_could_fire_is_quiet(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(
        db, folder_with(tmp_path / "p", a=yaml_of(1), b=yaml_of(2).replace("user.name", "process.name"))
    )
    read_log(db, "User.Name")
    assert {state for state, _, _ in verdicts(db).values()} == {"quiet"}


def test_a_rule_with_findings_has_fired(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    read_log(db, "user.name")
    with writing(db):
        claims.apply(db, claim(1, rule=id_of(1), count=3), "logs", 0)
    assert verdicts(db)["Rule 1"] == ("fired", "", 3)


def test_rules_that_are_off_or_cannot_run_say_so(db: Connection, tmp_path: Path) -> None:
    unsupported = yaml_of(3).replace("user.name", "user.name|expand").replace(": x", ": '%v%'")
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1), b="title: [", c=unsupported))
    catalogue.disable(db, [id_of(1)])
    found = verdicts(db)
    assert found["Rule 1"][0] == "disabled"
    assert found["b.yml"][0] == found["Rule 3"][0] == "broken"
    assert "%v%" in found["Rule 3"][1]


def test_a_correlation_is_blocked_with_its_bases_and_broken_without_them(db: Connection, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "p", a=yaml_of(1), b=correlation_of(2, "rule_1"), c=correlation_of(3, "nobody"))
    catalogue.import_rules(db, pack)
    found = verdicts(db)
    assert found["Correlation 2"][0] == "blocked"
    assert found["Correlation 3"][0] == "broken"
    assert "nobody" in found["Correlation 3"][1]
    read_log(db, "user.name")
    assert verdicts(db)["Correlation 2"][0] == "quiet"


def test_a_rule_knows_the_correlations_that_have_counted_it(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1), b=correlation_of(2, "rule_1")))
    add_segment(db, 1)
    assert coverage.counting(db, id_of(1)) == []
    with writing(db):
        db.conn.executemany(
            "INSERT INTO correlation_blocks (rule_id, base_id, segment_id, tallies, first, last, fired)"
            " VALUES (?, ?, 1, 1, 0, 0, x'')",
            [(id_of(2), id_of(1)), (id_of(9), f"{id_of(2)}>{id_of(1)}")],
        )
    assert [one.title for one in coverage.counting(db, id_of(1))] == ["Correlation 2"]
    assert coverage.counting(db, id_of(2)) == []


def test_each_rule_has_exactly_one_line(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1) + "---\n" + yaml_of(2), b="title: ["))
    assert len(catalogue.coverage(db)) == 3


def test_how_rules_stand_is_judged_once_for_the_same_rules_and_fields(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    read_log(db, "user.name")
    judged: list[int] = []
    judge = coverage.standings

    def counted(*given: Any) -> dict[str, Standing]:
        judged.append(1)
        return judge(*given)

    monkeypatch.setattr(coverage, "standings", counted)
    first = verdicts(db)
    assert verdicts(db) == first
    add_segment(db, 2)
    with writing(db):
        db.execute("INSERT INTO segment_fields VALUES (2, 'user.name', 1)")
    assert verdicts(db) == first
    assert len(judged) == 1
    add_segment(db, 3)
    with writing(db):
        db.execute("INSERT INTO segment_fields VALUES (3, 'other', 1)")
    verdicts(db)
    catalogue.disable(db, [id_of(1)])
    assert verdicts(db)["Rule 1"][0] == "disabled"
    assert len(judged) == 3


@pytest.mark.parametrize("content", [b"", b"[]", b'{"standings": 1}'])
def test_a_damaged_file_is_judged_anew(db: Connection, tmp_path: Path, content: bytes) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    first = verdicts(db)
    cache.folder_of(db).cache.joinpath("coverage.json").write_bytes(content)
    assert verdicts(db) == first
