"""What is told of new findings, to whom and when: decided here without a database, sent by ``core.outbox``.

A channel (the desktop, or a mail, webhook or syslog of ``core.alerts``) brings a policy and a way to deliver. What is
told waits in the outbox: through quiet hours, through a pause, until the next digest, and until a channel that failed
is tried again; what has gathered meanwhile goes out as one message.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.model import Micros, Severity, micros, moment
from desktop_app.core.rules.words import Language
from desktop_app.core.settings import Value
from desktop_app.core.text import Text, ntext, text

SECOND: Micros = 1_000_000
HOUR: Micros = 3600 * SECOND
DAY_MINUTES = 24 * 60
FIRST_RETRY = 60 * SECOND
LONGEST_RETRY = 3600 * SECOND
MOST_ATTEMPTS = 12  # with the waits between them, about seven hours
NAMED = 3  # findings that a message names; of more it tells how many there are


class Undelivered(WatchdeskError):
    """A channel could not deliver a message; it is tried again unless ``again`` is False."""

    def __init__(self, what: Text, *, why: Text | None = None, fix: Text | None = None, again: bool = True) -> None:
        super().__init__(what, why=why, fix=fix)
        self.again = again


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day, in the site's zone, in which nothing is told; ``start`` and ``end`` are minutes of the day."""

    start: int
    end: int
    zone: str

    def end_of(self, at: Micros) -> Micros | None:
        """Return when the quiet hours end that a moment lies in, None outside of them."""
        local = moment(at).astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        over_midnight = self.start > self.end
        inside = (minute >= self.start or minute < self.end) if over_midnight else self.start <= minute < self.end
        if not inside:
            return None
        day = local.date() + dt.timedelta(days=1 if over_midnight and minute >= self.start else 0)
        end = dt.datetime.combine(day, dt.time(self.end // 60, self.end % 60), local.tzinfo)
        # In UTC, because two moments of one zone are otherwise compared by their clocks.
        return max(at + SECOND, micros(end.astimezone(dt.UTC)))


def minutes(words: str) -> int | None:
    """Read a time of day such as ``22:30`` as minutes, None where it is none."""
    hour, colon, minute = words.strip().partition(":")
    if not (colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and len(minute) == 2):
        return None
    return int(hour) * 60 + int(minute) if int(hour) < 24 and int(minute) < 60 else None


def quiet(start: str, end: str, zone: str) -> Quiet | None:
    """Make quiet hours of two times of day; None where they are left empty or are the same."""
    first, last = minutes(start), minutes(end)
    return None if first is None or last is None or first == last else Quiet(first, last, zone)


@dataclass(frozen=True, slots=True)
class Digest:
    """Messages at fixed times of the site's day: every so many minutes from midnight, or once a day at a minute of it.

    ``minutes`` is 1 to 1440; ``at`` counts only for 1440, a day.
    """

    minutes: int
    at: int
    zone: str

    def after(self, since: Micros) -> Micros:
        """Return the first of these times after a moment."""
        local = moment(since).astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        if self.minutes >= DAY_MINUTES:
            slot = self.at if self.at > minute else DAY_MINUTES + self.at
        else:
            slot = min((minute // self.minutes + 1) * self.minutes, DAY_MINUTES)
        day = local.date() + dt.timedelta(days=slot // DAY_MINUTES)
        clock = dt.time(slot % DAY_MINUTES // 60, slot % 60)
        return max(since + SECOND, micros(dt.datetime.combine(day, clock, local.tzinfo).astimezone(dt.UTC)))


@dataclass(frozen=True, slots=True)
class Fresh:
    """A finding that is new, or new again since ``since`` (0: the first time); ``attended``: a person brought it."""

    finding_id: int
    severity: Severity
    since: Micros
    attended: bool
    rule: str = ""
    pack: str = ""
    tags: tuple[str, ...] = ()
    asset: str = ""
    extension: str = ""


def _every(_fresh: Fresh) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Policy:
    """What a channel tells. ``own_imports``: also what a person's own import found; ``gap``: between two messages.

    ``picks`` narrows the findings further; ``per_hour``: messages at most, 0 for no limit; ``named``: findings that a
    message names; ``patience``: attempts before a message is given up, 0 for never.
    """

    threshold: Severity
    quiet: Quiet | None = None
    own_imports: bool = False
    paused_until: Micros = 0
    gap: Micros = 30 * SECOND
    picks: Callable[[Fresh], bool] = _every
    digest: Digest | None = None
    per_hour: int = 0
    named: int = NAMED
    patience: int = MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Item:
    """A finding as a message names it; ``title`` is in the reader's language."""

    finding_id: int
    severity: Severity
    title: str
    asset: str
    rule: str = ""
    extension: str = ""
    count: int = 1
    first_seen: Micros = 0
    last_seen: Micros = 0


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is given: one finding by name, or how many there are with the gravest named.

    ``path`` is the page of the desk that shows it; ``severity`` that of the gravest; ``more`` counts those not named.
    ``key`` is the same when a message is sent again because nobody knows whether it arrived.
    """

    headline: Text
    lines: tuple[Text, ...]
    path: str
    severity: Severity
    items: tuple[Item, ...]
    more: int = 0
    key: str = ""


class Channel(Protocol):
    """A way to tell a person, by an id that the outbox keeps. ``pausable``: the pause of the tray holds it back."""

    id: str
    language: Language
    pausable: bool

    def policy(self, values: Mapping[str, Value]) -> Policy | None:
        """Return what this channel tells under these settings (by key); None where it is switched off."""

    def deliver(self, message: Message) -> Text | None:
        """Tell it; returns what is to be noted of a delivery that went well. Raises Undelivered."""


class Remote(Channel, Protocol):
    """A channel that may take long, so it has a thread of its own."""

    def abort(self) -> None:
        """Break off a delivery that is under way, from another thread."""


def wanted(policy: Policy, fresh: Fresh) -> bool:
    """Say whether a channel tells of a finding."""
    told = fresh.severity >= policy.threshold and (policy.own_imports or not fresh.attended)
    return told and policy.picks(fresh)


def earliest(
    policy: Policy, at: Micros, last_sent: Micros, *, waited_since: Micros = 0, hourly: Sequence[Micros] = ()
) -> Micros:
    """Return when a channel may next speak: now, or after its pause, its quiet hours and the gap between messages.

    ``waited_since``: when the oldest of what waits came, for a digest; ``hourly``: when the last ``per_hour`` messages
    went out, the newest first.
    """
    start = max(at, policy.paused_until, last_sent + policy.gap if last_sent else 0)
    if policy.digest is not None:
        start = max(start, policy.digest.after(waited_since))
    if policy.per_hour and len(hourly) >= policy.per_hour:
        start = max(start, hourly[policy.per_hour - 1] + HOUR)
    return (policy.quiet.end_of(start) or start) if policy.quiet else start


def retry_after(attempts: int) -> Micros:
    """Return how long to wait after so many failures: a minute, then twice as long each time, an hour at most."""
    return min(LONGEST_RETRY, FIRST_RETRY << min(attempts - 1, 20))


def verbatim(words: str) -> Text:
    """Return words that are already in the reader's language as a sentence."""
    return Text("%(words)s", {"words": words})


def compose(items: Sequence[Item], named_most: int = NAMED, key: str = "") -> Message:
    """Make one message of what waits, the gravest first; ``items`` must not be empty."""
    ordered = tuple(sorted(items, key=lambda one: (-one.severity, one.finding_id)))
    first = ordered[0]
    if len(ordered) == 1:
        path = f"/findings/?id={first.finding_id}"
        return Message(verbatim(first.title), (verbatim(first.asset),), path, first.severity, ordered, key=key)
    named = ordered[:named_most]
    more = len(ordered) - len(named)
    lines = [text("%(title)s: %(asset)s", title=one.title, asset=one.asset) for one in named]
    if more:
        lines.append(ntext("and 1 more", "and %(num)s more", num=more))
    headline = ntext("1 new finding", "%(num)s new findings", num=len(ordered))
    return Message(headline, tuple(lines), "/findings/", first.severity, named, more, key)
