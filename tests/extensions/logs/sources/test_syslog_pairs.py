from __future__ import annotations

import zoneinfo

import numpy as np
import pytest

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.spanning import cut_lines
from desktop_app.extensions.logs.sources.syslog import SYSLOG_FORMAT
from desktop_app.extensions.logs.sources.syslog_pairs import read, told_of

HEAD = "Nov 20 14:00:01 gw "
SONICWALL = (
    'id=firewall sn=0017C5158708 time="2026-11-20 14:00:01" fw=192.0.2.1 pri=6 c=1024 m=537 msg="Connection, closed"'
    " src=10.0.0.1:1025:X0 dst=203.0.113.9:80:X1 proto=tcp/http sent=1 rcvd=2"
)
POSTFIX = "4F9D195432C: to=<a@example.org>, relay=mail[10.0.0.1]:25, delay=1.3, dsn=2.0.0, status=sent (250 Ok)"
UFW = "[12.345] [UFW BLOCK] IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TTL=63 PROTO=TCP SPT=4000 DPT=22 URGP=0 "
PLAIN = "session opened for uid=0, all is well on this machine and nothing else is to be said of it, a=1 b=2"
OBJECT = "Error Domain=NSURLErrorDomain of something that was asked for: NSURLErrorDomain Code=-1001 Reason=x Where=y"


def batches(*messages: str, in_bytes: bool) -> list[EventBatch]:
    lines = [HEAD + one for one in messages]
    raw = cut_lines("".join(f"{one}\n" for one in lines).encode(), "utf-8") if in_bytes else lines
    assert raw is not None
    reading = Reading("syslog", "utf-8", zoneinfo.ZoneInfo("UTC"), reference=1_795_300_000_000_000)
    return SYSLOG_FORMAT.normalize(RecordBatch(raw, np.arange(1, len(lines) + 1), 0), reading)


@pytest.mark.parametrize("in_bytes", [True, False])
def test_pairs_of_some_messages_are_fields_and_the_messages_stay_whole(*, in_bytes: bool) -> None:
    [batch] = batches("sonic: " + SONICWALL, "app[7]: " + PLAIN, "postfix/smtp[9]: " + POSTFIX, in_bytes=in_bytes)
    assert [list(batch.fields[name]) for name in ("msg", "src", "status", "process.pid")] == [
        ["Connection, closed", None, None], ["10.0.0.1:1025:X0", None, None], [None, None, "sent"], [None, "7", "9"],
    ]  # fmt: skip
    assert list(batch.message) == [SONICWALL, PLAIN, POSTFIX]
    assert not {"uid", "a", "b"} & batch.fields.keys()


@pytest.mark.parametrize("in_bytes", [True, False])
def test_messages_without_pairs_have_the_fields_that_they_had(*, in_bytes: bool) -> None:
    [batch] = batches("app[7]: " + PLAIN, "app[7]: nothing", in_bytes=in_bytes)
    assert set(batch.fields) == {"process.name", "process.pid"}


def test_a_packet_of_the_linux_firewall_has_the_names_of_its_own_format() -> None:
    [batch] = batches("kernel: " + UFW, "app: x", in_bytes=True)
    told = {name: column[0] for name, column in batch.fields.items()}
    assert (told["source.ip"], told["destination.port"], told["rule.name"]) == ("10.0.0.1", "22", "UFW BLOCK")
    assert (list(batch.level), batch.message[0]) == (["warning", None], UFW)
    assert "SRC" not in told


def test_what_a_sign_in_says_makes_no_fields() -> None:
    [batch] = batches("sshd[1]: a=1 b=2 event.action=ssh_login source.ip=192.0.2.1", in_bytes=True)
    assert not {"a", "event.action", "source.ip"} & batch.fields.keys()


def test_a_pair_never_takes_the_place_of_what_the_envelope_says() -> None:
    [batch] = batches("app[7]: process.name=sshd process.pid=1 level=error", in_bytes=False)
    assert [list(batch.fields[name]) for name in ("process.name", "process.pid")] == [["app"], ["7"]]
    assert list(batch.level) == ["error"]


def test_the_priority_goes_before_a_level_among_the_pairs() -> None:
    reading = Reading("syslog", "utf-8", zoneinfo.ZoneInfo("UTC"), reference=1_795_300_000_000_000)
    line = f"<14>{HEAD}app: level=error code=7 unit=3"
    [batch] = SYSLOG_FORMAT.normalize(RecordBatch([line], np.arange(1, 2), 0), reading)
    assert list(batch.level) == ["info"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('a="one \\"two\\" three" b=\'four five\' c=six', {"a": 'one "two" three', "b": "four five", "c": "six"}),
        ("a=1, b=2; c=3", {"a": "1", "b": "2", "c": "3"}),
        ("a= b= c=3 d=4 e=5", {"c": "3", "d": "4", "e": "5"}),
        ('a=1 a=2 b=x=y d=4 c="open', {"a": "1", "b": "x=y", "d": "4"}),
        ("a=1 b=2", None),
        (PLAIN, None),
        ("x" * 39 + " " + SONICWALL, None),
        (OBJECT, None),
        ("===", None),
        ("", None),
    ],
)
def test_what_is_made_of_pairs(message: str, expected: dict[str, str] | None) -> None:
    told = told_of(message)
    assert (None if told is None else {name: one for name, one in told.items() if name[0] != "@"}) == expected


def test_names_without_end_have_an_end() -> None:
    reading = Reading("syslog", "utf-8", zoneinfo.ZoneInfo("UTC"))
    found = read([" ".join(f"n{row}_{number}=1" for number in range(100)) for row in range(20)], reading)
    assert found is not None
    assert len(found[0]) == 1000
