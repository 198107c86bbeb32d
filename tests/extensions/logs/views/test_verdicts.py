from __future__ import annotations

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs.views import verdicts
from desktop_app.extensions.logs.views.verdicts import KeptVerdicts


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time that all rules are judged."""
    times: list[int] = []
    judge = verdicts.verdicts

    def counted(db: object) -> object:
        times.append(1)
        return judge(db)

    monkeypatch.setattr(verdicts, "verdicts", counted)
    return times


def test_rules_are_judged_once_while_nothing_changes(own_desk: Desk, judged: list[int]) -> None:
    kept = KeptVerdicts()
    with own_desk.connection() as db:
        rules = catalogue.listing(db)
        assert kept.of(db, rules) == kept.of(db, rules)
    assert len(judged) == 1


def test_a_rule_that_was_switched_off_is_off_without_judging_again(own_desk: Desk, judged: list[int]) -> None:
    kept = KeptVerdicts()
    with own_desk.connection() as db:
        kept.of(db, catalogue.listing(db))
        chosen = catalogue.listing(db)[0].id
        catalogue.disable(db, [chosen])
        assert kept.of(db, catalogue.listing(db))[chosen]["state"] == "disabled"
    assert len(judged) == 1


def test_a_rule_that_was_switched_on_is_judged_again(own_desk: Desk, judged: list[int]) -> None:
    kept = KeptVerdicts()
    with own_desk.connection() as db:
        chosen = catalogue.listing(db)[0].id
        catalogue.disable(db, [chosen])
        kept.of(db, catalogue.listing(db))
        catalogue.enable(db, [chosen])
        assert kept.of(db, catalogue.listing(db))[chosen]["state"] != "disabled"
    assert len(judged) == 2


def test_new_events_are_a_reason_to_judge_again(own_desk: Desk, judged: list[int]) -> None:
    from desktop_app.extensions.logs import service

    kept = KeptVerdicts()
    with own_desk.connection() as db:
        rules = catalogue.listing(db)
        fired = [one for one, verdict in kept.of(db, rules).items() if verdict["state"] == "fired"]
        service.undo_import(own_desk, db, 1)
        after = kept.of(db, rules)
    assert fired
    assert {after[one]["state"] for one in fired} == {"blocked"}
    assert len(judged) == 2
