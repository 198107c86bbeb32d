from __future__ import annotations

from desktop_app.core.model import Severity
from desktop_app.core.sigma.model import RuleInfo, RuleSource, Tally


def test_a_tally_can_be_made_from_a_row_of_the_database() -> None:
    row = {"time": 1, "event_id": 2, "segment_id": 3, "base_id": "b", "value": None}
    assert Tally(**row) == Tally(1, 2, 3, "b")


def test_a_rule_is_switched_on_and_groups_by_nothing_unless_said() -> None:
    assert RuleSource("i", "v", "t", Severity.LOW, {}).enabled
    info = RuleInfo("i", "v", "t", Severity.LOW, generates=True, is_correlation=False)
    assert (info.group_by, info.fingerprint) == ((), ())
