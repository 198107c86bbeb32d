from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core import pipeline
from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue as segments
from desktop_app.core.events.beside import dictionaries
from desktop_app.core.model import Severity
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import hunting
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.rule import compile_rule
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


def test_only_the_segments_in_which_rules_may_match_are_read(full: Desk) -> None:
    def read(name: str, rule_id: str = "rule") -> int:
        compiled = compile_rule(rule_data({"s": {"user.name": name}, "condition": "s"}))
        rules = [RuleSource("rule", "v", "", Severity.LOW, compiled)]
        with full.connection() as db:
            return len(hunting.plan(db, full.folder, rules, [rule_id]).read)

    assert read("root") == 1
    assert read("anna") == 0
    assert read("root", "another") == 0


def test_where_a_rule_has_matched_it_is_judged_again_without_reading_what_it_matches_no_more(full: Desk) -> None:
    with full.connection() as db:
        matched = {one["rule_id"] for one in rows(db, "SELECT rule_id FROM findings")}
        hunt = hunting.plan(db, full.folder, [], [min(matched)])
        assert (list(hunt.read), list(hunt.silent)) == ([], [one.id for one in segments.live(db)])
        assert list(hunting.plan(db, full.folder, [], ["another"]).silent) == []


def test_fields_whose_names_differ_by_case_alone_are_not_kept(folder: DataFolder) -> None:
    rules = ruleset(rule_data({"s": {"User": "x", "Image": "y"}, "condition": "s"}))
    made = batch(AUTH, [{"User": "a", "user": "b", "Image": "c"}, {"Image": "d"}])
    rules.examine(made)
    hunting.learn(folder, rules, made, {"one": None, "two": np.array([1])})
    assert dictionaries.read(folder, "one") == {"image": ["c", "d"]}
    assert dictionaries.read(folder, "two") == {"image": ["d"]}


def test_with_a_rule_all_that_correlations_join_to_it_is_judged_again(full: Desk) -> None:
    counting = {
        "title": "Many",
        "correlation": {"type": "event_count", "rules": ["base"], "timespan": "5m", "condition": {"gte": 2}},
    }
    plain = rule_data({"s": {"User": "x"}, "condition": "s"}, name="base")
    rules = [
        RuleSource(name, "v", "", Severity.LOW, compile_rule(data))
        for name, data in (("a", plain), ("b", counting), ("c", plain | {"name": "other"}))
    ]
    with full.connection() as db:
        for asked, judged in ((["a"], {"a", "b"}), (["b"], {"a", "b"}), (["c"], {"c"}), (["gone"], {"gone"})):
            hunt = hunting.plan(db, full.folder, rules, asked)
            assert set(hunt.ruleset.rules) == judged & {"a", "b", "c"}
            assert hunt.rules is not None
            assert {one for one in hunt.rules if len(one) < 5} == judged
