"""The rule desk for scripts: what it prints is fixed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.rules import catalogue
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of
from tests.extensions.logs.cli.commands import Answer, command

EXPERIMENTAL = yaml_of(2, level="low", more="status: Experimental\n")


@pytest.fixture
def pack(desk: Desk, answer: Answer, tmp_path: Path) -> Path:
    """A folder of two rules that was brought in."""
    made = folder_with(tmp_path / "mine", a=yaml_of(1), b=EXPERIMENTAL)
    answer(desk, "rules", "import", str(made))
    return made


def enabled(desk: Desk) -> list[bool]:
    with desk.connection() as db:
        return [one.enabled for one in sorted(catalogue.listing(db, pack="mine"), key=lambda one: one.id)]


def test_a_preview_says_what_would_change_and_stores_nothing(desk: Desk, answer: Answer, pack: Path) -> None:
    (pack / "b.yml").unlink()
    folder_with(pack, a=yaml_of(1, value="y"), c=yaml_of(3), d="title: [")
    told = answer(desk, "rules", "preview", str(pack))
    assert (told["pack"], told["files"], told["unchanged"]) == ("mine", 3, 0)
    assert {what: [one["path"] for one in told[what]] for what in ("new", "changed", "moved", "gone", "broken")} == {
        "new": ["c.yml"], "changed": ["a.yml"], "moved": [], "gone": ["b.yml"], "broken": ["d.yml"],
    }  # fmt: skip
    assert set(told["new"][0]) == {"id", "path", "title", "level", "pack", "reason"}
    assert told["broken"][0]["reason"].startswith("Line 2 is not valid YAML")
    assert len(enabled(desk)) == 2
    assert list(desk.folder.temporary.glob("rules-*")) == []


def test_a_check_names_every_problem_with_its_line_in_the_file(
    desk: Desk, answer: Answer, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    good = tmp_path / "good.yml"
    good.write_text(f"{yaml_of(1)}---\n{correlation_of(2, 'rule_1')}", encoding="utf-8")
    first, _ = answer(desk, "rules", "check", str(good))
    assert (first["id"], first["title"], first["usable"], first["problems"]) == (id_of(1), "Rule 1", True, [])
    assert "user.name" in first["words"]
    bad = tmp_path / "bad.yml"
    bad.write_text(f"{yaml_of(1)}---\n{yaml_of(2).replace('condition: s', 'condition: nothing')}---\na: [\n", "utf-8")
    capsysbinary.readouterr()
    assert command(desk, "rules", "check", str(bad), "--json") == 1
    told = json.loads(capsysbinary.readouterr().out)
    assert [one["usable"] for one in told] == [True, False, False]
    [problem] = told[1]["problems"]
    assert set(problem) == {"line", "column", "error", "reason"}
    assert problem["line"] == bad.read_text("utf-8").splitlines().index("  condition: nothing") + 1
    assert command(desk, "rules", "check", str(bad)) == 1
    assert f"bad.yml:{problem['line']}:".encode() in capsysbinary.readouterr().out


def test_a_rule_that_is_here_already_can_be_checked_again(desk: Desk, answer: Answer, pack: Path) -> None:
    assert all(one["usable"] for one in answer(desk, "rules", "check", str(pack)))


def test_an_empty_file_is_no_usable_rule(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty.yml").write_text("# nothing\n", "utf-8")
    assert command(desk, "rules", "check", str(tmp_path / "empty.yml")) == 1


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--level", "low"], [True, False]),
        (["--status", "experimental"], [True, False]),
        (["--path", "a.yml", "--pack", "mine"], [False, True]),
        (["--tag", "attack.t1110", "--pack", "mine"], [False, False]),
        ([id_of(1)], [False, True]),
        ([id_of(1), "--level", "low"], [True, True]),
    ],
)
@pytest.mark.usefixtures("pack")
def test_rules_are_switched_by_what_they_are_with_one_undo(
    desk: Desk, answer: Answer, words: list[str], left: list[bool]
) -> None:
    told = answer(desk, "rules", "disable", "--pack", "mine", *words)
    assert enabled(desk) == left
    assert told["enabled"] is False
    assert len(told["switched"]) == left.count(False)
    if told["undo_id"] is None:
        return
    with desk.connection() as db:
        undo.undo(desk, db, told["undo_id"])
    assert enabled(desk) == [True, True]
    answer(desk, "rules", "disable", "--pack", "mine")
    assert len(answer(desk, "rules", "enable", "--pack", "mine")["switched"]) == 2


def test_nothing_is_switched_where_nothing_was_asked_for_or_is_known(desk: Desk) -> None:
    with pytest.raises(UsageError, match="No rule was chosen"):
        command(desk, "rules", "disable")
    with pytest.raises(UsageError, match="There is no rule nonsense"):
        command(desk, "rules", "enable", "nonsense")
    with pytest.raises(SystemExit):
        command(desk, "rules", "enable", "--level", "loud")


@pytest.mark.usefixtures("pack")
def test_an_exception_is_added_listed_and_lifted(desk: Desk, answer: Answer) -> None:
    assert answer(desk, "rules", "exceptions") == []
    words = ("--field", "user.name=x", "--field", "user.name=y", "--field", "host.name|endswith=gw", "--reason", "Ours")
    added = answer(desk, "rules", "exceptions", "add", id_of(1), *words, "--until", "2999-12-31")
    assert set(added) == {"id", "undo_id"}
    [told] = answer(desk, "rules", "exceptions", "list")
    assert told | {"created": "", "actor": ""} == {
        "id": added["id"], "rule": id_of(1), "reason": "Ours", "actor": "", "created": "", "ended": None,
        "fields": {"user.name": ["x", "y"], "host.name|endswith": ["gw"]}, "active": True,
        "expires": told["expires"],
    }  # fmt: skip
    assert told["expires"].startswith(("2999-12-31", "3000-01-01"))
    answer(desk, "rules", "exceptions", "remove", str(added["id"]))
    assert answer(desk, "rules", "exceptions", "list") == []
    assert [one["active"] for one in answer(desk, "rules", "exceptions", "list", id_of(1))] == [False]


@pytest.mark.usefixtures("pack")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", id_of(1), "--field", "user.name", "--reason", "x"), "no field with a value"),
        (("add", id_of(1), "--field", "a=b", "--reason", "x", "--until", "soon"), "This is no day"),
        (("add", "nothing", "--field", "a=b", "--reason", "x"), "There is no such rule"),
        (("list", "nothing"), "There is no rule nothing"),
        (("remove", "99"), "There is no such exception"),
    ],
)
def test_a_wrong_exception_is_refused(desk: Desk, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        command(desk, "rules", "exceptions", *words)
