from __future__ import annotations

import pytest

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import LONGEST, PatternLines, Told, codes, expression
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.times import VALID
from tests.extensions.logs.sources.reading import events, lines, one, read, utc


class Pump(PatternLines):
    id = "pump"
    title = text("Pump")
    log_source = LogSource("pump", "", "events")
    expressions = (
        expression(
            r"(?P<time_>\S+ \S+) (?P<level_>\w+) (?P<kind_>\w+) ",
            r"(?P<source__address>\S+):(?P<source__port>\d+) (?P<message_>.*)",
        ),
    )
    levels = {"odd": "warning"}  # noqa: RUF012 - nobody changes it

    def log_source_of(self, kind: str) -> LogSource:
        return LogSource("pump", "", kind or "events")

    def refine(self, told: Told) -> Told | None:
        return None if told["@message"] == "not mine" else told


PUMP = Pump()
LINE = "2026-05-04 06:07:08 ERROR flow 192.0.2.1:502 stopped"


def test_groups_become_fields_and_columns() -> None:
    event = one(PUMP, LINE)
    assert (event["time"], event["level"], event["message"]) == (utc(2026, 5, 4, 6, 7, 8), "error", "stopped")
    assert (event["source.ip"], event["source.port"]) == ("192.0.2.1", "502")
    assert event["source"] == "test.log"
    assert "source.domain" not in event


def test_a_name_is_told_from_an_address() -> None:
    event = one(PUMP, LINE.replace("192.0.2.1", "plc7"))
    assert event["source.domain"] == "plc7"
    assert "source.ip" not in event


def test_kinds_of_lines_go_to_log_sources_of_their_own_and_keep_their_numbers() -> None:
    batches, _ = read(PUMP, lines(LINE, LINE.replace("flow", "heat"), LINE))
    assert {one.log_source.service: one.ordinal.tolist() for one in batches} == {"flow": [1, 3], "heat": [2]}


def test_words_of_a_format_come_before_the_common_ones() -> None:
    assert one(PUMP, LINE.replace("ERROR", "odd"))["level"] == "warning"


def test_a_line_that_is_refused_keeps_its_text_and_the_time_before() -> None:
    found = events(PUMP, lines(LINE, LINE.replace("stopped", "not mine"), "odd"))
    assert [one["time"] for one in found] == [utc(2026, 5, 4, 6, 7, 8)] * 3
    _, reading = read(PUMP, lines(LINE, "odd"))
    assert reading.unparsed == 1


def test_the_share_of_good_lines_is_how_sure_a_format_is() -> None:
    assert PUMP.sniff(sample("x", lines(LINE, LINE, LINE, "odd"))) == pytest.approx(0.72)
    assert PUMP.sniff(sample("x", lines("odd"))) == 0
    assert PUMP.sniff(sample("x", lines(LINE.replace("2026-05-04", "2026-99-99")))) == 0


def test_a_format_that_nobody_would_choose_is_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []
    read_line = PUMP.cut
    monkeypatch.setattr(PUMP, "cut", lambda line: cut.append(line) or read_line(line))
    assert PUMP.sniff(sample("x", lines(*["odd"] * 100, *[LINE] * 100))) == 0
    assert len(cut) < 100
    assert PUMP.sniff(sample("x", lines(*["odd"] * 60, *[LINE] * 140))) == pytest.approx(0.672)


def test_of_a_line_without_end_a_part_is_read() -> None:
    assert len(str(one(PUMP, LINE + "x" * (2 * LONGEST))["message"])) < LONGEST


def test_a_file_that_invents_names_has_an_end() -> None:
    class Inventor(Pump):
        def cut(self, line: str) -> Told | None:
            return {"@time": "2026-05-04 06:07:08", **{f"n{line}.{number}": "x" for number in range(600)}}

    batches, reading = read(Inventor(), lines("1", "2", "3"))
    assert sum(len(one.fields) for one in batches) == 1000
    assert any("1000 fields" in str(note) for note in reading.notes)


def test_times_are_read_in_the_way_that_a_format_says() -> None:
    assert codes(["260504 060708"], "digits")[0] > VALID
    assert codes(["260504 060708", None], "iso").max() < VALID
    assert codes(["04/May/2026:06:07:08 +0200"], "clf")[0] == utc(2026, 5, 4, 4, 7, 8)
