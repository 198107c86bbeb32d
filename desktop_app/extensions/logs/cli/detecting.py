"""``watchdesk detect`` and ``compact``: what is done with the stored events as a whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop_app.core.cli import DONE, finished, show
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.cli import matches
from desktop_app.extensions.logs.service import applying


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words of ``detect``."""
    parser.add_argument("--rules", metavar="PATH", type=Path, help="only these rules, without bringing them in")
    parser.add_argument("--matches", metavar="FILE", type=Path, help="write a JSON line a match into this file")


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """Apply the rules of the desk, or those of a folder alone."""
    count = None
    with desk.connection() as db:
        if arguments.rules or arguments.matches:
            ruleset = matches.only(desk, arguments.rules) if arguments.rules else catalogue.load(db, desk.folder)
            with matches.opened(arguments.matches) as out:
                count = matches.write(desk, db, ruleset, out)
        if not arguments.rules:
            job_id = applying.start_detect(db)
    result: dict[str, Any] = {} if arguments.rules else dict(finished(desk, job_id).result or {})
    if count is not None:
        result["matches"] = count
    show(arguments, result, [f"{name}: {one}" for name, one in result.items()])
    return DONE


def configure_compact(parser: argparse.ArgumentParser) -> None:
    """Add no words: ``compact`` has none of its own."""
    del parser


def run_compact(desk: Desk, arguments: argparse.Namespace) -> int:
    """Put the small event files of live sources together."""
    with desk.connection() as db:
        job_id = service.start_compaction(db)
    told = finished(desk, job_id).result or {}
    done = f"{told['files']:,} small event files became {told['segments']:,}."
    show(arguments, told, [done if told["files"] else "No small event files were left to put together."])
    return DONE
