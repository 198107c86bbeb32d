"""What the values of a report are said with: the reader's language, the zone of the site, and the texts of rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core import settings
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.model import Micros
from desktop_app.core.redaction import NOTE, Redactor
from desktop_app.core.text import Text
from desktop_app.web import i18n, times
from desktop_app.web.i18n import Language
from desktop_app.web.sentences import Sentences


@dataclass(frozen=True)
class Writer:
    """What values are said with: language, zone and the texts of rules."""

    desk: Desk
    db: Connection
    language: Language
    zone: ZoneInfo
    redactor: Redactor | None = None

    @cached_property
    def texts(self) -> Sentences:
        """The texts of rules."""
        return Sentences(self.db, self.language)

    @cached_property
    def say(self) -> Callable[[Text], str]:
        """Put a sentence into the language."""
        return i18n.translator(self.language).say

    def veiled(self, value: Any) -> Any:
        """Return a plain value as the report may show it."""
        return value if self.redactor is None else self.redactor.value(value)

    @property
    def note(self) -> str:
        """What the report says of its pseudonyms, empty where it has none."""
        return "" if self.redactor is None else self.say(NOTE)

    def stamp(self, time: Micros) -> str:
        """Return a moment to the second, with its distance from UTC."""
        return f"{times.stamp(time, self.zone)} {times.offset(time, self.zone)}"

    def moment(self, time: Micros) -> str:
        """Return a moment to the millisecond."""
        return f"{times.stamp(time, self.zone)[:10]} {times.fine(time, self.zone)}"

    def rule_title(self, rule_id: str) -> str:
        """Return the name of a rule."""
        return self.texts.name(rule_id)


def site_zone(db: Connection) -> ZoneInfo:
    """Return the time zone of the site."""
    return ZoneInfo(str(settings.get(db, settings.SITE_ZONE)))
