"""How the acts of the trail hang together."""

from __future__ import annotations

from desktop_app.core.audit_chain import BEGINNING, link

ACT = {"time": 1, "actor": "a", "action": '{"id":"x"}', "subject": "finding:1", "details": "{}"}


def test_an_act_has_the_same_digest_for_ever() -> None:
    assert link(BEGINNING, ACT) == "931acc27b2f1a2f90c88e58246adb52daf853f6f1b57900f70ae9175a496c9e4"


def test_the_digest_follows_every_part_and_the_act_before() -> None:
    changed = [{**ACT, name: 2 if name == "time" else "other"} for name in ACT]
    digests = {link(BEGINNING, one) for one in (ACT, *changed)} | {link("before", ACT)}
    assert len(digests) == len(ACT) + 2


def test_what_moves_from_one_part_into_the_next_changes_the_digest() -> None:
    assert link("", {**ACT, "actor": "ab", "action": "c"}) != link("", {**ACT, "actor": "a", "action": "bc"})
