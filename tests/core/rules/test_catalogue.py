from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection, value
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Extension
from desktop_app.core.model import Severity
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import cache, catalogue
from desktop_app.core.sigma import rule
from desktop_app.core.text import text
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of
from tests.core.sigma.building import AUTH, batch


def shipped(path: Path) -> Extension:
    return Extension(id="logs", title=text("Logs"), version="1", rules=path)


def install(db: Connection, path: Path) -> None:
    catalogue.install_shipped(db, [shipped(path)])


def states(db: Connection) -> dict[str, str]:
    return {row.title: row.state for row in catalogue.listing(db)}


def test_a_folder_of_rules_comes_in_and_what_is_wrong_is_told(db: Connection, tmp_path: Path) -> None:
    waiting = yaml_of(2).replace("user.name", "user.name|expand").replace(": x", ": '%v%'")
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), b="title: [", c=waiting)
    result = catalogue.import_rules(db, pack)
    assert (result.pack, len(result.new), result.unchanged) == ("mine", 3, 0)
    assert [path for path, _ in result.broken] == ["b.yml"]
    assert [path for path, _ in result.unsupported] == ["c.yml"]
    assert sorted(states(db).values()) == ["broken", "ready", "unsupported"]


def test_importing_again_changes_nothing(db: Connection, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2))
    catalogue.import_rules(db, pack)
    result = catalogue.import_rules(db, pack)
    assert (result.new, result.changed, result.gone, result.unchanged) == ((), (), (), 2)


def test_a_newer_pack_of_the_name_replaces_the_older(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2)))
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1, value="z"), c=yaml_of(3)))
    assert (result.new, result.changed, result.gone) == ((id_of(3),), (id_of(1),), (id_of(2),))
    assert catalogue.rule(db, id_of(2)) is None


def test_a_switch_stays_as_a_person_set_it(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    catalogue.disable(db, [id_of(1)])
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1, value="z")))
    row = catalogue.rule(db, id_of(1))
    assert row is not None
    assert not row.enabled
    catalogue.enable(db, [id_of(1)])
    row = catalogue.rule(db, id_of(1))
    assert row is not None
    assert row.enabled


def test_nothing_to_import_is_told(db: Connection, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rules"):
        catalogue.import_rules(db, folder_with(tmp_path / "empty"))


def test_our_rules_come_in_at_the_start_and_again_only_when_changed(db: Connection, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "rules", a=yaml_of(1))
    install(db, pack)
    first = value(db, "SELECT imported FROM rule_packs WHERE name = 'watchdesk'")
    install(db, pack)
    assert value(db, "SELECT imported FROM rule_packs WHERE name = 'watchdesk'") == first
    install(db, folder_with(tmp_path / "rules", a=yaml_of(1, value="z"), b=yaml_of(2)))
    assert len(catalogue.listing(db, pack="watchdesk")) == 2


def test_an_imported_rule_never_replaces_one_of_ours(db: Connection, tmp_path: Path) -> None:
    install(db, folder_with(tmp_path / "rules", a=yaml_of(1)))
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1, value="z"), b=yaml_of(2)))
    assert [path for path, _ in result.broken] == ["a.yml"]
    row = catalogue.rule(db, id_of(1))
    assert row is not None
    assert row.pack == "watchdesk"


def test_a_pack_never_takes_our_name() -> None:
    assert catalogue.pack_name(Path("watchdesk.zip")) != "watchdesk"
    assert catalogue.pack_name(Path("sigma.zip")) == "sigma"


def test_rules_are_listed_by_severity_and_found_by_words(db: Connection, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1, level="low"), b=yaml_of(2, level="critical"))
    catalogue.import_rules(db, pack)
    assert [row.severity for row in catalogue.listing(db)] == [Severity.CRITICAL, Severity.LOW]
    assert [row.title for row in catalogue.listing(db, search="T1110 rule a.yml")] == ["Rule 1"]
    assert catalogue.listing(db, state="broken") == []


def test_packs_are_counted(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b="title: ["))
    catalogue.disable(db, [id_of(1)])
    [pack] = catalogue.packs(db)
    assert (pack["name"], pack["rules"], pack["ready"], pack["enabled"]) == ("mine", 2, 1, 0)


def test_the_rules_that_are_switched_on_run(db: Connection, folder: DataFolder, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2)))
    catalogue.disable(db, [id_of(2)])
    found = catalogue.load(db, folder).examine(batch(AUTH, [{"user.name": "x"}]))
    assert [match.rule_id for match in found] == [id_of(1)]


def test_a_rule_that_is_off_still_counts_for_a_correlation_that_is_on(
    db: Connection, folder: DataFolder, tmp_path: Path
) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b=correlation_of(2, "rule_1")))
    catalogue.disable(db, [id_of(1)])
    rules = catalogue.load(db, folder)
    assert [match.rule_id for match in rules.examine(batch(AUTH, [{"user.name": "x"}]))] == [id_of(1)]
    assert not rules.rules[id_of(1)].generates


def test_rules_are_compiled_once(
    db: Connection, folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    monkeypatch.setattr(rule, "compile_rule", lambda _: pytest.fail("it stands in the cache"))
    assert id_of(1) in catalogue.load(db, folder).rules


def test_without_the_cache_rules_are_compiled_again(db: Connection, folder: DataFolder, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    cache.path_of(folder).unlink()
    assert id_of(1) in catalogue.load(db, folder).rules
    assert cache.path_of(folder).exists()


def test_the_folder_of_a_connection_is_known(db: Connection, folder: DataFolder) -> None:
    assert cache.folder_of(db).database == folder.database


def test_every_rule_of_the_world_is_ready_or_says_why_not(db: Connection, data_dir: Path) -> None:
    result = catalogue.import_rules(db, data_dir / "sigma-rules.zip")
    assert len(result.new) == 3757
    assert result.broken == ()
    assert len(result.unsupported) == 2
    assert all("%known_cdcs%" in str(reason) for _, reason in result.unsupported)
