"""The terms of a channel: which findings it tells, when, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from desktop_app.core import notify
from desktop_app.core.model import Severity
from desktop_app.core.notify import DAY_MINUTES, Digest, Fresh, Policy
from desktop_app.core.text import Text, ntext, text

How = Literal["once", "minutes", "hour", "day"]
HOWS: tuple[How, ...] = get_args(How)
LISTS = ("rules", "tags", "packs", "assets", "extensions")


@dataclass(frozen=True, slots=True)
class Which:
    """Which findings: from a severity on, and of the named rules, tags, packs, assets, extensions.

    An empty list means all; a name may hold ``*`` and ``?``; case does not count.
    """

    severity: int = 4
    rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    own_imports: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Which:
        """Read back what ``to_json`` stored."""
        lists = {name: tuple(stored.get(name, ())) for name in LISTS}
        return cls(int(stored.get("severity", 4)), own_imports=bool(stored.get("own_imports")), **lists)

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` reads back."""
        return asdict(self)

    def picks(self, fresh: Fresh) -> bool:
        """Say whether the lists let a finding through."""
        found = (
            (self.rules, (fresh.rule,)), (self.tags, fresh.tags), (self.packs, (fresh.pack,)),
            (self.assets, (fresh.asset,)), (self.extensions, (fresh.extension,)),
        )  # fmt: skip
        return all(_any(wanted, values) for wanted, values in found)


def _any(wanted: tuple[str, ...], values: tuple[str, ...]) -> bool:
    return not wanted or any(fnmatchcase(one.casefold(), name.casefold()) for name in wanted for one in values)


@dataclass(frozen=True, slots=True)
class Timing:
    """When and how often: at once, or every so many minutes, every hour, every day at a time of the site.

    ``quiet_from`` and ``quiet_until`` are times of day, empty for none; ``per_hour``: messages at most, 0 for no limit.
    """

    how: How = "once"
    minutes: int = 30
    time: str = "08:00"
    quiet_from: str = ""
    quiet_until: str = ""
    per_hour: int = 20

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Timing:
        """Read back what ``to_json`` stored."""
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` reads back."""
        return asdict(self)

    def digest(self, zone: str) -> Digest | None:
        """Return the times of its digests, None where each finding is told at once."""
        if self.how == "once":
            return None
        length = {"minutes": self.minutes, "hour": 60, "day": DAY_MINUTES}[self.how]
        return Digest(length, notify.minutes(self.time) or 0, zone)

    def told(self) -> Text:
        """Say it."""
        if self.how == "minutes":
            return ntext("every minute", "every %(num)s minutes", num=self.minutes)
        if self.how == "day":
            return text("every day at %(time)s", time=self.time)
        return text("every hour") if self.how == "hour" else text("at once")


def policy(which: Which, timing: Timing, zone: str, named: int) -> Policy:
    """Return what the outbox works by. What waits for such a channel is never given up."""
    return Policy(
        threshold=Severity(which.severity), quiet=notify.quiet(timing.quiet_from, timing.quiet_until, zone),
        own_imports=which.own_imports, picks=which.picks, digest=timing.digest(zone), per_hour=timing.per_hour,
        named=named, patience=0,
    )  # fmt: skip
