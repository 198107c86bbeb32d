"""Work on rules that takes longer than a page may, queued as jobs."""

from __future__ import annotations

from typing import Any, Literal

from desktop_app.core import jobs
from desktop_app.core.database import Connection, writing
from desktop_app.core.text import Text, text

PIPELINE_JOB = "logs.rules_pipeline"

Act = Literal["import", "on", "off", "remove"]
_PIPELINE_TITLES: dict[str, str] = {
    "import": text("Bring in the pipeline %(name)s").id,
    "on": text("Switch on the pipeline %(name)s").id,
    "off": text("Switch off the pipeline %(name)s").id,
    "remove": text("Remove the pipeline %(name)s").id,
}


def start_pipeline(db: Connection, act: Act, name: str, **given: Any) -> int:
    """Queue a change of the site's pipelines, which compiles rules anew; returns the job's id.

    ``given``: ``path`` of the file to bring in, ``upload`` where that is a copy of ours.
    """
    title = Text(_PIPELINE_TITLES[act], {"name": name})
    with writing(db):
        return jobs.enqueue(db, PIPELINE_JOB, title, {"act": act, "name": name, **given})
