from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core import pipeline
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue as segments
from desktop_app.core.events import dictionaries
from desktop_app.core.model import Severity
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import hunting
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.rules.test_trial import tried
from tests.core.rules.writing import yaml_of
from tests.core.sigma.building import AUTH, batch, rule_data, ruleset
from tests.extensions.logs.importing import bring_in, guesses
from tests.extensions.logs.views.conftest import make_desk

ROOT = yaml_of(1).replace("user.name: x", "user.name: root")
ANNA = yaml_of(1).replace("user.name: x", "user.name: anna")
OTHER = yaml_of(1).replace("user.name: x", "no.such.field: x")


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with forty failed sign-ins as root, of which the distinct values are kept."""
    monkeypatch.setattr(pipeline, "WORTH_A_DICTIONARY", 1)
    made = make_desk(tmp_path / "desk")
    log = tmp_path / "auth.log"
    log.write_text(guesses(40), "utf-8")
    bring_in(made, [log])
    return made


def lose_the_events(desk: Desk) -> None:
    with desk.connection() as db:
        for one in segments.live(db):
            (desk.folder.segments / one.path).unlink()


def test_events_in_which_a_new_rule_cannot_match_are_not_read(full: Desk) -> None:
    assert tried(full, ROOT).matches == 40
    lose_the_events(full)  # whoever reads them now is told so
    for rule in (ANNA, OTHER):
        made = tried(full, rule)
        assert (made.matches, made.tried, made.total, made.unread, made.ended) == (0, 40, 40, 0, True)
    assert tried(full, ROOT).unread == 1


def test_what_is_not_known_of_a_segment_is_read_once_and_known_then(full: Desk) -> None:
    with full.connection() as db:
        [one] = segments.live(db)
    dictionaries.path_of(full.folder, one.sha256).unlink()
    assert tried(full, ANNA).unread == 0
    assert dictionaries.read(full.folder, one.sha256)["user.name"] == ["root"]
    lose_the_events(full)
    assert tried(full, ANNA).unread == 0


def test_only_the_segments_in_which_rules_may_match_are_hunted_through(full: Desk) -> None:
    def rule(name: str) -> RuleSet:
        return ruleset(rule_data({"s": {"user.name": name}, "condition": "s"}))

    with full.connection() as db:
        assert len(hunting.segments_for(db, full.folder, rule("root"))) == 1
        assert hunting.segments_for(db, full.folder, rule("anna")) == []


def test_fields_whose_names_differ_by_case_alone_are_not_kept(folder: DataFolder) -> None:
    rules = ruleset(rule_data({"s": {"User": "x", "Image": "y"}, "condition": "s"}))
    made = batch(AUTH, [{"User": "a", "user": "b", "Image": "c"}, {"Image": "d"}])
    rules.examine(made)
    hunting.learn(folder, rules, made, {"one": None, "two": np.array([1])})
    assert dictionaries.read(folder, "one") == {"image": ["c", "d"]}
    assert dictionaries.read(folder, "two") == {"image": ["d"]}


def test_rules_that_are_hunted_with_bring_those_that_they_build_on() -> None:
    counting = {
        "title": "Many",
        "correlation": {"type": "event_count", "rules": ["base"], "timespan": "5m", "condition": {"gte": 2}},
    }
    plain = rule_data({"s": {"User": "x"}, "condition": "s"}, name="base")
    rules = [
        RuleSource(name, "v", "", Severity.LOW, compile_rule(data))
        for name, data in (("a", plain), ("b", counting), ("c", plain | {"name": "other"}))
    ]
    assert set(hunting.wanting(rules, ["b"]).rules) == {"a", "b"}
    assert set(hunting.wanting(rules, ["c"]).rules) == {"c"}
