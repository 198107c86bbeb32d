"""Windows events as other tools export them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from desktop_app.core.model import EventBatch
from desktop_app.core.spans import Spans
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.winjson import WINDOWS_JSON, iso_time
from tests.extensions.logs.sources.reading import in_lists

TIME = 1767323045678901
FAILED = {"TargetUserName": "eve", "IpAddress": "10.20.4.31", "LogonType": 3}
TREE = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
            "EventID": 4625,
            "Level": 0,
            "Keywords": "0x8010000000000000",
            "TimeCreated": {"#attributes": {"SystemTime": "2026-01-02T03:04:05.678901Z"}},
            "EventRecordID": 9,
            "Channel": "Security",
            "Computer": "OPC-GW-02",
        },
        "EventData": FAILED,
    }
}
POWERSHELL = {
    "Id": 4625, "LogName": "Security", "ProviderName": "Microsoft-Windows-Security-Auditing", "RecordId": 9,
    "MachineName": "OPC-GW-02", "Level": 0, "Keywords": -9218868437227405312, "UserId": {"Value": "S-1-5-18"},
    "TimeCreated": "/Date(1767323045678)/", "Properties": [{"Value": "eve"}, {"Value": 3}], "Message": "An account...",
}  # fmt: skip
WINLOGBEAT = {
    "@timestamp": "2026-01-02T03:04:05.678901Z",
    "winlog": {
        "event_id": 4625, "channel": "Security", "provider_name": "Microsoft-Windows-Security-Auditing",
        "computer_name": "OPC-GW-02", "record_id": 9, "event_data": FAILED,
    },
}  # fmt: skip
FLAT = {
    "EventTime": "2026-01-02T04:04:05.678901+01:00", "Hostname": "OPC-GW-02", "EventID": 4625, "Channel": "Security",
    "SourceName": "Microsoft-Windows-Security-Auditing", "RecordNumber": 9, "Keywords": -9218868437227405312, **FAILED,
}  # fmt: skip
SHAPES = {"tree": TREE, "powershell": POWERSHELL, "winlogbeat": WINLOGBEAT, "flat": FLAT}


def read(data: str) -> EventBatch:
    reading = Reading("x.json")
    (records,) = WINDOWS_JSON.collect(io.BytesIO(f"{data}\n".encode()), reading)
    (batch,) = WINDOWS_JSON.normalize(records, reading)
    assert reading.unparsed == 0
    return in_lists(batch)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("written", ["lines", "array", "indented"])
def test_every_known_shape_is_recognised_and_read(shape: str, written: str) -> None:
    events = [SHAPES[shape]] * 3
    data = {
        "lines": "\n".join(json.dumps(one) for one in events),
        "array": json.dumps(events),
        "indented": json.dumps(events, indent=2),
    }[written]
    assert WINDOWS_JSON.sniff(sample("x", data.encode())) > 0.9
    batch = read(data)
    assert batch.log_source.name == "windows-any-security"
    assert abs(int(batch.time[0]) - TIME) < 1000
    assert (batch.host[0], batch.fields["EventID"][0], batch.fields["EventRecordID"][0]) == ("OPC-GW-02", "4625", "9")
    assert batch.ordinal.tolist() == [1, 2, 3]


@pytest.mark.parametrize("shape", ["tree", "winlogbeat", "flat"])
def test_named_values_reach_rules_and_sentences(shape: str) -> None:
    batch = read(json.dumps(SHAPES[shape]))
    assert batch.fields["TargetUserName"] == ["eve"]
    assert batch.message == ["Sign-in failed for eve from 10.20.4.31 (over the network)"]


@pytest.mark.parametrize("shape", ["tree", "powershell", "flat"])
def test_a_failed_audit_is_a_warning_however_the_bits_are_written(shape: str) -> None:
    assert read(json.dumps(SHAPES[shape])).level == ["warning"]


def test_properties_of_powershell_have_numbers_for_names() -> None:
    batch = read(json.dumps(POWERSHELL))
    assert (batch.fields["Data1"], batch.fields["Data2"], batch.fields["UserID"]) == (["eve"], ["3"], ["S-1-5-18"])


def test_other_json_is_left_to_other_formats() -> None:
    others: list[Any] = [{"level": "info", "message": "x"}, {"Event": "start"}, {"EventID": 7}, [1, 2], "text", {}]
    for other in others:
        assert WINDOWS_JSON.sniff(sample("x", json.dumps(other).encode())) == 0.0
    assert WINDOWS_JSON.sniff(sample("x", b"\x00\x01binary\xff" * 100)) == 0.0


def test_objects_of_another_kind_in_between_are_kept_and_told() -> None:
    reading = Reading("x.json")
    data = "\n".join([json.dumps(TREE), "{broken", json.dumps({"x": 1}), json.dumps(TREE), ""])
    (records,) = WINDOWS_JSON.collect(io.BytesIO(data.encode()), reading)
    batches = WINDOWS_JSON.normalize(records, reading)
    assert sum(len(one) for one in batches) == 4
    assert reading.unparsed == 2


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("/Date(1767323045678)/", "2026-01-02T03:04:05.678000"),
        ({"value": "/Date(1767323045678)/", "DateTime": "x"}, "2026-01-02T03:04:05.678000"),
        ("2026-01-02T04:04:05+01:00", "2026-01-02T03:04:05.000000"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("/Date(999999999999999)/", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_times_of_all_tools(written: Any, iso: str | None) -> None:
    assert iso_time(written) == iso


@pytest.mark.parametrize("shape", SHAPES)
def test_objects_on_a_line_each_stay_bytes_and_say_the_same(shape: str) -> None:
    line = json.dumps(SHAPES[shape])
    reading = Reading("x.json")
    (records,) = WINDOWS_JSON.collect(io.BytesIO(f"{line}\n{line}\n".encode()), reading)
    (batch,) = WINDOWS_JSON.normalize(records, reading)
    alone = read(json.dumps(SHAPES[shape], indent=2))  # such an object comes as a text
    assert isinstance(records.raw, Spans)
    assert isinstance(batch.raw, Spans)
    assert list(batch.raw) == [line, line]
    found = in_lists(batch)
    assert {name: column[:1] for name, column in found.fields.items()} == alone.fields
    assert found.message[:1] == alone.message
