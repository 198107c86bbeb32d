from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from desktop_app.core.model import EventBatch, LogSource, micros, moment
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.syslog import SYSLOG_FORMAT

PLAIN = [f"2026-03-03T04:05:{n:02}Z web01 app[7]: request {n} served" for n in range(40)]
SSH = [f"2026-03-03T04:06:{n:02}Z web01 sshd[9]: Failed password for root from 203.0.113.7 port 4{n:03} ssh2"
       for n in range(20)]  # fmt: skip
CEF = "2026-03-03T04:07:00Z gate01 CEF:0|Trend|Deep|1.0|600|Sign-in refused|7|src=192.0.2.1 suser=eve act=blocked"
RELAYED = "2026-03-03T04:07:01Z gate01 relay[12]: CEF: 0|Trend|Deep|1.0|601|Other|3|dst=192.0.2.9"
LEEF = "2026-03-03T04:07:02Z gate01 LEEF:1.0|IBM|QRadar|2.0|42|src=192.0.2.4\tdst=192.0.2.5"
ASA = (
    "2026-03-03T04:08:00Z fw01 %ASA-4-106023: Deny tcp src outside:198.51.100.2/4411 dst inside:10.0.0.5/22"
    ' by access-group "edge"'
)
DASHED = ASA.replace("fw01 %", "fw01 : %")


def read(lines: Sequence[str]) -> list[EventBatch]:
    reading = Reading(name="messages", reference=micros(moment(0).replace(year=2026, month=11)))
    stream = io.BytesIO(("\n".join(lines) + "\n").encode())
    return [
        one for records in SYSLOG_FORMAT.collect(stream, reading) for one in SYSLOG_FORMAT.normalize(records, reading)
    ]


def by_source(batches: Sequence[EventBatch]) -> dict[LogSource, int]:
    return {one.log_source: len(one.raw) for one in batches}


def field(batches: Sequence[EventBatch], line: str, name: str) -> str | None:
    """Return a field of the event of one line."""
    for one in batches:
        for row, raw in enumerate(one.raw):
            if raw == line:
                return one.fields[name][row] if name in one.fields else None
    raise AssertionError(line)


@pytest.mark.parametrize("many", [True, False])
def test_lines_of_devices_in_a_mixed_file_have_the_fields_of_their_message(many: bool) -> None:  # noqa: FBT001 - a case
    # Few plain lines beside many odd ones go the way of single lines, many the way of blocks.
    plain = [*PLAIN, *SSH] if many else [f"<13>{PLAIN[0]}", f"<38>{SSH[0]}"]
    found = read([*plain, CEF, RELAYED, LEEF, ASA, DASHED])
    assert field(found, CEF, "source.ip") == "192.0.2.1"
    assert field(found, CEF, "user.name") == "eve"
    assert field(found, CEF, "rule.name") == "Sign-in refused"
    assert field(found, RELAYED, "destination.ip") == "192.0.2.9"
    assert field(found, LEEF, "source.ip") == "192.0.2.4"
    for line in (ASA, DASHED):
        assert field(found, line, "source.ip") == "198.51.100.2"
        assert field(found, line, "destination.port") == "22"
        assert field(found, line, "rule.name") == "edge denied"
    sizes = by_source(found)
    assert sizes[LogSource("cisco", "firewall", "asa")] == 2
    assert sizes[LogSource(category="device", service="cef")] == 2
    assert sizes[LogSource("linux", "", "auth")] == (20 if many else 1)
    assert sum(sizes.values()) == len(plain) + 5


def test_host_and_time_are_those_of_the_envelope() -> None:
    found = read([*PLAIN, CEF])
    batch = next(one for one in found if one.log_source.service == "cef")
    assert batch.host[0] == "gate01"
    assert moment(int(batch.time[0])).isoformat() == "2026-03-03T04:07:00+00:00"
    assert int(batch.ordinal[0]) == 41


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-03T04:06:30Z web01 sshd[9]: Failed password for invalid user CEF:0|a|b|c|d|e|1|x from 10.0.0.7 port 4",
        "2026-03-03T04:06:30Z web01 sshd[9]: Invalid user %ASA-4-106023: from 203.0.113.7 port 40022",
    ],
)
def test_what_an_attacker_typed_takes_no_line_out_of_the_log_of_sign_ins(line: str) -> None:
    found = read([*PLAIN, *SSH, line])
    assert by_source(found)[LogSource("linux", "", "auth")] == 21
    assert {one.log_source.service for one in found} == {"auth", "syslog"}


def test_a_mark_without_a_message_stays_a_line_of_syslog() -> None:
    broken = "2026-03-03T04:07:00Z gate01 CEF:0|Trend|Deep"
    assert by_source(read([*PLAIN, broken])) == {LogSource("linux", "", "syslog"): 41}


def test_a_file_of_devices_alone_is_read_too() -> None:
    assert by_source(read([CEF, RELAYED])) == {LogSource(category="device", service="cef"): 2}


def test_years_are_learned_from_all_lines_whoever_wrote_them() -> None:
    lines = ["Dec 31 23:59:58 web01 app: last",
             "Jan  1 00:00:01 fw01 %ASA-4-106023: Deny tcp src a:1.2.3.4/5 dst b:5.6.7.8/9",
             "Jan  1 00:00:02 web01 app: first"]  # fmt: skip
    years = {raw: moment(int(at)).year for one in read(lines) for raw, at in zip(one.raw, one.time, strict=True)}
    assert [years[line] for line in lines] == [2025, 2026, 2026]
