"""Times in which a live source was not heard, in words and as places on a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from desktop_app.core.model import Micros
from desktop_app.core.text import Text, ntext, text
from desktop_app.extensions.logs.store.live import Gap
from desktop_app.extensions.logs.views.present import Row
from desktop_app.web import context, times

MOST = 40  # drawn on one chart
_WHY: Mapping[str, Text] = {
    "paused": text("%(name)s: not listening %(when)s: it was paused"),
    "closed": text("%(name)s: not listening %(when)s: the program was closed"),
    "crashed": text("%(name)s: not listening %(when)s: the program ended unexpectedly"),
    "failed": text("%(name)s: not listening %(when)s: it could not listen"),
    "rotated": text("%(name)s: not read to its end %(when)s: a file was deleted or overwritten"),
}


def said(gap: Gap, zone: ZoneInfo, now: Micros) -> Text:
    """Say when a source was not heard and why."""
    when = _when(gap, zone, now)
    if gap.reason == "flood":
        return ntext(
            "%(name)s: 1 record lost %(when)s: they came faster than they could be stored",
            "%(name)s: %(shown)s records lost %(when)s: they came faster than they could be stored",
            num=gap.lost, shown=context.number(gap.lost), name=gap.name, when=when,
        )  # fmt: skip
    return replace(_WHY[gap.reason], params={"name": gap.name, "when": when})


def _when(gap: Gap, zone: ZoneInfo, now: Micros) -> Text:
    start = times.clock(gap.start, zone, now)
    if gap.end is None:
        return text("since %(start)s", start=start)
    end = times.local(gap.end, zone)
    same = end.date() == times.local(gap.start, zone).date()
    return text("%(start)s to %(end)s", start=start, end=f"{end:%H:%M:%S}" if same else times.clock(gap.end, zone, now))


def drawn(found: Sequence[Gap], start: Micros, end: Micros) -> list[Row]:
    """Return the gaps of a chart from ``start`` to ``end``, the longest first where there are too many, with words."""
    zone, now = context.zone(), context.now()
    held = [(max(one.start, start), min(now if one.end is None else one.end, end), one) for one in found]
    held = sorted((one for one in held if one[0] <= one[1]), key=lambda one: one[0] - one[1])[:MOST]
    return [
        {"start": first, "end": last, "said": context.render_text(said(one, zone, now))}
        for first, last, one in sorted(held, key=lambda one: one[0])
    ]
