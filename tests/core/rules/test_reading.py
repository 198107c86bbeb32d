from __future__ import annotations

from desktop_app.core.rules.packs import RuleFile
from desktop_app.core.rules.reading import ReadRule, read_rules, version_of
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import text
from tests.core.rules.writing import id_of, yaml_of


def read(**files: str | bytes | RuleBroken) -> list[ReadRule]:
    made = [RuleFile(name, one.encode() if isinstance(one, str) else one) for name, one in files.items()]
    return list(read_rules("p", made))


def test_a_rule_is_read_with_what_the_catalogue_shows() -> None:
    [one] = read(a=yaml_of(1))
    assert (one.id, one.title, one.level, one.state, one.reason) == (id_of(1), "Rule 1", "high", "ready", None)
    assert (one.source, one.tags) == (("linux", "", "auth"), ("attack.t1110",))
    assert one.version == version_of(yaml_of(1))
    assert len(one.version) == 12


def test_a_file_of_several_rules_gives_several_rows() -> None:
    found = read(a=yaml_of(1) + "---\n" + yaml_of(2))
    assert [(one.id, one.path) for one in found] == [(id_of(1), "a#1"), (id_of(2), "a#2")]


def test_nothing_is_dropped_silently() -> None:
    found = read(
        good=yaml_of(1),
        yaml="title: [",
        bytes=b"\xff",
        empty="# nothing\n",
        large=RuleBroken(text("The file has too many bytes.")),
        other="just: data\n",
        waiting=yaml_of(2).replace("user.name", "user.name|expand").replace(": x", ": '%names%'"),
    )
    assert [one.state for one in found] == ["ready", *["broken"] * 5, "unsupported"]
    assert all(one.reason for one in found[1:])
    assert len({one.id for one in found}) == len(found)


def test_of_two_rules_with_one_id_the_second_is_broken_and_names_the_first() -> None:
    found = read(a=yaml_of(1), b=yaml_of(1, value="y"))
    assert [one.state for one in found] == ["ready", "broken"]
    assert "a" in str(found[1].reason)
    assert found[1].id != found[0].id


def test_a_rule_without_an_id_is_known_by_its_place() -> None:
    body = yaml_of(1).replace(f"id: {id_of(1)}\n", "")
    assert read(a=body)[0].id == read(a=body)[0].id
    assert read(a=body)[0].id != read(b=body)[0].id


def test_a_rule_without_a_level_does_not_shout() -> None:
    assert read(a=yaml_of(1).replace("level: high\n", ""))[0].level == "low"
