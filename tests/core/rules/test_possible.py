from __future__ import annotations

from pathlib import Path

from desktop_app.core.database import Connection
from desktop_app.core.model import LogSource
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.possible import Read, Standing, read_so_far, standings
from tests.core.rules.test_coverage import read_log
from tests.core.rules.writing import folder_with, id_of, yaml_of


def test_what_was_read_is_known_by_log_source_and_field(db: Connection) -> None:
    assert read_so_far(db).fields == {}
    read_log(db, "User.Name")
    assert set(read_so_far(db).fields.values()) == {frozenset({"user.name"})}


def test_a_rule_stands_by_what_was_read_and_not_by_what_it_matched(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    rules = catalogue.listing(db)
    source = LogSource("linux", "", "auth")
    assert standings(db, rules, Read({source: frozenset({"user.name"})})) == {id_of(1): Standing("quiet")}
    assert standings(db, rules, Read({source: frozenset()}))[id_of(1)].state == "blocked"
