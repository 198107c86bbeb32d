"""``watchdesk rules preview | check | enable | disable | exceptions``: the rule desk for scripts, in fixed shapes."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core.cli import DONE, FOUND, finished, shared_words, show, whole_number
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.rules import catalogue, exceptions, own, staging
from desktop_app.core.rules.exceptions import Wanted
from desktop_app.core.rules.own import Checked
from desktop_app.core.settings import SITE_ZONE, get
from desktop_app.core.sigma.documents import Document, documents, read_text
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import text
from desktop_app.extensions.logs.forms import LEVELS, end_of_day, read_rules
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.service.rules import exception_json

# What argparse returns for a set of commands is of a class that it does not name.
Actions = Any


def configure(actions: Actions, shared: list[argparse.ArgumentParser]) -> None:
    """Add these actions to ``rules``."""
    looking = actions.add_parser("preview", help="say what an import would change, without storing", parents=shared)
    looking.add_argument("path", type=Path)
    checking = actions.add_parser("check", help="check a file; exit code 1 where a rule cannot be used", parents=shared)
    checking.add_argument("path", type=Path)
    for name, told in (("enable", "switch rules on"), ("disable", "switch rules off")):
        switching = actions.add_parser(name, help=told, parents=shared)
        switching.add_argument("id", nargs="*", help="ids of rules; what else is asked for must hold too")
        switching.add_argument("--level", choices=LEVELS)
        switching.add_argument("--status", metavar="S", help="maturity: stable, test, experimental")
        switching.add_argument("--tag", metavar="T", help="a tag, or what stands before a dot in it")
        switching.add_argument("--path", metavar="P", help="folder or file of the pack")
        switching.add_argument("--pack", metavar="NAME")
    _configure_exceptions(actions.add_parser("exceptions", help="what rules pass over on this site", parents=shared))


def _configure_exceptions(parser: argparse.ArgumentParser) -> None:
    shared = [shared_words()]
    does = parser.add_subparsers(dest="does", metavar="list | add RULE | remove ID")
    listing = does.add_parser("list", help="list them, those of one rule with its ended ones", parents=shared)
    listing.add_argument("rule", nargs="?", metavar="RULE")
    adding = does.add_parser("add", help="let a rule pass over events", parents=shared)
    adding.add_argument("rule", metavar="RULE", help="the id of the rule")
    told = "such as Image|endswith=x.exe; again for more values, or for more fields that hold too"
    adding.add_argument("--field", action="append", required=True, metavar="NAME=VALUE", help=told)
    adding.add_argument("--reason", required=True)
    adding.add_argument("--until", metavar="DAY", default="", help="its last day, such as 2026-12-31")
    does.add_parser("remove", help="lift one", parents=shared).add_argument("id", type=whole_number)


# --- preview and check -----------------------------------------------------------------------------------------------


def _preview(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        made, _ = staging.look(db, arguments.path)
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in made.planned:
        reason = str(one.reason) if one.reason else None
        shown = {"id": one.id, "path": one.path, "title": one.title, "level": one.level, "reason": reason}
        told[one.what].append(shown | {"pack": one.pack or made.pack})
    kinds = [what for what in staging.WHATS if what != "unchanged"]
    value = {"pack": made.pack, "files": made.files, "unchanged": len(told["unchanged"])}
    counts = ", ".join(f"{len(told[what])} {what}" for what in kinds)
    lines = [f"{made.pack}: {counts}, {value['unchanged']} unchanged"]
    lines += [f"{what:12} {one['path']}  {one['title']}" + (f"  ({one['reason']})" if one["reason"] else "")
              for what in kinds for one in told[what]]  # fmt: skip
    show(arguments, value | {what: told[what] for what in kinds}, lines)
    return DONE


def _check(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        rules = [one for file in catalogue.files_in(arguments.path) for one in _checked(db, file.path, file.content)]
    lines = [_problem_line(one, problem) for one in rules for problem in one["problems"]]
    usable = sum(one["usable"] for one in rules)
    show(arguments, rules, [*lines, f"{usable} of {len(rules)} rules can be used"])
    return DONE if usable == len(rules) else FOUND


def _problem_line(one: Mapping[str, Any], problem: Mapping[str, Any]) -> str:
    kind = "error" if problem["error"] else "note"
    return f"{one['path']}:{problem['line']}:{problem['column']}: {kind}: {problem['reason']}"


def _checked(db: Connection, path: str, content: bytes | RuleBroken) -> Iterator[dict[str, Any]]:
    """Check each rule of a file; lines count from the beginning of the file."""
    try:
        if isinstance(content, RuleBroken):
            raise content
        found = list(documents(read_text(content)))
    except RuleBroken as broken:
        found = [broken]
    for one in found or [RuleBroken(text("The file is empty."))]:
        if isinstance(one, Document):
            checked = own.check(db, one.text, str(one.data["id"]) if one.data.get("id") else None)
            yield _told(path, checked, one.line - 1)
        else:
            yield _told(path, Checked((own.Problem(one.reason, one.line, one.column),)), 0)


def _told(path: str, checked: Checked, before: int) -> dict[str, Any]:
    problems = [{"line": one.line + before if one.line else 0, "column": one.column, "error": one.error,
                 "reason": str(one.reason)} for one in checked.problems]  # fmt: skip
    rule = checked.rule
    return {"path": path, "id": rule.id if rule else None, "title": rule.title if rule else None,
            "usable": checked.usable, "words": checked.words("en"), "problems": problems}  # fmt: skip


# --- switching -------------------------------------------------------------------------------------------------------


def _switch(desk: Desk, arguments: argparse.Namespace) -> int:
    on = arguments.action == "enable"
    asked = {name: getattr(arguments, name) or "" for name in ("level", "status", "tag", "path", "pack")}
    form = read_rules(asked)
    if not arguments.id and not any(asked.values()):
        raise UsageError(
            text("No rule was chosen."), fix=text("Name rules by id, --level, --status, --tag, --path or --pack.")
        )
    with desk.connection() as db:
        known = catalogue.listing(db)
        unknown = set(arguments.id) - {one.id for one in known}
        if unknown:
            raise UsageError(text("There is no rule %(id)s.", id=min(unknown)))
        ids = [one.id for one in known if one.enabled is not on and one.state == "ready" and form.fits(one)
               and (not arguments.id or one.id in arguments.id)]  # fmt: skip
        decision = (catalogue.enable if on else catalogue.disable)(db, ids)
        job_id = applying.after(db, decision) if on else None
    if job_id is not None:
        finished(desk, job_id)
    undo_id = decision.undo_id if decision else None
    words = f"{len(ids)} rules switched {'on' if on else 'off'}"
    show(arguments, {"enabled": on, "switched": ids, "undo_id": undo_id}, [words])
    return DONE


# --- exceptions ------------------------------------------------------------------------------------------------------


def _exceptions(desk: Desk, arguments: argparse.Namespace) -> int:
    does = arguments.does or "list"
    with desk.connection() as db:
        if does == "list":
            _list_exceptions(desk, db, arguments)
            return DONE
        if does == "add":
            zone = ZoneInfo(str(get(db, SITE_ZONE)))
            wanted = Wanted(_fields(arguments.field), arguments.reason, end_of_day(arguments.until, zone))
            decision = exceptions.add(db, arguments.rule, wanted, desk.clock())
            number = exceptions.of_rule(db, arguments.rule)[0].id
        else:
            number, decision = arguments.id, exceptions.end(db, arguments.id)
            job_id = applying.after(db, decision)
            if job_id is not None:
                finished(desk, job_id)
    show(arguments, {"id": number, "undo_id": decision.undo_id}, [str(decision.summary)])
    return DONE


def _list_exceptions(desk: Desk, db: Connection, arguments: argparse.Namespace) -> None:
    rule = getattr(arguments, "rule", None)
    if rule is not None and catalogue.rule(db, rule) is None:
        raise UsageError(text("There is no rule %(id)s.", id=rule))
    found = exceptions.every(db, desk.clock()) if rule is None else exceptions.of_rule(db, rule)
    shown = [exception_json(one, desk.clock()) for one in found]
    lines = [f"{one['id']:>5}  {one['rule']}  {one['reason']}" for one in shown]
    show(arguments, shown, lines or ["There are no exceptions."])


def _fields(given: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    fields: dict[str, list[str]] = defaultdict(list)
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise UsageError(text("This is no field with a value: %(words)s", words=one[:80]),
                             fix=text("Write it like Image|endswith=x.exe."))  # fmt: skip
        fields[name.strip()].append(value)
    return tuple((name, tuple(values)) for name, values in fields.items())


ACTIONS: Mapping[str, Callable[[Desk, argparse.Namespace], int]] = {
    "preview": _preview,
    "check": _check,
    "enable": _switch,
    "disable": _switch,
    "exceptions": _exceptions,
}
