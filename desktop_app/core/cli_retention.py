"""``watchdesk retention``: what would go beyond the limits, and letting it go."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from desktop_app.core.cli import DONE, finished, show, whole_number
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Command
from desktop_app.core.keeping import ages, retention
from desktop_app.core.keeping.retention import MEGABYTE, Limits, Outlook
from desktop_app.core.model import stamp
from desktop_app.core.text import text


def _configure(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--preview", action="store_true", help="only say what would go; so it is without a word too")
    what.add_argument("--apply", action="store_true", help="let it go")
    parser.add_argument("--days", type=whole_number, metavar="N", help="instead of the setting, this once")
    parser.add_argument("--megabytes", type=whole_number, metavar="N", help="keep at most so many, this once")
    parser.add_argument("--source", action="append", metavar="NAME=DAYS", help="days for one source, this once")
    parser.add_argument("--since", choices=("event", "read"), help="what age counts from, this once")
    parser.add_argument("--grace", type=whole_number, metavar="DAYS", help="until deletion, this once; 0: at once")


def _run(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.core.keeping import retiring

    at = desk.clock()
    with desk.connection() as db:
        limits = _limits(retention.limits(db), arguments)
        seen = retention.outlook(db, limits, at)
        job_id = retiring.start(db, limits, at) if arguments.apply and seen.segments else None
    value = outlook_json(seen)
    lines = _lines(seen)
    if job_id is not None:
        value["removed"] = finished(desk, job_id).result
        lines.append(f"Taken away: {value['removed']['events']:,} events.")
    show(arguments, value, lines)
    return DONE


def _limits(standing: Limits, arguments: argparse.Namespace) -> Limits:
    """Return the limits of the settings with those of the command in their place."""
    if any(number is not None and number > ages.LONGEST for number in (arguments.days, arguments.grace)):
        raise UsageError(text("That is longer than any event has lain."))
    try:
        sources = standing.sources if arguments.source is None else ages.read(";".join(arguments.source))
    except ValueError as error:
        raise UsageError(text("Write a name and days, as Firewall = 30: %(part)s", part=str(error))) from None
    return replace(
        standing,
        days=standing.days if arguments.days is None else arguments.days,
        bytes=standing.bytes if arguments.megabytes is None else arguments.megabytes * MEGABYTE,
        sources=sources,
        since=arguments.since or standing.since,
        grace=standing.grace if arguments.grace is None else arguments.grace,
    )


def outlook_json(seen: Outlook) -> dict[str, Any]:
    """Return what would go as programs read it."""
    parts = [
        {"source": one.source, "events": one.events, "bytes": one.bytes, "first": stamp(one.first),
         "last": stamp(one.last), "stays": one.stays}
        for one in seen.parts
    ]  # fmt: skip
    deleted = stamp(seen.at + seen.limits.grace * retention.DAY)
    return {
        "limits": seen.limits.to_json(), "events": seen.events, "bytes": seen.bytes, "segments": len(seen.segments),
        "sources": parts, "findings": seen.findings, "findings_open": seen.open, "findings_gone": seen.gone,
        "marked": seen.marked, "deleted": deleted, "undo": bool(seen.limits.grace),
    }  # fmt: skip


def _lines(seen: Outlook) -> list[str]:
    if not seen.limits.any:
        return ["No limit is set: events are kept for ever."]
    if not seen.segments:
        return ["Nothing is beyond the limits."]
    lines = [f"{one.events:>12,}  {one.bytes:>14,} bytes  {stamp(one.first)} to {stamp(one.last)}  {one.source}"
             for one in seen.parts]  # fmt: skip
    lines.append(f"{seen.events:>12,}  {seen.bytes:>14,} bytes  in {len(seen.segments):,} event files")
    lines.append(f"{seen.open:,} open findings and {seen.marked:,} marked events keep copies; {seen.gone:,} others go.")
    grace = seen.limits.grace
    return [*lines, f"It can be undone for {grace} days." if grace else "It is deleted at once and can't be undone."]


COMMANDS = (Command("retention", "say what is beyond the limits of retention, and let it go", _configure, _run),)
