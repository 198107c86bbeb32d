"""Logs: what a site's machines wrote, searched and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from desktop_app.core.extension import (
    Action,
    Command,
    Extension,
    Health,
    Hit,
    JobKind,
    Listener,
    NavItem,
    Question,
    SlowWayBack,
)
from desktop_app.core.paths import resource
from desktop_app.core.settings import key_setting
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from desktop_app.extensions.logs.migrations import logs

if TYPE_CHECKING:
    import argparse

    from flask import Blueprint

    from desktop_app.core.database import Connection
    from desktop_app.core.desk import Desk
    from desktop_app.core.jobs import JobContext
    from desktop_app.core.operations import Operation

    _Words = tuple[Callable[[argparse.ArgumentParser], None], Callable[[Desk, argparse.Namespace], int]]

Params = Mapping[str, Any]


def _blueprint() -> Blueprint:
    from desktop_app.extensions.logs.views import blueprint

    return blueprint


def _with_coverage(run: Callable[[JobContext, Params], Params], context: JobContext, params: Params) -> Params:
    """Run a job that may change which rules could fire, and judge that here: no page shall wait for it."""
    from desktop_app.core.rules.coverage import kept

    result = run(context, params)
    kept(context.db)
    return result


def _import(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.importing import run_import

    return _with_coverage(run_import, context, params)


def _look(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.looking import run_look

    return _with_coverage(run_look, context, params)


def _demo(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.looking import run_demo

    return run_demo(context, params)


def _zone(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.zone import run_zone

    return run_zone(context, params)


def _format(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.format import run_format

    return run_format(context, params)


def _rules_preview(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.rules import run_preview

    return run_preview(context, params)


def _rules_import(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.rules import run_import

    return _with_coverage(run_import, context, params)


def _rules_pipeline(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.rules import run_pipeline

    return _with_coverage(run_pipeline, context, params)


def _rules_trial(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.rules import run_trial

    return run_trial(context, params)


def _detect(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.detecting import run_detect

    return run_detect(context, params)


def _compact(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.compacting import run

    return run(context, params)


def _undo(context: JobContext, params: Params) -> Params:
    from desktop_app.extensions.logs.jobs.undoing import run_undo

    return run_undo(context, params)


def _wanted(db: Connection) -> bool:
    from desktop_app.extensions.logs.store.live import any_wanted

    return any_wanted(db)


def _listen(desk: Desk, wait: Callable[[float], bool]) -> None:
    from desktop_app.extensions.logs.jobs.live import run

    run(desk, wait)


def _size(db: Connection, before: Params) -> int:
    from desktop_app.extensions.logs.service.reverting import size_of_import

    return size_of_import(db, before)


def _rules_put_back(db: Connection, former: Mapping[str, str]) -> int | None:
    from desktop_app.extensions.logs.service.applying import apply_again

    return apply_again(db, former)


def _health(desk: Desk) -> tuple[Health, ...]:
    from desktop_app.extensions.logs.service import health

    return health(desk)


def _revert_import(desk: Desk, db: Connection, before: Params) -> Sequence[str]:
    from desktop_app.extensions.logs.service.reverting import revert_import

    return revert_import(desk, db, before)


def _revert_zone(desk: Desk, db: Connection, before: Params) -> Sequence[str]:
    from desktop_app.extensions.logs.service.reverting import revert_zone

    return revert_zone(desk, db, before)


def _revert_format(desk: Desk, db: Connection, before: Params) -> Sequence[str]:
    from desktop_app.extensions.logs.service.reverting import revert_format

    return revert_format(desk, db, before)


def _forget_format(_desk: Desk, db: Connection, before: Params) -> Sequence[str]:
    from desktop_app.extensions.logs.store.taught import put_back

    put_back(db, before)
    return ()


def _search(desk: Desk, db: Connection, question: Question) -> Sequence[Hit]:
    from desktop_app.extensions.logs.service import search_palette

    return search_palette(desk, db, question)


def _operations() -> Sequence[Operation]:
    from desktop_app.extensions.logs.views.operations import OPERATIONS

    return OPERATIONS


def _words(name: str) -> _Words:
    """Return the two halves of a command. Only its own module is loaded: several take long, and much memory."""
    if name in {"import", "demo"}:
        from desktop_app.extensions.logs.cli import importing

        if name == "demo":
            return importing.configure_demo, importing.run_demo
        return importing.configure, importing.run
    if name in {"detect", "compact"}:
        from desktop_app.extensions.logs.cli import detecting

        if name == "compact":
            return detecting.configure_compact, detecting.run_compact
        return detecting.configure, detecting.run
    from desktop_app.extensions.logs.cli import formats, live, rules, searching

    words = {"formats": formats, "sources": live, "rules": rules, "search": searching}[name]
    return words.configure, words.run


def _command(name: str) -> Command:
    def configure(parser: argparse.ArgumentParser) -> None:
        _words(name)[0](parser)

    def run(desk: Desk, arguments: argparse.Namespace) -> int:
        return _words(name)[1](desk, arguments)

    return Command(name, _COMMANDS[name], configure, run)


_COMMANDS = {
    "import": "read log files, folders and archives",
    "search": "search the stored events",
    "detect": "apply the rules to the stored events",
    "sources": "list the imports; list, add, change, pause and remove live sources",
    "rules": "import, list and try rules; say what became of each",
    "compact": "put the small event files of live sources together",
    "formats": "list the log formats; bring in, save and forget those that were taught",
    "demo": "fill the desk with generated sample data",
}

extension = Extension(
    id="logs",
    title=text("Logs"),
    version=VERSION,
    navigation=(NavItem(text("Logs"), "logs.search", "logs", 30),),
    blueprint=_blueprint,
    migrations=logs,
    listener=Listener(_wanted, _listen),
    scripts=("logs/import.js",),
    jobs=(
        JobKind("logs.import", text("Import"), _import),
        JobKind("logs.look", text("Look at this computer"), _look),
        JobKind("logs.demo", text("Sample data"), _demo),
        JobKind("logs.zone", text("Change of time zone"), _zone),
        JobKind("logs.format", text("Change of log format"), _format),
        JobKind("logs.detect", text("Detection"), _detect),
        JobKind("logs.rules_preview", text("Preview of rules"), _rules_preview),
        JobKind("logs.rules_import", text("Import of rules"), _rules_import),
        JobKind("logs.rules_trial", text("Trial of a rule"), _rules_trial),
        JobKind("logs.rules_pipeline", text("Pipeline of rules"), _rules_pipeline),
        JobKind("logs.compact", text("Small event files"), _compact, resumes=True),
        JobKind("logs.undo", text("Undo"), _undo, resumes=True),
    ),
    commands=tuple(_command(name) for name in _COMMANDS),
    health=_health,
    settings=(
        key_setting("earlier", "[", text("Previous bar of the chart")),
        key_setting("later", "]", text("Next bar of the chart")),
        key_setting("live", "l", text("Live tail on or off")),
        key_setting("zoom_in", "+", text("Zoom in in time")),
        key_setting("zoom_out", "-", text("Zoom out in time")),
    ),
    actions=(
        Action(text("Import logs"), "logs.import_page", "plus", words=text("open, read, add, drop, files")),
        Action(text("Detections"), "logs.detections", "check", words=text("rules, Sigma, coverage")),
        Action(
            text("Values and pipelines for rules"),
            "logs.rules_site",
            "settings",
            sets=True,
            words=text("placeholders, Sigma processing pipelines, field names, mapping"),
        ),
        Action(
            text("Sources of the logs"),
            "logs.sources",
            "archive",
            sets=True,
            words=text("live sources, imports, files, time zone"),
        ),
        Action(
            text("Add a live source"),
            "logs.live_new",
            "logs",
            sets=True,
            words=text("syslog, listener, follow, tail, drop folder, journal, TLS, port 5514"),
        ),
        Action(
            text("Put small event files together"),
            "logs.compact",
            "archive",
            post=True,
            words=text("compaction, segments, merge, faster"),
        ),
        Action(text("Log formats"), "logs.formats", "file", words=text("parser, teach, pattern, columns, CSV")),
        Action(text("Look at this computer"), "logs.look", "computer", post=True, words=text("local, this machine")),
    ),
    search=_search,
    search_later="logs.palette",
    unseen="logs.unseen",
    takes_rules="logs.import_rules",
    operations=_operations,
    ways_back={
        "logs.import": _revert_import,
        "auto.logs.live": _revert_import,
        "logs.zone": _revert_zone,
        "logs.format": _revert_format,
        "logs.formats": _forget_format,
    },
    slow_ways_back={name: SlowWayBack("logs.undo", _size) for name in ("logs.import", "auto.logs.live")},
    rules_put_back=_rules_put_back,
    rules=resource("extensions", "logs", "rules"),
    handbook=resource("extensions", "logs", "handbook"),
)
