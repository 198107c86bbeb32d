"""``watchdesk bring``: what a file would change, and taking it; ``watchdesk settings``: the settings as one file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core.cli import DONE, show
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, unwritable
from desktop_app.core.extension import Command
from desktop_app.core.text import Text, text

if TYPE_CHECKING:
    from desktop_app.web.bringing.known import Brought


def _configure_bring(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help="a file, a folder or a zip")
    parser.add_argument("--preview", action="store_true", help="only say what it would change")


def _bring(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.web.bringing import known

    path = known.path_of(arguments.path)
    if known.holds_rules(path):
        raise UsageError(
            text("These are rules: %(path)s", path=str(path)), fix=text("Bring them in by: watchdesk rules import PATH")
        )
    with desk.connection() as db:
        brought = known.examine(desk, db, path)
        decision = None if arguments.preview else known.take(desk, db, brought)
    value = brought_json(brought) | {"undo_id": decision.undo_id if decision else None}
    lines = [f"{one['what']:9} {one['path']}" for one in value["changes"]]
    lines += [f"not taken {one['path']}: {one['reason']}" for one in value["left"]]
    show(arguments, value, [*lines, str(decision.summary) if decision else "Nothing was changed."])
    return DONE


def brought_json(brought: Brought, say: Callable[[Text], str] = str) -> dict[str, Any]:
    """Return what was brought and what it would change, as programs read it; ``say`` puts sentences in a language."""
    from desktop_app.web.bringing import settings_file

    left = [{"path": name, "reason": say(why)} for name, why in brought.left]
    if isinstance(brought, settings_file.Plan):
        changes = [{"path": one.setting.key, "what": "changed", "before": one.before, "after": one.after}
                   for one in brought.changes]  # fmt: skip
        changes += [{"path": one.key, "what": "new", "after": say(one.told)} for one in brought.additions]
        return {"kind": "settings", "changes": changes, "left": left, "fault": []}
    files = [{"path": one.path, "what": one.what} for one in brought.filing.changes]
    return {"kind": brought.kind, "changes": files, "left": left, "fault": [say(one) for one in brought.fault]}


def _configure_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--export", type=Path, metavar="FILE", help="write them as one file, which bring takes back")


def _settings(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.core import settings
    from desktop_app.web.bringing import settings_file

    with desk.connection() as db:
        values = settings.current(db, desk.settings)
        content = settings_file.export(desk, db) if arguments.export else b""
    if arguments.export:
        _written(arguments.export, content)
    show(arguments, values, [str(arguments.export)] if arguments.export else [f"{k} = {v}" for k, v in values.items()])
    return DONE


def _written(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise unwritable(path, error) from error


COMMANDS = (
    Command("bring", "take handbook pages, a template of reports or saved settings from a file", _configure_bring,
            _bring),
    Command("settings", "list the settings, or write them as one file", _configure_settings, _settings),
)  # fmt: skip
