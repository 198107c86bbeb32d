"""What SARIF 2.1.0 (OASIS) requires of the objects that are written; section numbers are those of the standard."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import orjson

from desktop_app.core import triage
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.model import Severity
from desktop_app.web.report import sarif_form
from tests.web.report.conftest import gathered, writer


def written(desk: Desk, db: Connection) -> dict[str, Any]:
    target = io.BytesIO()
    sarif_form.write(writer(desk, db), gathered(desk, db), target)
    told: dict[str, Any] = orjson.loads(target.getvalue())
    return told


def run_of(desk: Desk, db: Connection) -> dict[str, Any]:
    [run] = written(desk, db)["runs"]
    assert isinstance(run, dict)
    return run


def test_the_file_names_its_version_and_schema(desk: Desk, db: Connection) -> None:
    told = written(desk, db)
    assert told["version"] == "2.1.0"  # 3.13.2
    assert told["$schema"].endswith("sarif-2.1.0.json")
    assert set(told) == {"$schema", "version", "runs"}


def test_a_run_names_its_tool(desk: Desk, db: Connection) -> None:
    run = run_of(desk, db)
    assert run["tool"]["driver"]["name"] == "Watchdesk"  # 3.19.8
    assert run["results"] == []  # 3.14.23: empty, not absent, when the tool looked and found nothing
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    assert set(run) <= {"tool", "results", "invocations", "automationDetails", "columnKind", "properties"}


def test_every_result_is_whole_and_points_at_its_rule(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    run = run_of(desk, db)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(made)
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]  # 3.27.6
        assert one["message"]["text"]  # 3.11.8
        assert one["level"] in {"none", "note", "warning", "error"}  # 3.27.10
        assert one["kind"] == "fail"  # 3.27.9: a level other than none needs it
        assert 0 <= one["rank"] <= 100  # 3.27.25
        assert one["occurrenceCount"] >= 1  # 3.27.18
        assert all(isinstance(value, str) for value in one["fingerprints"].values())  # 3.27.17
        assert one["locations"][0]["logicalLocations"][0]["name"]
    assert len({one["fingerprints"][sarif_form.FINGERPRINT] for one in run["results"]}) == len(made)


def test_rules_are_reporting_descriptors_and_unique(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    rules = run_of(desk, db)["tool"]["driver"]["rules"]
    assert len({one["id"] for one in rules}) == len(rules)  # 3.49.3
    allowed = {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"}
    for one in rules:
        assert set(one) <= allowed
        assert one["shortDescription"]["text"]
        assert one["fullDescription"]["text"]
        assert one["help"]["text"]
    guess = next(one for one in rules if one["id"] == "guess")
    assert guess["properties"]["tags"] == ["attack.t1110.001"]
    assert guess["defaultConfiguration"] == {"level": "error"}


def test_severities_of_ocsf_become_levels_and_are_kept(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = {one["properties"]["severity_id"]: one["level"] for one in run_of(desk, db)["results"]}
    assert told == {5: "error", 4: "error", 3: "warning", 2: "note"}
    assert set(sarif_form.LEVELS) == set(sarif_form.RANKS) == set(Severity)
    ranks = [sarif_form.RANKS[one] for one in Severity]
    assert ranks == sorted(ranks)


def test_a_suppression_says_why(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    triage.suppress(db, [made["foreign/HMI-07"]], "The vendor's own tool does this.", None)
    results = run_of(desk, db)["results"]
    assert [one["suppressions"] for one in results if one["suppressions"]] == [
        [{"kind": "external", "status": "accepted", "justification": "The vendor's own tool does this."}]  # 3.35
    ]


def test_what_could_not_be_seen_is_notified(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    [invocation] = run_of(desk, db)["invocations"]
    assert invocation["executionSuccessful"] is True  # 3.20.14
    assert dt.datetime.fromisoformat(invocation["endTimeUtc"]).utcoffset() == dt.timedelta(0)  # 3.9
    said = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert "plant-fw.log Cannot read plant-fw.log Permission denied." in said


def test_a_rule_that_is_gone_keeps_its_results(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    db.execute("DELETE FROM rules WHERE id = 'guess'")
    run = run_of(desk, db)
    assert {"id": "guess", "shortDescription": {"text": "guess"}} in run["tool"]["driver"]["rules"]
