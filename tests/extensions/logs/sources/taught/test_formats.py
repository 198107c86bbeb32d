"""Taught formats at work: recognised by content, read into columns, never before a format of ours that fits better."""

from __future__ import annotations

import io

import pytest

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import Format, Reading
from desktop_app.extensions.logs.sources.decode import take_sample
from desktop_app.extensions.logs.sources.recognise import recognise
from desktop_app.extensions.logs.sources.taught.definition import Definition, Table
from desktop_app.extensions.logs.sources.taught.formats import format_of

BOILER = format_of(Definition("boiler", "Boiler", "%{@timestamp} <%{host.name}> {%{log.level}} %{message}", time="iso"))
SCALES = format_of(
    Definition("scales", "Scales", table=Table(";", False, (), ("@timestamp", "host.name", "", "weight")))
)
HEADED = format_of(Definition("headed", "Headed", table=Table(";", True, ("Zeit", "Wert"), ("@timestamp", "message"))))
ANYTHING = format_of(Definition("any", "Anything", "%{@timestamp} %{+@timestamp} %{message}"))

BOILER_LINES = (
    "2026/11/20 08:00:01 <Boiler7> {INFO } pressure=4.2bar ok\n"
    "2026/11/20 08:00:02 <Boiler8> {ERROR} valve 3 stuck\n"
    "what is this\n"
)


def named(content: str, *taught: Format) -> str:
    return recognise(take_sample("x.log", io.BytesIO(content.encode())), taught)[0].id


def events(one: Format, content: str) -> list[EventBatch]:
    reading = Reading(name="x.log")
    return [
        batch
        for records in one.collect(io.BytesIO(content.encode()), reading)
        for batch in one.normalize(records, reading)
    ]


def test_a_taught_format_is_recognised_by_content() -> None:
    assert named(BOILER_LINES) == "plain"
    assert named(BOILER_LINES, BOILER) == "site.boiler"


def test_lines_become_columns_and_what_does_not_fit_keeps_its_text() -> None:
    [found] = events(BOILER, BOILER_LINES)
    assert list(found.host) == ["Boiler7", "Boiler8", None]
    assert list(found.level) == ["info", "error", None]
    assert list(found.message)[:2] == ["pressure=4.2bar ok", "valve 3 stuck"]
    assert found.raw[2] == "what is this"
    assert found.time.tolist() == [1795161601000000, 1795161602000000, 1795161602000000]


def test_a_pattern_that_would_read_anything_stands_behind_ours() -> None:
    access = '10.0.0.1 - - [20/Nov/2026:08:00:01 +0000] "GET / HTTP/1.1" 200 5\n' * 3
    assert named(access, ANYTHING) == named(access)
    syslog = "2026-11-20 08:00:01 web sshd[1]: Failed password for root\n" * 3
    assert named(syslog, ANYTHING) != "plain"


def test_a_table_without_a_header_is_read_by_its_places() -> None:
    content = "20.11.2026 08:00:01;W1;x;12,5\n20.11.2026 08:00:02;W2;y;13,5\n"
    assert named(content, SCALES) == "site.scales"
    [found] = events(SCALES, content)
    assert list(found.host) == ["W1", "W2"]
    assert {name: list(column) for name, column in found.fields.items()} == {"weight": ["12,5", "13,5"]}


def test_a_table_with_a_header_wants_just_that_header() -> None:
    content = "Zeit;Wert\n20.11.2026 08:00:01;offen\n20.11.2026 08:00:02;zu\n"
    assert named(content, HEADED) == "site.headed"
    assert named(content.replace("Wert", "Ort"), HEADED) != "site.headed"
    assert [list(one.message) for one in events(HEADED, content)] == [["offen", "zu"]]


@pytest.mark.parametrize("one", [BOILER, SCALES, HEADED], ids=lambda one: one.id)
def test_hostile_content_is_survived(one: Format) -> None:
    hostile = "\x1b[31m<script>\x00;;;;\n" + "x" * 1_000_000 + "\n" + ";" * 10_000 + "\n"
    assert sum(len(batch.raw) for batch in events(one, hostile)) >= 2
    assert named(hostile, one) != one.id
