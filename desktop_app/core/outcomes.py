"""How a job ended, as a person sees it: one that ran to its end may yet have brought nothing."""

from __future__ import annotations

from desktop_app.core.jobs import Job


def outcome(job: Job) -> str:
    """Return the state of a job; of an import that is done ``unread`` where no file could be read, ``part`` where some.

    An import goes on past a file that it cannot read, so that the others are read; to the person that is no success.
    """
    files = (job.result or {}).get("files")
    if job.state != "done" or not isinstance(files, list):
        return job.state
    bad = [one for one in files if one.get("error")]
    nothing = bad and len(bad) == len(files) and not any(one.get("events") for one in files)
    return "unread" if nothing else "part" if bad else "done"
