"""The core's commands, and what every command shares: exit codes, JSON, one sentence on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

import orjson

from desktop_app.core import findings, jobs, saved_views, undoing
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.extension import Command
from desktop_app.core.model import Severity, Status, stamp
from desktop_app.core.outcomes import outcome
from desktop_app.core.text import text
from desktop_app.core.version import VERSION

DONE, FOUND = 0, 1
SEVERITIES = {word: severity for severity in Severity for word in (severity.name.lower(), str(int(severity)))}


def shared_words() -> argparse.ArgumentParser:
    """Return the words that every command takes, before or after its name."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--data-dir", metavar="DIR", help="the folder of the desk")
    shared.add_argument("--json", action="store_true", help="print one JSON value")
    return shared


def severity(words: str) -> Severity:
    """Read a severity by its number or its English name."""
    if words.lower() in SEVERITIES:
        return SEVERITIES[words.lower()]
    names = ", ".join(one.name.lower() for one in Severity)
    raise argparse.ArgumentTypeError(f"a severity is 1 to 5, or one of {names}")


def whole_number(words: str) -> int:
    """Read how many, or the number of a row: no sign, and no more than the database holds."""
    if words.isascii() and words.isdigit() and int(words) < 1 << 63:
        return int(words)
    raise argparse.ArgumentTypeError("a whole number is wanted")


def some(words: str) -> int:
    """Read how many, where none at all makes no sense."""
    number = whole_number(words)
    if number:
        return number
    raise argparse.ArgumentTypeError("a whole number from 1 on is wanted")


def show(arguments: argparse.Namespace, value: object, lines: Sequence[str]) -> None:
    """Print one JSON value where it was asked for, else lines for a person."""
    if arguments.json:
        sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
        sys.stdout.flush()
    else:
        # A log may hold what the console's code page does not: it is shown as escapes, never a crash.
        encoding = sys.stdout.encoding or "utf-8"
        for line in lines:
            print(line.encode(encoding, "backslashreplace").decode(encoding))  # noqa: T201 - this is a command's output


def finished(desk: Desk, job_id: int) -> jobs.Job:
    """Wait for a job; one that did not end well raises its sentences, for the exit code 3."""
    ended = jobs.run_to_end(desk, job_id)
    if ended.state != "done":
        what, *rest = ended.error or (text("The work was stopped before its end."),)
        raise WatchdeskError(what, why=rest[0] if rest else None, fix=rest[1] if len(rest) > 1 else None)
    return ended


# --- findings --------------------------------------------------------------------------------------------------------


def _configure_findings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--status", choices=["all", *[s.value for s in Status]], default="all")
    parser.add_argument("--min-severity", type=severity, default=Severity.INFORMATIONAL, metavar="N")
    parser.add_argument("--case", type=whole_number, metavar="N", help="only the findings of this case")
    parser.add_argument("--group-by", choices=["rule", "asset"])
    parser.add_argument("--fail-on", type=severity, metavar="SEVERITY")


def finding_json(db: Connection, row: findings.FindingRow) -> dict[str, object]:
    """Return the fixed JSON shape of a finding."""
    from desktop_app.core.rules import catalogue, texts  # with it come the rules and YAML

    found = catalogue.rule(db, row.rule_id)
    return {
        "id": row.id,
        "rule": row.rule_id,
        "severity": int(row.severity),
        "title": texts.finding_texts(found.body if found else "", row.values, "en").title or row.rule_id,
        "asset": row.asset,
        "count": row.count,
        "first_seen": stamp(row.first_seen),
        "last_seen": stamp(row.last_seen),
        "status": row.status.value,
    }


