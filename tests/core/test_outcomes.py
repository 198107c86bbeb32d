from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.core.jobs import Job
from desktop_app.core.outcomes import outcome
from desktop_app.core.text import text

JOB = Job(1, "logs.import", text("x"), {}, "done", 0, 0, 0, 1, 1, None, False, None, ())
GOOD, BAD = {"events": 5, "error": None}, {"events": 0, "error": "It is gone."}
CUT = {"events": 3, "error": "It is damaged."}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([GOOD, GOOD], "done"),
        ([GOOD, BAD], "part"),
        ([CUT], "part"),
        ([BAD, BAD], "unread"),
        ([{"events": 0, "error": None}], "done"),
        ([], "done"),
    ],
)
def test_an_import_that_is_done_says_whether_it_read_all_a_part_or_nothing(
    files: list[dict[str, object]], said: str
) -> None:
    assert outcome(replace(JOB, result={"files": files})) == said


@pytest.mark.parametrize("state", ["queued", "running", "failed", "cancelled", "interrupted"])
def test_what_is_not_done_is_as_it_stands(state: str) -> None:
    assert outcome(replace(JOB, state=state, result={"files": [BAD]})) == state


@pytest.mark.parametrize("result", [None, {}, {"files": 3}])
def test_a_job_without_files_is_done(result: dict[str, object] | None) -> None:
    assert outcome(replace(JOB, result=result)) == "done"
