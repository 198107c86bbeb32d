"""An alert in words: what of a message leaves, cleaned of whatever a log may have put into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from desktop_app.core import settings
from desktop_app.core.model import Micros, local, moment
from desktop_app.core.notify import Item, Message
from desktop_app.core.text import Text, ntext, text

LONGEST = 300
SEVERITIES: Mapping[int, Text] = {int(value): word for value, word in settings.NOTIFY_SEVERITY.choices}


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that one delivery needs. ``config`` and ``secrets`` are the channel's; ``site`` names the desk."""

    config: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    message: Message
    name: str
    site: str
    zone: str
    at: Micros
    say: Callable[[Text], str] = str


@dataclass(frozen=True, slots=True)
class Shown:
    """What would leave: whereto, and the content word for word."""

    target: str
    content: str


def clean(words: str, most: int = LONGEST) -> str:
    """Return words on one line without controls: nothing of a log may begin a header, a field or a line of its own."""
    # What cannot be printed: controls, line ends, surrogates, and the marks that turn the order of letters.
    fit = "".join(one if one.isprintable() else " " for one in words)
    line = " ".join(fit.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def redacted(words: str, secrets: Mapping[str, str]) -> str:
    """Return what a server said without what it may have repeated of our secrets."""
    for secret in sorted((one for one in secrets.values() if one), key=len, reverse=True):
        for part in sorted({secret, *secret.replace("?", "/").replace("&", "/").replace("=", "/").split("/")}, key=len):
            if len(part) >= 8:
                words = words.replace(part, "…")
    return clean(words)


def stamp(time: Micros, zone: str) -> str:
    """Return a moment in the time of the site."""
    return f"{local(time, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def iso(time: Micros) -> str:
    """Return a moment in UTC, to the millisecond."""
    return moment(time).astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def headline(parcel: Parcel) -> str:
    """Return the headline on one line."""
    return clean(parcel.say(parcel.message.headline))


def subject(parcel: Parcel) -> str:
    """Return the subject of a mail."""
    severity = SEVERITIES[int(parcel.message.severity)]
    return clean(
        parcel.say(
            text("[%(site)s] %(severity)s: %(headline)s", site=clean(parcel.site, 60), severity=severity,
                 headline=headline(parcel))
        )
    )  # fmt: skip


def facts(parcel: Parcel, item: Item) -> str:
    """Return the line below a finding: where, which, how often, when."""
    said = ntext(
        "%(asset)s · WD-%(id)s · 1 event, %(time)s", "%(asset)s · WD-%(id)s · %(num)s events, last %(time)s",
        num=item.count, asset=clean(item.asset, 120), id=item.finding_id, time=stamp(item.last_seen, parcel.zone),
    )  # fmt: skip
    return clean(parcel.say(said))


def title(parcel: Parcel, item: Item) -> str:
    """Return a finding's severity and title."""
    return clean(
        parcel.say(text("%(severity)s: %(title)s", severity=SEVERITIES[int(item.severity)], title=clean(item.title)))
    )


def more(parcel: Parcel) -> str:
    """Say how many findings are not named; nothing where all are."""
    count = parcel.message.more
    return parcel.say(ntext("and 1 more", "and %(num)s more", num=count)) if count else ""


def closing(parcel: Parcel) -> str:
    """Say where to read on, and why this was sent."""
    return clean(
        parcel.say(
            text("Open Watchdesk on %(site)s for the evidence and what to do. Times are of %(zone)s. Sent by the alert"
                 " channel “%(name)s”.", site=clean(parcel.site, 60), zone=parcel.zone, name=clean(parcel.name, 80))
        ), 600,
    )  # fmt: skip


def plain(parcel: Parcel) -> str:
    """Return the whole alert as plain text."""
    several = len(parcel.message.items) > 1 or parcel.message.more
    lines = [headline(parcel), ""] if several else []
    for item in parcel.message.items:
        lines += [title(parcel, item), f"  {facts(parcel, item)}"]
    return "\n".join([*lines, *([more(parcel)] if parcel.message.more else []), "", closing(parcel)])
