"""What ``search`` prints, in the shapes that scripts rely on."""

from __future__ import annotations

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from tests.extensions.logs.cli.commands import Answer, command


def test_a_search_prints_whole_events(filled: Desk, answer: Answer) -> None:
    [newest] = answer(filled, "search", "Failed", "--limit", "1")
    assert newest["time"] == "2026-11-20T06:01:18Z"
    assert (newest["host"], newest["source"]) == ("opc-gw", "sshd")
    assert len(answer(filled, "search", "")) == 40
    assert answer(filled, "search", "nowhere") == []
    assert answer(filled, "search", "", "--limit", "0") == []


def test_a_search_prints_only_the_fields_asked_for(filled: Desk, answer: Answer) -> None:
    asked = answer(filled, "search", "", "--limit", "1", "--fields", "host, source.ip,absent")
    assert asked == [{"host": "opc-gw", "source.ip": "10.20.4.17", "absent": None}]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ([], 40),
        (["--from", "2026-11-20T14:01:00"], 10),
        (["--from", "2026-11-20T06:01:00+00:00"], 10),
        (["--from", "2026-11-20T14:00:00", "--to", "2026-11-20T14:00:10"], 5),
        (["--to", "2026-11-20"], 0),
    ],
)
def test_times_without_a_zone_are_the_sites(filled: Desk, answer: Answer, words: list[str], count: int) -> None:
    assert answer(filled, "search", "", "--count", *words) == {"count": count}


def test_a_wrong_time_or_query_is_refused(filled: Desk) -> None:
    for words in (["", "--from", "soon"], ["", "--to", "2026-13-01"], ["(unbalanced"]):
        with pytest.raises(UsageError):
            command(filled, "search", *words)


@pytest.mark.parametrize(("against", "advice"), [("before", True), ("rest", False)])
def test_where_there_is_nothing_to_compare_no_advice_is_given_that_was_followed(
    filled: Desk, capsys: pytest.CaptureFixture[str], against: str, *, advice: bool
) -> None:
    command(filled, "search", "nowhere", "--unusual", against)
    told = capsys.readouterr().out
    assert told.startswith("There is nothing to compare here")
    assert ("--unusual rest" in told) is advice


def test_a_histogram_adds_up_and_is_empty_where_there_is_nothing(filled: Desk, answer: Answer) -> None:
    drawn = answer(filled, "search", "", "--histogram", "10")
    assert sum(sum(level) for level in drawn["levels"].values()) == 40
    assert drawn["start"] <= "2026-11-20T06:00:00Z"
    nothing = answer(filled, "search", "nowhere", "--histogram", "10")
    assert sum(sum(level) for level in nothing["levels"].values()) == 0


def test_a_person_reads_lines(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["search", "", "--limit", "1"], ["search", "", "--histogram", "5"], ["search", "", "--count"],
                  ["sources"], ["rules", "list"], ["rules", "coverage"]):  # fmt: skip
        assert command(filled, *words) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("2026-11-20T06:01:18Z  opc-gw  sshd  ")
    assert "40" in told
    assert any(line.endswith("40 events  auth.log") for line in told)
    assert all("  (" in line for line in told if line.startswith("blocked ")), "each says why"


def test_a_histogram_spans_what_was_found(filled: Desk, answer: Answer) -> None:
    drawn = answer(filled, "search", "40003", "--histogram", "10")
    assert (sum(map(sum, drawn["levels"].values())), drawn["start"][:10]) == (1, "2026-11-20")
    assert (drawn["step"], max(map(len, drawn["levels"].values()))) == (1, 8)


def test_a_histogram_of_no_spans_is_wrong_use(filled: Desk) -> None:
    with pytest.raises(SystemExit) as left:
        command(filled, "search", "", "--histogram", "0")
    assert left.value.code == 2


def test_a_search_answers_in_numbers_where_a_question_is_asked(filled: Desk, answer: Answer) -> None:
    made = answer(
        filled, "search", "host:opc-gw source.ip:10.20.4.17", "--agg", "count, distinct source.ip by host every 1h"
    )
    assert made["lines"] == [{"values": ["opc-gw"], "start": "2026-11-20T06:00:00Z", "numbers": [40, 1]}]
    assert answer(filled, "search", "host:opc-gw source.ip:10.20.4.17", "--agg", "count")["total"] == [40]
    with pytest.raises(UsageError, match="cannot be counted"):
        command(filled, "search", "", "--agg", "guess")
