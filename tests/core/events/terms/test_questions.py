from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import UsageError
from desktop_app.core.events.terms.questions import MAX_LENGTH, Measure, Question, parse

MINUTE = 60_000_000


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("count", Question()),
        ("COUNT by source.ip", Question(by=("source.ip",))),
        ("count by time", Question(every=0)),
        ("count by host, time", Question(by=("host",), every=0)),
        ('count by "time"', Question(by=("time",))),
        ("count user.name every 5m", Question((Measure("count", "user.name"),), every=5 * MINUTE)),
        (
            "distinct user.name, p95 duration by host, EventID top 7",
            Question((Measure("distinct", "user.name"), Measure("p95", "duration")), ("host", "EventID"), top=7),
        ),
        ("first, last by host", Question((Measure("first"), Measure("last")), ("host",))),
        ('sum "bytes sent" by "a, \\"b\\""', Question((Measure("sum", "bytes sent"),), ('a, "b"',))),
    ],
)
def test_a_question_is_read_and_written_back(words: str, question: Question) -> None:
    assert parse(words) == question
    assert parse(question.words) == question


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "nothing that can be worked out"),
        ("p0 duration", "nothing that can be worked out: p0"),
        ("p100 duration", "p100"),
        ("sum", "name of a field is missing"),
        ("sum by host", "name of a field is missing"),
        ("count by", "name of a field is missing"),
        ("count by host,", "name of a field is missing"),
        ("count every soon", "a length of time"),
        ("count every 0s", "a length of time"),
        ("count top 0", "from 1 to 1000"),
        ("count top 1001", "from 1 to 1000"),
        ("count by a b", "not understood: b"),
        ("count by a, b, c, d", "3 fields"),
        ("count, count, count, count, count, count", "5 numbers"),
        ("count by " + "x" * MAX_LENGTH, "longer than 1000"),
    ],
)
def test_a_wrong_question_is_told_with_the_way_to_write_it(words: str, why: str) -> None:
    with pytest.raises(UsageError, match=r"This cannot be counted\.") as told:
        parse(words)
    assert why in str(told.value)
    assert "count by source.ip every 1h" in str(told.value)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_question_or_a_sentence(words: str) -> None:
    try:
        question = parse(words)
    except UsageError:
        return
    assert parse(question.words) == question


def test_a_measure_says_what_its_number_is() -> None:
    kinds = {one.words: one.kind for one in parse("count x, distinct x, sum x, max time, last").measures}
    assert kinds == {"count x": "count", "distinct x": "count", "sum x": "number", 'max "time"': "time", "last": "time"}
