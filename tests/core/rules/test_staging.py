from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.rules import cache, catalogue, staging
from tests.core.rules.writing import folder_with, id_of, yaml_of


def quiet(_done: int, _total: int) -> None:
    """Nobody looks at how far it is."""


def plan(db: Connection, pack: Path) -> dict[str, str]:
    return {one.path: one.what for one in staging.stage(db, pack, quiet).planned}


def test_every_rule_is_said_to_be_new_changed_moved_gone_unusable_or_unchanged(db: Connection, tmp_path: Path) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "other", moved=yaml_of(5)))
    pack = tmp_path / "mine"
    catalogue.import_rules(db, folder_with(pack, same=yaml_of(1), other=yaml_of(2), away=yaml_of(3)))
    folder_with(pack, same=yaml_of(1), other=yaml_of(2, value="y"), new=yaml_of(4), moved=yaml_of(5), bad="title: [")
    assert plan(db, pack) == {"same.yml": "unchanged", "other.yml": "changed", "new.yml": "new", "moved.yml": "moved",
                              "bad.yml": "broken", "away.yml": "gone"}  # fmt: skip


def test_staging_stores_nothing(db: Connection, tmp_path: Path) -> None:
    staging.stage(db, folder_with(tmp_path / "mine", a=yaml_of(1)), quiet)
    assert catalogue.listing(db) == []
    assert catalogue.packs(db) == []


def test_what_is_brought_in_is_what_was_shown(db: Connection, tmp_path: Path) -> None:
    made = staging.stage(db, folder_with(tmp_path / "mine", a=yaml_of(1), big="#" * 1_100_000), quiet)
    folder_with(tmp_path / "mine", b=yaml_of(2))
    result = staging.bring_in(db, made.token, quiet)
    assert result.new[0] == id_of(1)
    assert [path for path, _ in result.broken] == ["big.yml"]
    assert catalogue.rule(db, id_of(2)) is None


def test_what_was_brought_in_waits_no_longer(db: Connection, tmp_path: Path) -> None:
    made = staging.stage(db, folder_with(tmp_path / "mine", a=yaml_of(1)), quiet)
    staging.bring_in(db, made.token, quiet)
    with pytest.raises(UsageError, match="not kept any more"):
        staging.staged(cache.folder_of(db), made.token)


def test_old_previews_go_when_a_new_one_is_made(db: Connection, tmp_path: Path) -> None:
    folder = cache.folder_of(db)
    pack = folder_with(tmp_path / "mine", a=yaml_of(1))
    old = staging.stage(db, pack, quiet)
    for one in folder.temporary.glob("rules-*"):
        os.utime(one, (1, 1))
    staging.stage(db, pack, quiet)
    assert not list(folder.temporary.glob(f"*{old.token}*"))


def test_texts_of_staged_rules_are_read_by_id_whether_alone_or_beside_others(db: Connection, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), two=f"{yaml_of(2)}---\n{yaml_of(3)}")
    made = staging.stage(db, pack, quiet)
    found = staging.bodies(cache.folder_of(db), made.token, made.pack, ["a.yml", "two.yml#2"])
    assert "Rule 1" in found[id_of(1)]
    assert "Rule 3" in found[id_of(3)]


def test_a_comparison_shows_what_changed_with_lines_around_it() -> None:
    before = "\n".join(str(one) for one in range(20))
    lines = staging.diff(before, before.replace("10", "ten"))
    assert [(one.sign, one.text) for one in lines if one.sign in "+-" and one.sign] == [("-", "10"), ("+", "ten")]
    assert [one.text for one in lines if not one.sign] == ["7", "8", "9", "11", "12", "13"]


def test_a_long_comparison_is_cut() -> None:
    lines = staging.diff("\n".join("a" * 2000), "\n".join("b" * 2000))
    assert len(lines) == staging.LONGEST_DIFF + 1
    assert lines[-1].sign == "@"


def test_how_far_the_reading_is_is_told_file_by_file(db: Connection, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    staging.stage(db, folder_with(tmp_path / "p", a=yaml_of(1), b=yaml_of(2)), lambda *at: told.append(at))
    assert told == [(1, 2), (2, 2)]


def test_what_was_compiled_for_a_preview_is_not_compiled_again(
    db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = staging.stage(db, folder_with(tmp_path / "p", a=yaml_of(1)), quiet)

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("desktop_app.core.sigma.rule.compile_rule", refuse)
    assert staging.bring_in(db, made.token, quiet).new == (id_of(1),)
