"""The check of everything that is kept against its digests, as a job whose last result the pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core import jobs
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.events import checking
from desktop_app.core.jobs import JobContext
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, ntext, text

JOB = "desk.verify"
MOST = 200  # damages that are kept in words; the number is kept whole


@dataclass(frozen=True, slots=True)
class Result:
    """What the last whole check found, and when. ``damages`` holds the first of them, ``found`` says how many."""

    job_id: int
    time: Micros
    segments: int
    evidence: int
    found: int
    damages: tuple[Text, ...]


def start(db: Connection) -> int:
    """Queue a check and return the job."""
    with writing(db):
        return jobs.enqueue(db, JOB, text("Check of the event files"), {})


def run(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hold every event file and every copy of an event against its digest; nothing is changed."""
    del params
    segments, evidence = checking.amounts(context.db)
    found = list(checking.damages(context.desk.folder, context.db, context.progress))
    for one in found[:MOST]:
        context.log("error", one)
    if not found:
        context.log("info", text("Everything is what was written."))
    return {"segments": segments, "evidence": evidence, "damaged": len(found),
            "damages": [one.to_json() for one in found[:MOST]]}  # fmt: skip


def last(db: Connection) -> Result | None:
    """Return what the newest check that ran to its end found, None where there was none."""
    query = "SELECT id, finished, result FROM jobs WHERE kind = ? AND state = 'done' ORDER BY id DESC LIMIT 1"
    for row in rows(db, query, [JOB]):
        told = orjson.loads(row["result"])
        damages = tuple(Text.from_json(one) for one in told["damages"])
        return Result(row["id"], row["finished"], told["segments"], told["evidence"], told["damaged"], damages)
    return None


def trouble(result: Result) -> Text | None:
    """Say what a check found wrong, None where all is well."""
    if not result.found:
        return None
    return ntext("%(num)s thing is not as it was written", "%(num)s things are not as they were written",
                 num=result.found)  # fmt: skip
