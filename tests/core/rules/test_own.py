from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import audit, undo
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import cache, catalogue, own
from desktop_app.core.rules.catalogue import SITE
from tests.core.rules.writing import folder_with, id_of, yaml_of

PLAIN = yaml_of(1).replace(f"id: {id_of(1)}\n", "")


def saved(db: Connection, body: str, rule_id: str | None = None) -> str:
    return own.save(db, body, rule_id)[0]


def test_the_rule_that_a_new_one_begins_with_can_run(db: Connection) -> None:
    checked = own.check(db, own.NEW)
    assert checked.usable
    assert not checked.problems
    assert "example.exe" in checked.words("en")


@pytest.mark.parametrize(
    ("body", "said", "place"),
    [
        ("", "Nothing is written yet.", (0, 0)),
        ("title: a\nlevel: [\n", "is not valid YAML", (3, 1)),
        (PLAIN.replace("condition: s", "condition: s and nothing"), "nothing", (9, 20)),
        (PLAIN.replace("title: Rule 1\n", "title: ''\n"), "needs a title", (1, 1)),
        (f"{PLAIN}---\n{PLAIN}", "one rule at a time", (11, 1)),
        ("- a\n- b\n", "holds no names", (0, 0)),
    ],
)
def test_what_is_wrong_is_said_with_its_place(db: Connection, body: str, said: str, place: tuple[int, int]) -> None:
    first = own.check(db, body).problems[0]
    assert said in str(first.reason)
    assert (first.line, first.column) == place
    assert not own.check(db, body).usable


def test_a_long_text_is_not_checked_at_each_change_and_whole_when_it_is_saved(db: Connection) -> None:
    long = PLAIN + "# a line that says nothing\n" * 3_000
    live = own.live_check(db, long)
    assert [(one.error, "checked whole" in str(one.reason)) for one in live.problems] == [(False, True)]
    assert not live.usable  # nothing is claimed of what was not looked at
    assert own.check(db, long).usable
    assert own.live_check(db, PLAIN) == own.check(db, PLAIN)
    broken = long.replace("condition: s", "condition: s and nothing")
    assert not any(one.error for one in own.live_check(db, broken).problems)
    with pytest.raises(UsageError):
        own.save(db, broken)


def test_a_bomb_and_a_giant_are_refused_in_a_sentence(db: Connection) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "nested too deeply or holds too many values" in str(own.check(db, bomb).problems[0].reason)
    assert "1000000 bytes" in str(own.check(db, "#" * 50_000_000).problems[0].reason)


def test_a_rule_that_matches_everything_is_worth_a_thought_but_can_be_saved(db: Connection) -> None:
    body = PLAIN.replace("user.name: x", "user.name|contains: ''")
    checked = own.check(db, body)
    assert checked.usable or checked.problems
    assert own.check(db, PLAIN.replace("level: high\n", "")).problems[0].error is False


def test_an_id_that_exists_or_changes_is_refused(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    assert "Another rule has this id" in str(own.check(db, yaml_of(1)).problems[0].reason)
    rule_id = saved(db, PLAIN)
    assert "cannot change" in str(own.check(db, yaml_of(2), rule_id).problems[0].reason)


def test_a_saved_rule_gets_an_id_and_runs(db: Connection) -> None:
    rule_id = saved(db, PLAIN)
    found = catalogue.rule(db, rule_id)
    assert found is not None
    assert (found.pack, found.state, found.path) == (SITE, "ready", f"rule_1-{rule_id[:8]}.yml")
    assert f"title: Rule 1\nid: {rule_id}\n" in found.body
    assert rule_id in catalogue.load(db, cache.folder_of(db)).rules
    assert own.save(db, found.body, rule_id)[1] is None


def test_what_a_rule_was_is_kept_with_who_replaced_it_and_can_come_back(db: Connection) -> None:
    rule_id = saved(db, PLAIN)
    first = catalogue.rule(db, rule_id)
    assert first is not None
    saved(db, first.body.replace(": x", ": changed"), rule_id)
    versions = own.versions(db, rule_id)
    assert [(one.version, one.body, one.actor) for one in versions] == [(first.version, first.body, audit.actor())]
    own.go_back(db, versions[0].id)
    again = catalogue.rule(db, rule_id)
    assert again is not None
    assert again.body == first.body
    assert len(own.versions(db, rule_id)) == 2


def test_the_versions_of_an_imported_rule_are_kept_too_but_only_twenty(db: Connection, tmp_path: Path) -> None:
    for number in range(23):
        catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1, value=str(number))))
    versions = own.versions(db, id_of(1))
    assert len(versions) == 20
    assert {one.actor for one in versions} == {audit.actor()}
    assert "user.name: 21" in versions[0].body


def test_saving_and_removing_can_be_undone(db: Connection, folder: DataFolder) -> None:
    desk = Desk(folder, ())
    rule_id = saved(db, PLAIN)
    first = catalogue.rule(db, rule_id)
    assert first is not None
    own.save(db, first.body.replace(": x", ": y"), rule_id)
    undo.undo(desk, db)
    back = catalogue.rule(db, rule_id)
    assert back is not None
    assert back.body == first.body
    own.remove(db, rule_id)
    assert catalogue.rule(db, rule_id) is None
    undo.undo(desk, db)
    assert catalogue.rule(db, rule_id) is not None


def test_a_vendors_rule_is_copied_never_edited(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
    for change in (lambda: own.save(db, yaml_of(1), id_of(1)), lambda: own.remove(db, id_of(1))):
        with pytest.raises(UsageError, match="no rule of your own"):
            change()
    copy = own.copy_of(yaml_of(1))
    assert f"related:\n    - id: {id_of(1)}\n      type: derived\n" in copy
    assert saved(db, copy) != id_of(1)


def test_an_unusable_rule_and_a_version_that_is_gone_are_refused(db: Connection) -> None:
    with pytest.raises(UsageError, match="cannot be saved yet"):
        own.save(db, "title: [")
    with pytest.raises(UsageError, match="not kept any more"):
        own.go_back(db, 99)
