from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.traces import error_name, with_error

TRACE = "Traceback (most recent call last):\n  File x\nKeyError: 'a'\n\nDuring handling:\n  y\nValueError: bad"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Caused by: java.io.IOException: closed", "java.io.IOException"),
        ("ValueError: bad", "ValueError"),
        ("Exception in thread main com.example.Outer$InnerException", "com.example.Outer$InnerException"),
        ("no error here", None),
        ("Error!", None),
    ],
)
def test_the_error_of_a_line_is_its_class(line: str, name: str | None) -> None:
    assert error_name(line) == name


def test_the_last_error_of_a_trace_is_the_one_that_ended_it() -> None:
    told = with_error({"@message": f"request failed\n{TRACE}"})
    assert (told["error.type"], told["error.stack_trace"]) == ("ValueError", TRACE)


def test_a_message_of_one_line_has_no_trace() -> None:
    assert with_error({"@message": "ValueError: bad"}) == {"@message": "ValueError: bad"}


def test_a_trace_without_a_name_takes_the_message_that_it_explains() -> None:
    assert with_error({"@message": "KeyError: x\n  at y"})["error.type"] == "KeyError"
