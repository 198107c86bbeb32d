"""What the core's commands print, and how a command waits for its work."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from desktop_app.core import cli, jobs, triage
from desktop_app.core.cases import cases
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.judging import claims
from desktop_app.core.locks import FolderLock
from desktop_app.core.model import Severity
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from tests.core import made_up_jobs
from tests.core.helpers import add_segment, claim

Answer = Callable[..., Any]
COMMANDS = {one.name: one for one in cli.COMMANDS}


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, made_up_jobs.load(), load=made_up_jobs.load)


@pytest.fixture
def answer(desk: Desk, capsysbinary: pytest.CaptureFixture[bytes]) -> Answer:
    """Run a command with ``--json`` and return what it printed."""

    def run(name: str, *words: str, code: int = 0) -> Any:
        assert run_command(desk, name, *words, "--json") == code
        return json.loads(capsysbinary.readouterr().out)

    return run


def run_command(desk: Desk, name: str, *words: str) -> int:
    parser = argparse.ArgumentParser(parents=[cli.shared_words()])
    COMMANDS[name].configure(parser)
    given = parser.parse_args(words)
    given.json = getattr(given, "json", False)
    return COMMANDS[name].run(desk, given)


def enqueue(desk: Desk, kind: str, params: Mapping[str, Any] | None = None) -> int:
    with desk.connection() as db, writing(db):
        return jobs.enqueue(db, f"test.{kind}", text("Test"), params or {})


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "expected"), [("3", 3), ("high", 4), ("CRITICAL", 5)])
def test_a_severity_is_a_number_or_a_name(words: str, expected: int) -> None:
    assert cli.severity(words) == expected


@pytest.mark.parametrize("words", ["0", "6", "-1", "urgent", "", "³"])
def test_another_word_for_a_severity_is_refused(words: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="1 to 5"):
        cli.severity(words)


@pytest.mark.parametrize("words", ["-1", "1.5", "many", "", "³", str(1 << 63)])
def test_what_counts_nothing_that_can_be_stored_is_refused(words: str) -> None:
    assert (cli.whole_number("0"), cli.whole_number("20")) == (0, 20)
    with pytest.raises(argparse.ArgumentTypeError):
        cli.whole_number(words)


def test_what_a_console_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    console = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", console)
    cli.show(argparse.Namespace(json=False), {}, ["登录 \udc80"])
    console.flush()
    assert console.buffer.getvalue() == b"\\u767b\\u5f55 \\udc80\n"  # type: ignore[attr-defined]


# --- findings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def found(desk: Desk) -> Desk:
    """A desk with a high and a low finding of two hosts; the low one is confirmed."""
    with desk.connection() as db:
        add_segment(db, 1)
        with writing(db):
            claims.apply(db, claim(1, rule="a"), "logs", 0)
            low = claims.apply(db, replace(claim(1, rule="b", asset="db01"), severity=Severity.LOW), "logs", 0)
        triage.confirm(db, [low])
    return desk


def test_a_finding_has_its_fixed_shape(found: Desk, answer: Answer) -> None:
    assert answer("findings")[0] == {
        "id": 1, "rule": "a", "severity": 4, "title": "a", "asset": "web01", "count": 3,
        "first_seen": "1970-01-01T00:00:00Z", "last_seen": "1970-01-01T00:01:00Z", "status": "new",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ([], ["a", "b"]),
        (["--status", "new"], ["a"]),
        (["--status", "in_progress"], ["b"]),
        (["--status", "resolved"], []),
        (["--status", "all"], ["a", "b"]),
        (["--min-severity", "medium"], ["a"]),
    ],
)
def test_findings_are_chosen_by_status_and_severity(
    found: Desk, answer: Answer, words: list[str], rules: list[str]
) -> None:
    assert [one["rule"] for one in answer("findings", *words)] == rules


def test_findings_of_one_case_are_listed_and_cases_have_their_shape(found: Desk, answer: Answer) -> None:
    with found.connection() as db:
        case_id, _ = cases.create(db, "Night", [2])
        cases.create(db, "Empty")
    assert [one["rule"] for one in answer("findings", "--case", str(case_id))] == ["b"]
    empty, night = answer("cases")
    assert (empty["name"], empty["findings"], empty["severity"], empty["first_seen"]) == ("Empty", 0, None, None)
    assert {name: one for name, one in night.items() if name != "created"} == {
        "id": case_id, "name": "Night", "closed": None, "findings": 1, "open_findings": 1, "severity": 2,
        "first_seen": "1970-01-01T00:00:00Z", "last_seen": "1970-01-01T00:01:00Z", "tasks": 0, "tasks_done": 0,
    }  # fmt: skip
    assert answer("cases", "--closed") == []
    with pytest.raises(UsageError, match="no such case"):
        run_command(found, "findings", "--case", "99")


def test_findings_are_grouped(found: Desk, answer: Answer) -> None:
    assert answer("findings", "--group-by", "asset") == [
        {"asset": "web01", "findings": 1, "severity": 4, "count": 3},
        {"asset": "db01", "findings": 1, "severity": 2, "count": 3},
    ]


def test_findings_of_one_rule_stand_under_its_title(found: Desk, answer: Answer) -> None:
    assert [(one["rule"], one["title"], one["findings"]) for one in answer("findings", "--group-by", "rule")] == [
        ("a", "a", 1), ("b", "b", 1),
    ]  # fmt: skip


def test_the_exit_code_tells_of_findings_only_where_that_was_asked(found: Desk, answer: Answer) -> None:
    for words, code in (((), 0), (("--fail-on", "high"), 1), (("--fail-on", "critical"), 0)):
        # The helper holds the exit code against the one named; what is listed does not depend on it.
        assert [one["rule"] for one in answer("findings", *words, code=code)] == ["a", "b"]
    answer("findings", "--fail-on", "low", "--status", "suppressed", code=0)


def test_without_json_a_person_reads_lines(found: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    run_command(found, "findings")
    assert capsys.readouterr().out.splitlines()[0] == (
        "WD-1     high          a  [web01, 3x, last 1970-01-01T00:01:00Z]"
    )
    run_command(found, "findings", "--status", "archived")
    assert capsys.readouterr().out == "No findings.\n"


# --- the other lists ------------------------------------------------------------------------------------------------


def test_jobs_are_listed_newest_first_with_what_went_wrong(desk: Desk, answer: Answer) -> None:
    for kind in ("double", "refuse"):
        job_id = enqueue(desk, kind, {"n": 2})
        with desk.connection() as db:
            db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job_id,))
        jobs.run_here(desk, job_id)
    newest, oldest = answer("jobs")
    assert (newest["state"], newest["error"]) == ("failed", "Not this. Try that.")
    assert {name: oldest[name] for name in ("id", "kind", "title", "state", "progress", "error")} == {
        "id": 1, "kind": "test.double", "title": "Test", "state": "done", "progress": 100, "error": None,
    }  # fmt: skip
    assert len(answer("jobs", "--limit", "1")) == 1


def test_a_job_that_a_crash_left_running_is_shown_as_interrupted_unless_somebody_works(
    desk: Desk, answer: Answer
) -> None:
    enqueue(desk, "double")
    with desk.connection() as db:
        db.execute("UPDATE jobs SET state = 'running'")
    lock = FolderLock.take(desk.folder)
    assert lock is not None
    assert answer("jobs")[0]["state"] == "running"
    lock.release()
    assert answer("jobs")[0]["state"] == "interrupted"


def test_undo_takes_the_newest_decision_back_or_the_one_named(found: Desk, answer: Answer) -> None:
    with found.connection() as db:
        triage.archive(db, [1])
    assert answer("undo", "1") == {"undone": "Confirmed 1 finding"}
    assert answer("undo") == {"undone": "Archived 1 finding"}
    with pytest.raises(UsageError, match="nothing to undo"):
        run_command(found, "undo")


def test_extensions_and_version_have_their_fixed_shapes(desk: Desk, answer: Answer) -> None:
    assert answer("extensions") == [{"id": "test", "version": "1", "state": "enabled"}]
    assert answer("version") == {"version": VERSION}


# --- waiting for work -----------------------------------------------------------------------------------------------


def test_a_command_returns_what_its_job_brought(desk: Desk) -> None:
    assert (cli.finished(desk, enqueue(desk, "double", {"n": 4})).result or {})["twice"] == 8


def test_a_job_that_failed_raises_its_sentences(desk: Desk) -> None:
    with pytest.raises(WatchdeskError) as caught:
        cli.finished(desk, enqueue(desk, "refuse"))
    assert [str(part) for part in caught.value.parts()] == ["Not this.", "Try that."]
    assert not isinstance(caught.value, UsageError)  # the words were right: exit code 3, not 2


@pytest.mark.parametrize("state", ["cancelled", "interrupted"])
def test_a_job_that_was_stopped_says_so(desk: Desk, state: str) -> None:
    job_id = enqueue(desk, "double")
    with desk.connection() as db:
        db.execute("UPDATE jobs SET state = ?", (state,))
    with pytest.raises(WatchdeskError, match="stopped before its end"):
        cli.finished(desk, job_id)


def in_background(work: Callable[[], jobs.Job]) -> tuple[threading.Thread, list[jobs.Job]]:
    ended: list[jobs.Job] = []
    thread = threading.Thread(target=lambda: ended.append(work()))
    thread.start()
    return thread, ended


def test_beside_a_running_desk_the_desk_does_the_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FolderLock.take(desk.folder)
    assert lock is not None
    of_the_desk = jobs.Runner(desk)
    monkeypatch.setattr(jobs, "Runner", None)  # the command makes none of its own
    waiting, ended = in_background(lambda: cli.finished(desk, enqueue(desk, "double", {"n": 4})))
    of_the_desk.start()
    waiting.join(120)
    of_the_desk.stop()
    lock.release()
    assert [one.state for one in ended] == ["done"]


def test_a_command_does_the_work_itself_when_the_desk_closes_first(desk: Desk) -> None:
    lock = FolderLock.take(desk.folder)
    assert lock is not None
    waiting, ended = in_background(lambda: cli.finished(desk, enqueue(desk, "double", {"n": 4})))
    lock.release()
    waiting.join(120)
    assert [one.state for one in ended] == ["done"]


def test_two_commands_at_once_both_end_well(desk: Desk) -> None:
    numbers = [enqueue(desk, "double", {"n": number}) for number in (1, 2)]
    running = [in_background(lambda number=number: cli.finished(desk, number)) for number in numbers]
    for thread, _ in running:
        thread.join(120)
    assert [(one.result or {})["twice"] for _, ended in running for one in ended] == [2, 4]
    lock = FolderLock.take(desk.folder)
    assert lock is not None
    lock.release()
