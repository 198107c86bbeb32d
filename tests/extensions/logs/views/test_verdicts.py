from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.forms import RulesForm
from desktop_app.extensions.logs.views import verdicts
from desktop_app.extensions.logs.views.verdicts import KeptVerdicts, chosen
from tests.core.rules.writing import folder_with, id_of, yaml_of


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made anew, in order."""
    made: list[str] = []
    judge, prepare = verdicts.verdicts, verdicts.listing

    def counted(*args: object) -> object:
        made.append("verdicts")
        return judge(*args)  # type: ignore[arg-type]  # handed on as they came

    def prepared(db: object) -> object:
        made.append("rules")
        return prepare(db)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(verdicts, "verdicts", counted)
    monkeypatch.setattr(verdicts, "listing", prepared)
    return made


def test_rules_are_judged_once_while_nothing_changes(own_desk: Desk, judged: list[str]) -> None:
    kept = KeptVerdicts()
    with own_desk.connection() as db:
        assert kept.all(db) == kept.all(db)
    assert judged == ["rules", "verdicts"]


def test_a_rule_that_was_switched_is_judged_anew(own_desk: Desk) -> None:
    kept = KeptVerdicts()
    with own_desk.connection() as db:
        rule_id = next(iter(kept.all(db)))
        catalogue.disable(db, [rule_id])
        assert kept.all(db)[rule_id].state == "disabled"
        catalogue.enable(db, [rule_id])
        assert kept.all(db)[rule_id].state != "disabled"


def test_new_events_are_a_reason_to_judge_again_but_not_to_read_the_rules_again(
    own_desk: Desk, judged: list[str]
) -> None:
    kept = KeptVerdicts()
    with own_desk.connection() as db:
        fired = [one for one, known in kept.all(db).items() if known.state == "fired"]
        service.undo_import(own_desk, db, 1)
        after = kept.all(db)
    assert fired
    assert {after[one].state for one in fired} == {"blocked"}
    assert judged == ["rules", "verdicts", "verdicts"]


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        (RulesForm(query="RULE a.yml"), {1}),
        (RulesForm(level="low"), {2}),
        (RulesForm(pack="p"), {1, 2}),
        (RulesForm(tag="attack.t1110"), {1, 2}),
        (RulesForm(tag="attack.t1110.001"), set()),
        (RulesForm(path="deep"), {2}),
        (RulesForm(path="dee"), set()),
        (RulesForm(path="a.yml"), {1}),
        (RulesForm(status="test"), {2}),
    ],
)
def test_an_address_chooses_rules(own_desk: Desk, tmp_path: Path, form: RulesForm, numbers: set[int]) -> None:
    pack = folder_with(tmp_path / "p", a=yaml_of(1))
    (pack / "deep").mkdir()
    (pack / "deep" / "b.yml").write_text(yaml_of(2, level="low", more="status: test\n"), "utf-8")
    with own_desk.connection() as db:
        catalogue.import_rules(db, pack)
        known = [one for one in KeptVerdicts().all(db).values() if one.rule.pack == "p"]
    assert {one.rule.id for one in chosen(known, form)} == {id_of(number) for number in numbers}