def _findings(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        if arguments.case is not None and cases.case(db, arguments.case) is None:
            raise UsageError(text("There is no such case."), fix=text("watchdesk cases lists them."))
        found = [
            row
            for row in findings.listing(db, findings.Filter("all", case=arguments.case), limit=100_000)
            if row.severity >= arguments.min_severity and arguments.status in {"all", row.status.value}
        ]
        shown = [finding_json(db, row) for row in found]
        if arguments.group_by:
            shown = _grouped(db, shown, arguments.group_by)
    if arguments.group_by:
        lines = [f"{one['findings']:6}  {one.get('title') or one['asset']}" for one in shown]
    else:
        lines = [_line(one) for one in shown]
    show(arguments, shown, lines or ["No findings."])
    failing = arguments.fail_on is not None and any(row.severity >= arguments.fail_on for row in found)
    return FOUND if failing else DONE


def _line(one: Mapping[str, object]) -> str:
    name = Severity(int(str(one["severity"]))).name.lower()
    return f"WD-{one['id']:<5} {name:13} {one['title']}  [{one['asset']}, {one['count']}x, last {one['last_seen']}]"


def _titled(db: Connection, name: str, key: str) -> dict[str, object]:
    """Return the title of a rule, for people do not know rules by their ids."""
    from desktop_app.core.rules import catalogue  # with it come the rules and YAML

    found = catalogue.rule(db, key) if name == "rule" else None
    return {"title": found.title if found else key} if name == "rule" else {}


def _grouped(db: Connection, shown: Sequence[Mapping[str, object]], name: str) -> list[dict[str, object]]:
    groups: dict[str, list[Mapping[str, object]]] = {}
    for one in shown:
        groups.setdefault(str(one[name]), []).append(one)
    return [
        {name: key, **_titled(db, name, key), "findings": len(members),
         "severity": max(int(str(one["severity"])) for one in members),
         "count": sum(int(str(one["count"])) for one in members)}
        for key, members in groups.items()
    ]  # fmt: skip


# --- cases ------------------------------------------------------------------------------------------------------------


def _configure_cases(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--closed", action="store_true", help="the closed ones instead of the open ones")


def case_json(one: cases.Case) -> dict[str, object]:
    """Return the JSON shape of a case."""
    return {
        "id": one.id, "name": one.name, "created": stamp(one.created), "closed": stamp(one.closed),
        "findings": one.findings, "open_findings": one.open_findings,
        "severity": int(one.severity) if one.severity else None, "first_seen": stamp(one.first),
        "last_seen": stamp(one.last), "tasks": one.tasks, "tasks_done": one.tasks_done,
    }  # fmt: skip


def _cases(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        found = cases.listing(db, closed=arguments.closed)
    lines = [f"{one.id:5}  {one.findings:5}  {one.tasks_done}/{one.tasks}  {one.name}" for one in found]
    show(arguments, [case_json(one) for one in found], lines or ["No cases."])
    return DONE


# --- jobs, undo, extensions, version ---------------------------------------------------------------------------------


def _jobs(desk: Desk, arguments: argparse.Namespace) -> int:
    jobs.recover_if_nobody_works(desk)
    with desk.connection() as db:
        found = jobs.listing(db, limit=arguments.limit)
    shown = [
        {"id": one.id, "kind": one.kind, "title": str(one.title), "state": one.state, "outcome": outcome(one),
         "progress": one.percent, "created": stamp(one.created), "finished": stamp(one.finished),
         "error": " ".join(str(part) for part in one.error) or None}
        for one in found
    ]  # fmt: skip
    show(arguments, shown, [f"{one['id']:5}  {one['outcome']:11}  {one['title']}" for one in shown] or ["No jobs."])
    return DONE


def _undo(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        undone = undoing.take_back(desk, db, arguments.id)
    for job_id in (undone.job_id,) if undone.job_id is not None else undone.then:
        finished(desk, job_id)
    show(arguments, {"undone": str(undone.summary)}, [f"Undone: {undone.summary}"])
    return DONE


def _extensions(desk: Desk, arguments: argparse.Namespace) -> int:
    shown = [{"id": one.id, "version": one.version, "state": "enabled"} for one in desk.extensions if not one.own]
    show(arguments, shown, [f"{one['id']:12} {one['version']}" for one in shown])
    return DONE


def _views(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        found = saved_views.listing(db)
    shown = [{"id": one.id, "name": one.name, "url": one.url} for one in found]
    show(arguments, shown, [f"{one.id:5}  {one.name}  {one.url}" for one in found] or ["No saved views."])
    return DONE


def _version(desk: Desk, arguments: argparse.Namespace) -> int:
    del desk
    show(arguments, {"version": VERSION}, [f"Watchdesk {VERSION}"])
    return DONE


def _configure_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=whole_number, default=20, metavar="N", help="how many, newest first")


def _configure_undo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=whole_number, nargs="?", help="which decision; the newest without it")


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser  # no words of its own


COMMANDS = (
    Command("findings", "list what is wrong", _configure_findings, _findings),
    Command("cases", "list the open cases, or the closed ones", _configure_cases, _cases),
    Command("jobs", "list the work that was done", _configure_jobs, _jobs),
    Command("undo", "take the newest decision back, or the one named", _configure_undo, _undo),
    Command("extensions", "list the extensions", _nothing, _extensions),
    Command("views", "list the saved views", _nothing, _views),
    Command("version", "print the version", _nothing, _version, opens=False),
)
