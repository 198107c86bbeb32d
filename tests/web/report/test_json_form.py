from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from typing import Any

import orjson

from desktop_app.core import triage
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.model import micros
from desktop_app.web.report import json_form
from desktop_app.web.report.choice import Choice
from tests.web.report.conftest import EVERYTHING, gathered, writer


def written(desk: Desk, db: Connection, choice: Choice = EVERYTHING, most: int = 500) -> dict[str, Any]:
    target = io.BytesIO()
    json_form.write(writer(desk, db), choice, gathered(desk, db, choice, most), target)
    told: dict[str, Any] = orjson.loads(target.getvalue())
    return told


TYPES: dict[str, type] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)
}  # fmt: skip


def breaches(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """Return what of a value is not as a schema says; as much of JSON Schema as ours uses."""
    named = schema.get("type", [])
    types = [named] if isinstance(named, str) else named
    if types and not any(isinstance(value, TYPES[one]) for one in types):
        return [f"{place}: no {types}"]
    rules = {"const": lambda one: value == one, "enum": lambda one: value in one, "minimum": lambda one: value >= one,
             "maximum": lambda one: value <= one, "pattern": lambda one: re.search(one, value)}  # fmt: skip
    found = [f"{place}: {name}" for name, holds in rules.items() if name in schema and not holds(schema[name])]
    if isinstance(value, dict):
        found += [f"{place}: lacks {name}" for name in schema.get("required", []) if name not in value]
        known = schema.get("properties", {})
        for name, one in value.items():
            found += breaches(one, known.get(name, schema.get("additionalProperties", {})), f"{place}/{name}")
    if isinstance(value, list):
        for number, one in enumerate(value):
            found += breaches(one, schema.get("items", {}), f"{place}/{number}")
    return found


def test_a_report_is_what_the_schema_says(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    triage.confirm(db, [made["guess/OPC-GW-02"]])
    triage.note(db, made["guess/OPC-GW-02"], "hm")
    assert breaches(written(desk, db), json_form.SCHEMA) == []
    assert breaches(written(desk, db, Choice(assets=("none such",))), json_form.SCHEMA) == []


def test_the_schema_would_notice(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = written(desk, db)
    told["findings"][0] |= {"severity": 6, "verdict": "maybe", "fingerprint": 1}
    del told["findings"][1]["evidence"]
    told["digest"] = "short"
    assert len(breaches(told, json_form.SCHEMA)) == 5


def test_every_digest_can_be_reckoned_again(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    triage.confirm(db, [made["guess/OPC-GW-02"]])
    told = written(desk, db)
    copies = [one for finding in told["findings"] for one in finding["evidence"]]
    assert copies
    assert all(hashlib.sha256(one["raw"].encode()).hexdigest() == one["sha256"] for one in copies)
    lines = "".join(_canonical(one) for one in told["findings"])
    assert hashlib.sha256(lines.encode()).hexdigest() == told["digest"]


def _canonical(one: dict[str, Any]) -> str:
    times = [micros(dt.datetime.fromisoformat(one[name])) for name in ("first_seen", "last_seen")]
    told = [one["id"], one["fingerprint"], one["severity"], one["status"], one["verdict"] or "", one["count"], *times]
    return "\t".join([*map(str, told), ",".join(copy["sha256"] for copy in one["evidence"])]) + "\n"


def test_the_query_asks_for_the_same_again(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    choice = Choice(severities=("critical", "high"), assets=("OPC-GW-02",))
    told = written(desk, db, choice)
    assert Choice.from_json(told["query"]) == choice
    assert [one["id"] for one in told["findings"]] == [made["guess/OPC-GW-02"]]


def test_what_is_left_out_is_counted(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = written(desk, db, most=2)
    assert (told["total"], told["told"], told["left_out"], len(told["findings"])) == (5, 2, 3, 2)
