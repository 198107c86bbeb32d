from __future__ import annotations

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import Told
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.headed import LAYOUTS, HeadedLines, Layout
from tests.extensions.logs.sources.reading import events, lines, read


class Table(HeadedLines):
    id = "table"
    title = text("Table")
    log_source = LogSource("table", "", "x")

    def learn(self, line: str, layout: Layout) -> Layout:
        return {**layout, "names": line[1:].split()} if line.startswith("#time") else layout

    def knows(self, layout: Layout) -> bool:
        return "names" in layout

    def cells(self, line: str, layout: Layout) -> Told | None:
        values = line.split(",")
        told: Told = {f"x.{name}": value for name, value in zip(layout["names"], values, strict=False)}
        return {**told, "@time": values[0]} if len(values) == len(layout["names"]) else None


TABLE = Table()
LINE = "2026-05-04 06:07:08,1"


def test_headers_are_no_records_and_their_lines_keep_their_numbers() -> None:
    found = events(TABLE, lines("#hello", "#time a", LINE, "#time b", LINE, LINE))
    assert [(one["ordinal"], one.get("x.a"), one.get("x.b")) for one in found] == [
        (3, "1", None),
        (5, None, "1"),
        (6, None, "1"),
    ]


def test_the_same_header_again_changes_nothing_and_changes_have_an_end() -> None:
    _, reading = read(TABLE, lines(*["#time a", LINE] * 5))
    assert len(reading.state[LAYOUTS]) == 1
    _, reading = read(TABLE, lines(*[f"#time n{number}" for number in range(3000)]))
    assert len(reading.state[LAYOUTS]) == 1000


def test_lines_before_the_first_header_keep_their_text() -> None:
    batches, reading = read(TABLE, lines(LINE, "#time a", LINE))
    assert (sum(map(len, batches)), reading.unparsed) == (2, 1)


def test_a_sample_is_worth_the_share_of_lines_that_fit() -> None:
    assert TABLE.sniff(sample("x", lines("#time a", LINE, LINE, "odd", "odd"))) == TABLE.sure / 2
    assert TABLE.sniff(sample("x", lines("#time a"))) == TABLE.sure
    assert TABLE.sniff(sample("x", lines("# a comment", LINE))) == 0
    assert TABLE.sniff(sample("x", lines(LINE))) == 0
