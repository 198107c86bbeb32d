"""The commands that Logs adds. Each waits until its work is done; beside a running desk that one does it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import orjson

from desktop_app.core import findings
from desktop_app.core.cli import DONE, finding_json, finished, shared_words, show
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable, UsageError, WatchdeskError
from desktop_app.core.events import catalogue as segments
from desktop_app.core.model import ORDINAL_BITS
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, site
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.cli import live, searching

# --- import ----------------------------------------------------------------------------------------------------------


def _configure_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--format", metavar="F", help="take every file as this format instead of looking")
    parser.add_argument("--tz", metavar="ZONE", help="time zone of lines without one, such as Europe/Berlin")
    parser.add_argument("--host", metavar="NAME", help="machine of lines that name none, such as access logs")
    parser.add_argument("--no-detect", action="store_true", help="store the events without applying the rules")


def _import(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        job_id = service.start_import(
            db,
            arguments.paths,
            format_id=arguments.format,
            zone=arguments.tz,
            host=arguments.host,
            detect=not arguments.no_detect,
        )
    return _show_import(arguments, finished(desk, job_id).result or {})


def _show_import(arguments: argparse.Namespace, result: Mapping[str, Any]) -> int:
    value = {name: one for name, one in result.items() if name not in {"import", "known"}}
    known = set(result.get("known", ()))
    lines = [_file_line(one, known=index in known) for index, one in enumerate(result["files"])]
    total = f"{result['events']:,} events, {result['findings']} findings, {result['seconds']} s"
    show(arguments, value, [*lines, total])
    files = result["files"]
    if files and all(one["error"] and not one["events"] for one in files):
        first = text("%(name)s: %(problem)s", name=files[0]["path"], problem=files[0]["error"])
        raise SourceUnreadable(text("Nothing of what was given could be read."), why=first)
    return DONE


def _file_line(one: Mapping[str, Any], *, known: bool) -> str:
    words = [f"{one['events']:>10,}", f"{one['format'] or '-':12}", one["path"]]
    words += [one["error"]] if one["error"] else ["imported before"] if known else []
    return "  ".join(words)


def _configure_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="also beside logs of your own")


def _demo(desk: Desk, arguments: argparse.Namespace) -> int:
    with desk.connection() as db:
        job_id = service.fill_with_sample_data(db, anyway=arguments.force)
    return _show_import(arguments, finished(desk, job_id).result or {})


# --- detect ----------------------------------------------------------------------------------------------------------


def _configure_detect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rules", metavar="PATH", type=Path, help="only these rules, without bringing them in")
    parser.add_argument("--matches", metavar="FILE", type=Path, help="write a JSON line a match into this file")


def _detect(desk: Desk, arguments: argparse.Namespace) -> int:
    matches = None
    with desk.connection() as db:
        if arguments.rules or arguments.matches:
            ruleset = _only(desk, arguments.rules) if arguments.rules else catalogue.load(db, desk.folder)
            with _opened(arguments.matches) as out:
                matches = _write_matches(desk, db, ruleset, out)
        if not arguments.rules:
            job_id = service.start_detect(db)
    result: dict[str, Any] = {} if arguments.rules else dict(finished(desk, job_id).result or {})
    if matches is not None:
        result["matches"] = matches
    show(arguments, result, [f"{name}: {one}" for name, one in result.items()])
    return DONE


def _prepare_alone(aside: Desk, path: Path) -> None:
    """Make an empty desk that knows only the rules of ``path``."""
    aside.prepare()
    with aside.connection() as db:
        with writing(db):
            db.execute("DELETE FROM rules")
        found = catalogue.import_rules(db, path)
        if not catalogue.listing(db, state="ready"):
            reasons = [reason for _, reason in (*found.broken, *found.unsupported)]
            raise UsageError(
                text("No rule in %(path)s can be used.", path=str(path)), why=reasons[0] if reasons else None
            )


def _only(desk: Desk, path: Path) -> RuleSet:
    """Compile rules in an empty folder of their own, so that nothing of this desk changes."""
    with tempfile.TemporaryDirectory() as place:
        aside = replace(desk, folder=DataFolder(Path(place)))
        _prepare_alone(aside, path)
        with aside.connection() as db:
            return catalogue.load(db, aside.folder)


def _opened(target: Path | None) -> IO[bytes]:
    """Open the file for matches, or one that is forgotten where they are only counted."""
    try:
        return target.open("wb") if target else tempfile.TemporaryFile()
    except OSError as error:
        raise WatchdeskError(
            text("Cannot write to %(path)s.", path=str(target)),
            why=text("The system says: %(detail)s", detail=error.strerror or str(error)),
            fix=text("Choose a folder that this account may write to."),
        ) from error


def _write_matches(desk: Desk, db: Connection, ruleset: RuleSet, out: IO[bytes]) -> int:
    count = 0
    names = {row["id"]: row for row in db.query("SELECT id, path, member FROM files")}
    for segment, batch in desk.events.load(db, [one.id for one in segments.live(db)]):
        origin = names[segment.min_id >> ORDINAL_BITS]
        path = f"{origin['path']}!{origin['member']}" if origin["member"] else origin["path"]
        for match in ruleset.examine(batch):
            count += len(match.rows)
            for row in match.rows.tolist():
                record = int(batch.ordinal[row])
                out.write(orjson.dumps({"rule": match.rule_id, "path": path, "record": record}) + b"\n")
    return count


# --- sources and rules -----------------------------------------------------------------------------------------------


def _configure_rules(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="import PATH | list | coverage | test | pipelines | values"
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


def _rules(desk: Desk, arguments: argparse.Namespace) -> int:
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
        job_id = service.start_detect(db) if segments.live(db) and (found.new or found.changed or found.gone) else None
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
    show(arguments, found, [f"{one['state']:9} {one['matches']:>7}  {one['title']}" for one in found])


def _rules_test(desk: Desk, arguments: argparse.Namespace) -> None:
    """Read the file into an empty desk of its own, with that rule alone, and show what it finds there."""
    with tempfile.TemporaryDirectory() as place:
        aside = replace(desk, folder=DataFolder(Path(place)))
        _prepare_alone(aside, arguments.rule)
        with aside.connection() as db:
            job_id = service.start_import(db, [str(arguments.path)])
        result = finished(aside, job_id).result or {}
        with aside.connection() as db, _opened(None) as out:
            matches = _write_matches(aside, db, catalogue.load(db, aside.folder), out)
            found = [finding_json(db, row) for row in findings.listing(db, findings.Filter("all"))]
    value = {"events": result["events"], "matches": matches, "findings": found}
    lines = [f"{matches} matches in {result['events']:,} events", *(str(one["title"]) for one in found)]
    show(arguments, value, lines)


def _rules_pipelines(desk: Desk, arguments: argparse.Namespace) -> None:
    with desk.connection() as db:
        if arguments.bring:
            site.import_pipeline(db, arguments.bring)
        elif arguments.remove:
            site.remove_pipeline(db, arguments.remove)
        elif arguments.on or arguments.off:
            site.switch_pipeline(db, arguments.on or arguments.off, on=bool(arguments.on))
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
            site.set_values(db, arguments.name, arguments.values)
        found = site.placeholders(db)
    shown = [{"name": one.name, "values": list(one.values), "rules": one.rules} for one in found]
    lines = [f"%{one.name}%  {one.rules} rules  {', '.join(one.values) or '-'}" for one in found]
    show(arguments, shown, lines or ["No imported rule waits for values."])


COMMANDS = {
    "import": (_configure_import, _import),
    "search": (searching.configure, searching.run),
    "detect": (_configure_detect, _detect),
    "sources": (live.configure, live.run),
    "rules": (_configure_rules, _rules),
    "demo": (_configure_demo, _demo),
}
