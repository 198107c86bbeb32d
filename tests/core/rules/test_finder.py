from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core.database import Connection, connect, writing
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules.finder import RuleNames
from tests.web import sample


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    made = connect(folder)
    with writing(made):
        sample._rules(made)
    yield made
    made.conn.close()


def found(names: RuleNames, db: Connection, asked: str, language: str = "en") -> list[str]:
    return [one.title(language) for _, one in names.find(db, asked, 5)]


def test_a_rule_is_found_by_its_name_in_either_language(db: Connection) -> None:
    names = RuleNames()
    assert found(names, db, "disk") == ["Disk errors"]
    assert found(names, db, "磁盘", "zh") == ["磁盘 sdb 报告错误"]
    assert found(names, db, "no such thing") == []


def test_what_it_states_may_be_asked_for_too(db: Connection) -> None:
    assert RuleNames().about(db, "sdb") == ["disk"]
    assert RuleNames().about(db, "安全日志") == ["cleared"]


def test_a_rule_that_came_since_is_found_without_a_new_start(db: Connection) -> None:
    names = RuleNames()
    assert found(names, db, "late") == []
    with writing(db):
        db.execute(
            "INSERT INTO rules (id, kind, pack, path, version, title, level, body, state, changed)"
            " VALUES ('late', 'sigma', 'site', 'late.yml', '0', 'A late rule', 'high', '', 'ready', 1)"
        )
    assert found(names, db, "late") == ["A late rule"]


def test_of_equal_answers_ours_come_first(db: Connection) -> None:
    with writing(db):
        db.execute(
            "INSERT INTO rules (id, kind, pack, path, version, title, level, body, state, changed)"
            " VALUES ('other', 'sigma', 'site', 'o.yml', '0', 'Disk', 'high', '', 'ready', 1),"
            " ('third', 'sigma', 'site', 'p.yml', '0', 'Disk trouble', 'high', '', 'ready', 1)"
        )
    assert found(RuleNames(), db, "dis") == ["Disk errors", "Disk", "Disk trouble"]
