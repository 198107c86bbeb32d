"""What a program wrote, out of the envelope that a container put around it: JSON, logfmt, or a line with a level."""

from __future__ import annotations

from desktop_app.extensions.logs.sources.applications.pairs_lines import LOGFMT, with_roles
from desktop_app.extensions.logs.sources.cutting import HOST, LONGEST, MESSAGE, TIME, Told
from desktop_app.extensions.logs.sources.jsonlines import load
from desktop_app.extensions.logs.sources.levels import level_in
from desktop_app.extensions.logs.sources.objects import flat


def inner(said: str) -> Told:
    """Return what a line says; its own time is left out, and the machine that it names is the container."""
    told: Told | None = None
    if said.startswith("{") and (found := load(said)) is not None:
        told = with_roles(flat(found))
    elif "=" in said:
        told = LOGFMT.cut(said[:LONGEST])
    if told is None:
        return {MESSAGE: said, "@level": level_in(said)}
    return {MESSAGE: said, **{name: value for name, value in told.items() if name not in {TIME, HOST}}}
