from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from desktop_app.core.judging import folding
from desktop_app.core.judging.claims import KEPT_EVIDENCE
from desktop_app.core.judging.examine import Hit
from desktop_app.core.judging.folding import Folded
from desktop_app.core.model import Severity
from desktop_app.core.sigma.model import RuleInfo
from tests.core.helpers import evidence

RULE = RuleInfo("r", "1", "R", Severity.LOW, generates=True, is_correlation=False)


def hit(first: int, last: int, *, asset: str = "gw", same: Mapping[str, str] | None = None) -> Hit:
    copies = [evidence(one, one) for one in (first, last)]
    return Hit(RULE, asset, (), 2, first, last, ((first, 2),), copies, {"last": str(last)}, same or {})


def folded(*hits: Hit) -> Folded:
    made = Folded()
    for number, one in enumerate(hits):
        made.add(number, [one])
    return made


def test_segments_that_say_the_same_become_one_claim() -> None:
    [claim] = folded(hit(5, 9), hit(1, 2), hit(20, 30, asset="GW")).claims([70, 80, 90])
    assert (claim.rule_id, claim.asset) == ("r", "gw")
    assert [(one.segment_id, one.count, one.first, one.last) for one in claim.contributions] == [
        (70, 2, 5, 9), (80, 2, 1, 2), (90, 2, 20, 30),
    ]  # fmt: skip
    assert [one.time for one in claim.evidence] == [1, 2, 5, 9, 20, 30]


def test_a_claim_quotes_its_newest_match_wherever_that_came() -> None:
    assert next(folded(hit(20, 30), hit(1, 2)).claims()).values == {"last": "30"}
    assert next(folded(hit(1, 2), hit(20, 30)).claims()).values == {"last": "30"}


def test_only_what_is_the_same_in_all_segments_is_the_same() -> None:
    hits = [hit(1, 2, same={"a": "1", "b": "2"}), hit(3, 4, same={"a": "1", "b": "3"})]
    assert next(folded(*hits).claims()).same == {"a": "1"}


def test_other_assets_other_rules_and_other_groups_are_other_claims() -> None:
    other = replace(hit(1, 2), rule=replace(RULE, id="s"))
    grouped = replace(hit(1, 2), group=(("source.ip", "10.0.0.1"),))
    assert len(list(folded(hit(1, 2), hit(1, 2, asset="db"), other, grouped).claims())) == 4


def test_copies_are_kept_of_both_ends_only_however_many_segments_there_are() -> None:
    [claim] = folded(*(hit(10 * n, 10 * n + 1) for n in range(200))).claims()
    assert len(claim.evidence) == 2 * KEPT_EVIDENCE
    assert (claim.evidence[0].time, claim.evidence[-1].time) == (0, 1991)


def test_of_very_many_findings_each_keeps_its_first_and_its_last_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MANY", 1)
    made = folded(hit(1, 2), hit(1, 2, asset="db"), hit(3, 4), hit(5, 6))
    assert [one.time for one in next(made.claims()).evidence] == [1, 6]
    made.clear()
    assert list(made.claims()) == []
