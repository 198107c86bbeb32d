"""The engine against the oracle, with all rules of the world on every recorded attack, both ways."""

from __future__ import annotations

import zipfile
from pathlib import Path

from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.sigma.recorded import Oracle, attacks, cases, matched, text_log, usable, world


def test_the_engine_and_the_oracle_find_the_same_matches_in_all_recorded_attacks(data_dir: Path) -> None:
    rules = world(data_dir)
    sources = usable(rules)
    engine, oracle = RuleSet(sources), Oracle({one.id: rules[one.id] for one in sources})
    fired, count = set(), 0
    for number, batch in enumerate(attacks(data_dir)):
        said, wanted = matched(engine, batch), oracle.ask(batch)
        assert said == wanted, (number, said ^ wanted)
        fired |= {rule_id for rule_id, _ in said}
        count += len(said)
    assert len(fired) > 350  # so many rules of a collection of 2026 fire there
    assert count > 1500


def test_every_regression_case_of_the_world_fires_its_rule_and_no_rule_without_the_oracle(data_dir: Path) -> None:
    rules = world(data_dir)
    sources = usable(rules)
    engine, oracle = RuleSet(sources), Oracle({one.id: rules[one.id] for one in sources})
    run = 0
    for rule_id, batches in cases(data_dir):
        said = [matched(engine, batch) for batch in batches]
        assert any(found == rule_id for pairs in said for found, _ in pairs), rule_id
        assert said == [oracle.ask(batch) for batch in batches], rule_id
        run += 1
    assert run == 101  # the other one is a line of a Cisco device


def test_the_regression_case_of_a_cisco_device_fires_its_rule(data_dir: Path) -> None:
    rule_id = "ef0ff092-a24a-4fbc-beea-06c08d53e085"
    with zipfile.ZipFile(data_dir / "sigma-regression.zip") as archive:
        [name] = [one for one in archive.namelist() if one.endswith(f"{rule_id}.raw")]
        raw = archive.read(name)
    engine = RuleSet(usable(world(data_dir)))
    [batch] = text_log(raw, name)
    assert matched(engine, batch) == {(rule_id, 0)}
