from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.hosts.winxml import WINDOWS_XML, load, split
from tests.extensions.logs.sources.reading import events, lines, read, row, utc
from tests.extensions.logs.sources.sampling import SAMPLES

SYSMON = (
    'May  4 06:07:08 gate sysmon[123]: <Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID>'
    '<TimeCreated SystemTime="2026-05-04T06:07:08.123456000Z"/><EventRecordID>5</EventRecordID>'
    "<Channel>Linux-Sysmon/Operational</Channel><Computer>gate</Computer></System><EventData>"
    '<Data Name="Image">/usr/bin/wget</Data><Data Name="CommandLine">wget -q x &amp;&amp; sh</Data></EventData></Event>'
)


def test_an_export_of_event_viewer_has_the_fields_of_the_log_itself() -> None:
    batches, _ = read(WINDOWS_XML, lines(*SAMPLES["winxml"]))
    security, system = (row(one, 0) for one in batches)
    assert [one.log_source.name for one in batches] == ["windows-any-security", "windows-any-system"]
    assert (security["TargetUserName"], security["IpAddress"], security["host"]) == ("anna", "192.0.2.7", "HMI-03")
    assert security["time"] == utc(2026, 5, 4, 6, 7, 8) + 123_456
    assert (system["EventID"], system["Data1"], system["Data2"]) == ("7036", "Spooler", "stopped")


def test_sysmon_for_linux_stands_in_lines_of_syslog() -> None:
    (event,) = events(WINDOWS_XML, lines(SYSMON))
    assert (event["Image"], event["CommandLine"]) == ("/usr/bin/wget", "wget -q x && sh")
    assert (event["source"], event["host"]) == ("Linux-Sysmon/Operational", "gate")


def test_an_event_that_never_ends_costs_only_itself() -> None:
    _, first, second = SAMPLES["winxml"]
    found, rest = split(first.replace("</Event>", "") + second)
    assert (len(found), "7036" in found[0], "<Event>" in rest) == (1, True, False)


def test_a_document_type_is_refused_and_the_rest_is_kept() -> None:
    with pytest.raises(ValueError, match="Event"):
        load('<Event><!DOCTYPE x [<!ENTITY a "b">]><System/></Event>')
    broken = SAMPLES["winxml"][1].replace("<EventData>", "<EventData><Data>&nothing;</Data>")
    batches, reading = read(WINDOWS_XML, lines(broken, SAMPLES["winxml"][2]))
    assert (sum(map(len, batches)), reading.unparsed) == (2, 1)


def test_a_file_that_ends_within_an_event_says_so() -> None:
    _, reading = read(WINDOWS_XML, lines(*SAMPLES["winxml"])[:-60])
    assert reading.skipped == 1
    assert "middle of an event" in str(reading.notes[0])


def test_wide_characters_are_read() -> None:
    assert len(events(WINDOWS_XML, "\n".join(SAMPLES["winxml"]).encode("utf-16"))) == 2
