"""All recorded attacks with all rules of the world, as their user would bring them in: one story, told in order."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from evtx import PyEvtxParser

from tests.world.conftest import User

pytestmark = pytest.mark.xdist_group("world-attacks")

# How many findings a report tells.
TOLD: dict[str, Callable[[str], int]] = {
    "html": lambda written: int(re.findall(r"500 of (\d+) findings are told", written)[0]),
    "csv": lambda written: sum(1 for _ in csv.DictReader(io.StringIO(written))),
    "json": lambda written: len(json.loads(written)["findings"]),
    "sarif": lambda written: len(json.loads(written)["runs"][0]["results"]),
}


def identities(path: Path) -> list[tuple[Any, ...]]:
    """Return computer, channel, number and time of each event, as the library alone reads them."""
    systems = (orjson.loads(one["data"])["Event"]["System"] for one in PyEvtxParser(str(path)).records_json())
    return [
        (one["Computer"], one.get("Channel"), one["EventRecordID"], str(one["TimeCreated"]["#attributes"]))
        for one in systems
    ]


def wanted(archive: Path) -> set[str]:
    """Return the rules of the recorded cases."""
    with zipfile.ZipFile(archive) as opened:
        infos = [yaml.safe_load(opened.read(name)) for name in opened.namelist() if name.endswith("info.yml")]
    return {info["rule_metadata"][0]["id"] for info in infos if info.get("regression_tests_info")}


@pytest.fixture(scope="module")
def attacks(data_dir: Path) -> Path:
    return data_dir / "evtx-attack-samples"


@pytest.fixture(scope="module")
def rules(user: User, data_dir: Path) -> dict[str, Any]:
    """The rules of the world, brought in before any event."""
    return dict(user.says("rules", "import", data_dir / "sigma-rules.zip"))


@pytest.fixture(scope="module")
def brought(user: User, rules: dict[str, Any], attacks: Path) -> dict[str, Any]:
    assert rules["new"]
    return dict(user.says("import", attacks))


@pytest.fixture(scope="module")
def coverage(user: User, brought: dict[str, Any]) -> list[dict[str, Any]]:
    assert brought["events"]
    return list(user.says("rules", "coverage"))


def test_no_rule_of_the_world_is_broken_but_those_that_wait_for_values(rules: dict[str, Any]) -> None:
    assert (rules["new"], rules["broken"]) == (3757, [])
    assert {one["reason"] for one in rules["unsupported"]} == {"The rule waits for values of this site: %known_cdcs%."}


def test_every_file_of_the_folder_is_read_without_an_error(brought: dict[str, Any], attacks: Path) -> None:
    named = {one["path"] for one in brought["files"]}
    assert named == {str(path) for path in attacks.rglob("*") if path.is_file()}
    assert [one for one in brought["files"] if one["error"] or one["skipped"]] == []
    assert {one["format"] for one in brought["files"] if one["path"].endswith(".evtx")} == {"evtx"}


def test_each_event_that_the_library_reads_is_there_once(brought: dict[str, Any], attacks: Path) -> None:
    stored = sum(one["events"] for one in brought["files"] if one["format"] == "evtx")
    # Some files of the folder hold the same events as others.
    assert stored == len({found for path in attacks.rglob("*.evtx") for found in identities(path)})


def test_the_search_counts_what_the_import_told(user: User, brought: dict[str, Any]) -> None:
    assert user.count() == brought["events"]
    assert user.count("EventRecordID:*") == sum(one["events"] for one in brought["files"] if one["format"] == "evtx")


def test_every_rule_has_a_verdict_and_hundreds_fire(coverage: list[dict[str, Any]]) -> None:
    states = Counter(one["state"] for one in coverage)
    assert states.keys() == {"fired", "quiet", "blocked", "broken"}
    assert states["broken"] == 2
    # As many as the slow and obvious evaluator finds (tests/core/sigma/test_recorded.py), and those of our own.
    assert states["fired"] >= 375
    assert all(one["reason"] for one in coverage if one["state"] in {"blocked", "broken"})


def test_nothing_stored_is_damaged(user: User, brought: dict[str, Any]) -> None:
    assert brought["events"]
    told = user.says("verify")
    assert told["damages"] == []
    assert told["segments"] >= len([one for one in brought["files"] if one["events"]])


@pytest.mark.parametrize("form", TOLD)
def test_all_findings_leave_in_a_report(user: User, brought: dict[str, Any], tmp_path: Path, form: str) -> None:
    target = tmp_path / f"report.{form}"
    user.says("report", "--from", "2010-01-01", "-o", target)
    written = target.read_text(encoding="utf-8-sig")
    assert TOLD[form](written) == brought["findings"]
    assert "Mimikatz" in written


def test_a_second_import_brings_nothing(user: User, brought: dict[str, Any], attacks: Path) -> None:
    again = user.says("import", attacks)
    assert (again["events"], user.count()) == (0, brought["events"])
    assert [one for one in again["files"] if one["error"]] == []


def test_an_undo_takes_all_away(user: User, brought: dict[str, Any]) -> None:
    assert brought["events"]
    user.says("undo")
    assert (user.count(), user.says("findings", "--status", "all")) == (0, [])
    assert user.says("verify")["segments"] == 0


def test_each_rule_fires_on_its_own_recorded_case_when_detection_comes_later(
    user: User, rules: dict[str, Any], data_dir: Path, tmp_path: Path
) -> None:
    archive = data_dir / "sigma-regression.zip"
    read = user.says("import", archive, "--no-detect")
    assert [one for one in read["files"] if one["error"]] == []
    target = tmp_path / "matches.jsonl"
    told = user.says("detect", "--matches", target)
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert (told["unread"], told["matches"], rules["broken"]) == ([], len(lines), [])
    assert len({tuple(sorted(one.items())) for one in lines}) == len(lines)
    assert wanted(archive) - {one["rule"] for one in lines} == set()
    verdicts = {one["id"]: one["matches"] for one in user.says("rules", "coverage") if one["matches"]}
    assert verdicts == Counter(one["rule"] for one in lines)
