from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from desktop_app.extensions.logs.sources.hosts.wincsv import WINDOWS_CSV, is_header
from tests.extensions.logs.sources.reading import events, lines, read, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_row_goes_on_over_lines_and_is_an_event_of_its_channel() -> None:
    refused, started = events(WINDOWS_CSV, lines(*SAMPLES["wincsv"]), zone=ZoneInfo("Europe/Berlin"))
    assert (refused["EventID"], refused["Channel"], refused["time"]) == ("4625", "Security", utc(2026, 5, 4, 4, 7, 8))
    assert "Account Name:" in str(refused["RenderedMessage"])
    assert (started["Image"], started["CommandLine"]) == (r"C:\Windows\System32\whoami.exe", "whoami /all")
    assert started["time"] == utc(2026, 5, 4, 16, 7, 9)


def test_log_sources_are_those_of_the_channels() -> None:
    batches, reading = read(WINDOWS_CSV, lines(*SAMPLES["wincsv"]))
    assert [one.log_source.name for one in batches] == ["windows-any-security", "windows-any-sysmon"]
    assert reading.zone_assumed


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("Level,Date and Time,Source,Event ID,Task Category", ","),
        ("Ebene\tDatum und Uhrzeit\tQuelle\tEreignis-ID\tAufgabenkategorie", "\t"),
        ("级别,日期和时间,来源,事件 ID,任务类别", ","),
        ("a,b,c,d,e", None),
    ],
)
def test_headers_of_several_languages_are_known(header: str, delimiter: str | None) -> None:
    assert is_header(header) == delimiter


@pytest.mark.parametrize("time", ["2026/5/4 6:07:08", "04.05.2026 06:07:08"])
def test_times_are_written_as_the_machine_writes_them(time: str) -> None:
    written = lines("级别,日期和时间,来源,事件 ID,任务类别", f"错误,{time},disk,7,无,坏块")
    (event,) = events(WINDOWS_CSV, written)
    assert (event["time"], event["level"]) == (utc(2026, 5, 4, 6, 7, 8), "error")
