"""The systemd journal as JSON lines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.journal import CURSOR, JOURNAL, value

TIME = 1767323045678901


def entry(message: Any, program: str | None = "nginx", **more: Any) -> dict[str, Any]:
    return {
        "__CURSOR": "s=1;i=2", "__REALTIME_TIMESTAMP": str(TIME), "_HOSTNAME": "web01", "PRIORITY": "6",
        "_PID": "941", "_SYSTEMD_UNIT": "nginx.service", "SYSLOG_IDENTIFIER": program, "MESSAGE": message, **more,
    }  # fmt: skip


def read(entries: list[Any], reading: Reading | None = None) -> dict[str, EventBatch]:
    reading = reading or Reading("journal", reference=5)
    data = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in entries)
    (records,) = JOURNAL.collect(io.BytesIO(data.encode()), reading)
    return {one.log_source.service: one for one in JOURNAL.normalize(records, reading)}


def test_an_export_is_recognised_by_the_journals_own_fields() -> None:
    lines = "".join(json.dumps(entry(str(number))) + "\n" for number in range(3))
    assert JOURNAL.sniff(sample("x", lines.encode())) > 0.9
    assert JOURNAL.sniff(sample("x", b'{"level": "info", "message": "x"}\n')) == 0.0
    assert JOURNAL.sniff(sample("x", b"plain\n")) == JOURNAL.sniff(sample("x", b"")) == 0.0


def test_an_entry_becomes_an_event() -> None:
    batch = read([entry("configuration reloaded")])["syslog"]
    assert batch.time.tolist() == [TIME]
    assert (batch.host, batch.source, batch.level) == (["web01"], ["nginx"], ["info"])
    assert batch.message == ["configuration reloaded"]
    assert batch.zone_assumed is False
    assert (batch.fields["process.pid"], batch.fields["systemd.unit"]) == (["941"], ["nginx.service"])


def test_ssh_in_the_journal_has_the_fields_of_ssh_in_auth_log() -> None:
    said = "Failed password for invalid user admin from 203.0.113.77 port 51514 ssh2"
    batch = read([entry(said, "sshd"), entry("reloaded")])["auth"]
    found = {name: column[0] for name, column in batch.fields.items()}
    assert (found["event.action"], found["event.outcome"]) == ("ssh_login", "failure")
    assert (found["source.ip"], found["source.port"], found["user.name"]) == ("203.0.113.77", "51514", "admin")


def test_private_facilities_belong_to_the_auth_log_whatever_the_program() -> None:
    assert set(read([entry("x", "myprogram", SYSLOG_FACILITY="10"), entry("y")])) == {"auth", "syslog"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (list("grüße".encode()), "grüße"),
        ([255, 104, 105], "\ufffdhi"),
        (["a", "b"], "a\nb"),
        (None, None),
        ("", None),
        ([], None),
        (7, "7"),
        ([300, -1], "300\n-1"),
        ({"x": 1}, None),
    ],
)
def test_messages_come_as_text_bytes_lists_or_nothing(found: Any, expected: str | None) -> None:
    assert value(found) == expected
    assert read([entry(found)])["syslog"].message == [expected]


@pytest.mark.parametrize(("priority", "level"), [("0", "critical"), ("3", "error"), ("4", "warning"), ("7", "debug")])
def test_priorities_are_levels(priority: str, level: str) -> None:
    assert read([entry("x", PRIORITY=priority)])["syslog"].level == [level]


def test_an_entry_without_a_time_takes_the_one_before() -> None:
    odd = [entry("a", __REALTIME_TIMESTAMP=None), entry("b"), entry("c", __REALTIME_TIMESTAMP="soon"),
           entry("d", __REALTIME_TIMESTAMP="9" * 400)]  # fmt: skip
    times = read(odd)["syslog"].time.tolist()
    assert times[:3] == [5, TIME, TIME]
    assert times[3] < 1 << 63


def test_the_last_cursor_is_remembered() -> None:
    reading = Reading("journal")
    read([entry("a", __CURSOR="first"), entry("b", __CURSOR="last")], reading)
    assert reading.state == {CURSOR: "last"}


def test_broken_lines_are_kept_and_told() -> None:
    reading = Reading("journal")
    batch = read([entry("a"), "{broken", "[1]"], reading)["syslog"]
    assert (len(batch), reading.unparsed, len(reading.notes)) == (3, 2, 1)
