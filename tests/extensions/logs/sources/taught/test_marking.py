"""Marks in a line become the pattern that reads the lines like it."""

from __future__ import annotations

import pytest

from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.sources.taught import dissect
from desktop_app.extensions.logs.sources.taught.marking import Mark, pattern

LINES = (
    "2026/11/20 08:00:01 <Boiler7> {INFO } pressure=4.2bar ok",
    "2026/11/20 08:00:02 <Boiler7> {WARN } pressure=4.9bar high",
    "2026/11/20 08:00:03 <Boiler8> {ERROR} valve 3 stuck, retry 2",
)


def marks(line: str, **parts: str) -> list[Mark]:
    return [Mark(line.index(part), line.index(part) + len(part), name) for name, part in parts.items()]


def cut(made: str, lines: tuple[str, ...] = LINES) -> list[dict[str, str] | None]:
    return [dissect.read(made).cut(line) for line in lines]


def test_one_marked_line_reads_the_others_padding_included() -> None:
    line = LINES[0]
    made = pattern(line, marks(line, t=line[:19], host="Boiler7", level="INFO", text="pressure=4.2bar ok"), LINES[1:])
    assert [(one or {})["level"] for one in cut(made)] == ["INFO", "WARN", "ERROR"]
    assert (cut(made)[2] or {})["text"] == "valve 3 stuck, retry 2"


def test_words_that_all_lines_share_belong_to_the_format_and_others_are_left_out() -> None:
    lines = ("8:00 user alice from 10.0.0.1", "8:01 user bob from 10.0.0.2", "8:02 user carol from 10.0.0.3")
    made = pattern(lines[0], marks(lines[0], t="8:00", ip="10.0.0.1"), lines[1:])
    assert made == "%{t} user %{} from %{ip}"
    assert [(one or {})["ip"] for one in cut(made, lines)] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]


def test_a_time_with_a_space_before_a_space_is_one_part() -> None:
    line = "2026-11-20 08:00:01 started"
    made = pattern(line, marks(line, t="2026-11-20 08:00:01", text="started"))
    assert made == "%{t} %{+t} %{text}"
    assert cut(made, (line,)) == [{"t": "2026-11-20 08:00:01", "text": "started"}]


def test_spaces_at_the_edges_of_a_mark_are_left_out() -> None:
    line = "a b c"
    assert pattern(line, [Mark(0, 2, "x"), Mark(2, 5, "y")]) == "%{x} %{y}"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([], "Nothing is marked"),
        ([Mark(0, 99, "x")], "outside"),
        ([Mark(0, 2, "x"), Mark(1, 3, "y")], "touch"),
        ([Mark(0, 1, "x"), Mark(2, 3, "x")], "marked twice"),
    ],
)
def test_marks_that_cannot_be_are_refused(wrong: list[Mark], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        pattern("abcde", wrong)
