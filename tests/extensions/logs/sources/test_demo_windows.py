"""The sample data of the Windows machines."""

from __future__ import annotations

import json
import random
from typing import Any

from desktop_app.extensions.logs.sources.demo_story import FOOTHOLD, Story
from desktop_app.extensions.logs.sources.demo_windows import gateway, panel, workstation


def told(tell: Any) -> list[dict[str, Any]]:
    return [json.loads(line)["Event"] for _, line in tell(Story(1_767_323_045_678_901, random.Random(1)))]


def test_records_are_numbered_in_the_order_of_time() -> None:
    for tell in (gateway, workstation, panel):
        systems = [event["System"] for event in told(tell)]
        numbers = [one["EventRecordID"] for one in systems]
        times = [one["TimeCreated"]["#attributes"]["SystemTime"] for one in systems]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert times == sorted(times)


def test_38_refused_sign_ins_are_followed_by_one_that_succeeds() -> None:
    events = [event for event in told(gateway) if event.get("EventData", {}).get("IpAddress") == FOOTHOLD]
    tries = [event["System"]["EventID"] for event in events]
    assert tries == [4625] * 38 + [4624]


def test_a_cleared_log_carries_its_own_kind_of_data() -> None:
    (cleared,) = [event for event in told(gateway) if event["System"]["EventID"] == 1102]
    assert cleared["UserData"]["LogFileCleared"]["SubjectUserName"] == "opcadmin"


def test_the_workstation_locks_an_engineer_out() -> None:
    assert [event for event in told(workstation) if event["System"]["EventID"] == 4740]


def test_the_panel_meets_malware_on_a_stick() -> None:
    numbers = {event["System"]["EventID"] for event in told(panel)}
    assert {6416, 1116, 1117} <= numbers
