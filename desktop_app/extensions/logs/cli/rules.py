"""``watchdesk rules``: brings rules in, checks, lists, switches and tries them, and says what became of each."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.core import findings
from desktop_app.core.cli import DONE, finding_json, finished, shared_words, show
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, site
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.cli import matches, rules_desk
from desktop_app.extensions.logs.service import applying


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``rules``."""
    actions = parser.add_subparsers(
        dest="action",
        required=True,
        metavar="import | preview | check | list | enable | disable | exceptions | coverage | test | pipelines |"
        " values",
    )
    shared = [shared_words()]
    bringing = actions.add_parser("import", help="bring in a Sigma file, folder or zip", parents=shared)
    bringing.add_argument("path", type=Path)
    actions.add_parser("list", help="list the rules", parents=shared)
    actions.add_parser("coverage", help="say of each rule: fired, quiet, blocked, disabled or broken", parents=shared)
    trying = actions.add_parser("test", help="try a rule on a log file, without storing anything", parents=shared)
    trying.add_argument("rule", type=Path)
    trying.add_argument("path", type=Path)
    lines = actions.add_parser("pipelines", help="Sigma processing pipelines: field names of this site", parents=shared)
    choice = lines.add_mutually_exclusive_group()
    choice.add_argument("--import", dest="bring", metavar="FILE", type=Path, help="bring one in, switched on")
    for word in ("on", "off", "remove"):
        choice.add_argument(f"--{word}", metavar="NAME")
    given = actions.add_parser("values", help="what placeholders such as %%admins%% stand for here", parents=shared)
    given.add_argument("--set", dest="name", metavar="NAME", help="the values that follow; none take them away")
    given.add_argument("values", nargs="*")
    rules_desk.configure(actions, shared)


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """Do what was asked; only ``check`` ends with another code than 0."""
    if arguments.action in rules_desk.ACTIONS:
        return rules_desk.ACTIONS[arguments.action](desk, arguments)
    actions: dict[str, Callable[[Desk, argparse.Namespace], None]] = {
        "import": _rules_import,
        "list": _rules_list,
        "coverage": _rules_coverage,
        "test": _rules_test,
        "pipelines": _rules_pipelines,
        "values": _rules_values,
    }
    actions[arguments.action](desk, arguments)
    return DONE


def _rules_import(desk: Desk, arguments: argparse.Namespace) -> None:
    with desk.connection() as db:
        found = service.import_rules(db, arguments.path)
        job_id = applying.after_import(db, found)
    if job_id is not None:
        finished(desk, job_id)
    value = {
        "pack": found.pack, "new": len(found.new), "changed": len(found.changed), "unchanged": found.unchanged,
        "gone": len(found.gone), "broken": [{"path": path, "reason": str(reason)} for path, reason in found.broken],
        "unsupported": [{"path": path, "reason": str(reason)} for path, reason in found.unsupported],
    }  # fmt: skip
    lines = [f"{found.pack}: {value['new']} new, {value['changed']} changed, {value['gone']} gone"]
    lines += [f"not usable: {path}: {reason}" for path, reason in [*found.broken, *found.unsupported]]
    show(arguments, value, lines)


def _rules_list(desk: Desk, arguments: argparse.Namespace) -> None:
    with desk.connection() as db:
        found = catalogue.listing(db)
    shown = [
        {"id": one.id, "title": one.title, "level": one.level, "pack": one.pack, "path": one.path,
         "enabled": one.enabled,
         "state": one.state, "reason": str(one.reason) if one.reason else None}
        for one in found
    ]  # fmt: skip
    lines = [f"{one['level']:13} {one['title']}  [{one['pack']}: {one['path']}]  {one['id']}" for one in shown]
    show(arguments, shown, lines)


def _rules_coverage(desk: Desk, arguments: argparse.Namespace) -> None:
    with desk.connection() as db:
        found = [one | {"reason": one["reason"] and str(one["reason"])} for one in catalogue.coverage(db)]
    show(arguments, found, [_covered(one) for one in found])


def _covered(one: Mapping[str, Any]) -> str:
    why = f"  ({one['reason']})" if one["reason"] else ""
    return f"{one['state']:9} {one['matches']:>7}  {one['title']}{why}"


def _rules_test(desk: Desk, arguments: argparse.Namespace) -> None:
    """Read the file into an empty desk of its own, with that rule alone, and show what it finds there."""
    with tempfile.TemporaryDirectory() as place:
        aside = replace(desk, folder=DataFolder(Path(place)))
        matches.prepare_alone(aside, arguments.rule, desk)
        with aside.connection() as db:
            job_id = service.start_import(db, [str(arguments.path)])
        result = finished(aside, job_id).result or {}
        with aside.connection() as db, matches.opened(None) as out:
            count = matches.write(aside, db, catalogue.load(db, aside.folder), out)
            found = [finding_json(db, row) for row in findings.listing(db, findings.Filter("all"))]
    value = {"events": result["events"], "matches": count, "findings": found}
    lines = [f"{count} matches in {result['events']:,} events", *(str(one["title"]) for one in found)]
    show(arguments, value, lines)


def _apply(desk: Desk, db: Connection, decision: Decision | None) -> None:
    """Wait until what is stored was judged by the rules as a decision has left them."""
    job_id = applying.after(db, decision)
    if job_id is not None:
        finished(desk, job_id)


def _rules_pipelines(desk: Desk, arguments: argparse.Namespace) -> None:
    with desk.connection() as db:
        decision: Decision | None = None
        if arguments.bring:
            _, decision = site.import_pipeline(db, arguments.bring)
        elif arguments.remove:
            decision = site.remove_pipeline(db, arguments.remove)
        elif arguments.on or arguments.off:
            decision = site.switch_pipeline(db, arguments.on or arguments.off, on=bool(arguments.on))
        _apply(desk, db, decision)
        found = site.pipelines(db)
    shown = [
        {"name": one.name, "title": one.about.title, "enabled": one.enabled, "priority": one.about.priority,
         "transformations": one.about.items,
         "renames": dict(one.about.renames),
         "left_out": [{"name": part.kind, "reason": str(part.reason), "line": part.line}
                      for part in one.about.left_out]}
        for one in found
    ]  # fmt: skip
    lines = [f"{'on ' if one.enabled else 'off'}  {one.name}  {one.about.title}" for one in found]
    lines += [f"left out: {one.name}: line {part.line}: {part.kind}: {part.reason}"
              for one in found for part in one.about.left_out]  # fmt: skip
    show(arguments, shown, lines or ["There are no pipelines."])


def _rules_values(desk: Desk, arguments: argparse.Namespace) -> None:
    with desk.connection() as db:
        if arguments.name:
            _apply(desk, db, site.set_values(db, arguments.name, arguments.values))
        found = site.placeholders(db)
    shown = [{"name": one.name, "values": list(one.values), "rules": one.rules} for one in found]
    lines = [f"%{one.name}%  {one.rules} rules  {', '.join(one.values) or '-'}" for one in found]
    show(arguments, shown, lines or ["No imported rule waits for values."])
