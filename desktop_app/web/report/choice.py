"""What a person asks of a report. All of it is text that an address, a schedule and a report's record carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, Status, Verdict, micros, moment
from desktop_app.core.report_scope import UNDECIDED, Scope
from desktop_app.core.reports import MOST_FINDINGS
from desktop_app.core.text import Text, text
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.times import DAY

FORMATS: dict[str, Text] = {
    "html": text("HTML, one file for any browser"),
    "pdf": text("PDF, for printing and passing on"),
    "csv": text("CSV, a table of the findings"),
    "json": text("JSON, everything for programs"),
    "sarif": text("SARIF 2.1.0, for tools that exchange findings"),
}
SECTIONS: dict[str, Text] = {
    "cover": text("Cover"),
    "summary": text("In short"),
    "charts": text("Charts"),
    "contents": text("Contents"),
    "findings": text("Findings"),
    "cases": text("Cases"),
    "actions": text("What was done"),
    "unseen": text("What could not be seen"),
    "methods": text("Methods and rules"),
    "glossary": text("Words"),
}
PERIODS = (1, 7, 30, 90, 0)  # days back from now; 0 is everything
STATUSES = tuple(one.value for one in Status)
VERDICTS = (UNDECIDED, *(one.value for one in Verdict))
LANGUAGES = ("", "en", "zh")  # empty: the reader's
LARGEST_MOST = 5_000
# Where nothing is said: what waits and what was taken on.
OPEN = (Status.NEW.value, Status.IN_PROGRESS.value)


@dataclass(frozen=True, slots=True)
class Choice:
    """A report that is asked for.

    ``period``: days back from now, 0 for everything, or ``days`` for ``first`` to ``last``: a day of the site (the last
    one included) or a moment with its offset. Empty lists mean all. ``most`` findings are told in full (HTML and PDF).
    ``plain`` leaves the site's own template aside; ``bom`` marks CSV for Excel.
    ``redact`` puts pseudonyms in the place of names, hosts, addresses and paths.
    """

    format: str = "html"
    language: str = ""
    period: str = "7"
    first: str = ""
    last: str = ""
    severities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = OPEN
    verdicts: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    sections: tuple[str, ...] = tuple(SECTIONS)
    most: int = MOST_FINDINGS
    plain: bool = False
    bom: bool = True
    redact: bool = False

    def scope(self, zone: ZoneInfo, present: Micros) -> Scope:
        """Return what this asks for at a moment; UsageError where the period is none."""
        start, end = self._period(zone, present)
        if start is not None and end is not None and start >= end:
            raise UsageError(text("The period ends before it begins."), fix=text("Choose a later end."))
        return Scope(start, end, tuple(SEVERITY_WORDS[one] for one in self.severities), self.statuses, self.verdicts,
                     self.assets, tuple(int(one) for one in self.cases))  # fmt: skip

    def _period(self, zone: ZoneInfo, present: Micros) -> tuple[Micros | None, Micros | None]:
        if self.period == "days":
            return _moment(self.first, zone), _moment(self.last, zone, after=1)
        days = int(self.period)
        return (present - days * DAY, None) if days else (None, None)

    def between(self, start: Micros, end: Micros) -> Choice:
        """Return the same for one fixed period."""
        return replace(self, period="days", first=moment(start).isoformat(), last=moment(end).isoformat())

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Choice:
        """Read back a stored choice; what this version does not know is left aside."""
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {name: one for name, one in stored.items() if name in known}
        lists: dict[str, Any] = {name: tuple(one) for name, one in kept.items() if isinstance(one, list)}
        return checked(cls(**(kept | lists)))

    def pairs(self) -> list[tuple[str, str]]:
        """Return what an address carries: everything that is not as it is without saying."""
        usual = Choice()
        single = ("format", "language", "period", "first", "last", "most")
        pairs = [(name, str(getattr(self, name))) for name in single if getattr(self, name) != getattr(usual, name)]
        for name in ("severities", "statuses", "verdicts", "assets", "cases", "sections"):
            if getattr(self, name) != getattr(usual, name):
                pairs += [(name, one) for one in getattr(self, name)] or [(name, "")]
        flags = {"plain": self.plain, "nobom": not self.bom, "redact": self.redact}
        return pairs + [(name, "1") for name, on in flags.items() if on]

    def query(self) -> str:
        """Return the part of an address after its question mark."""
        return urlencode(self.pairs())


def read(single: Mapping[str, str], several: Mapping[str, Sequence[str]]) -> Choice:
    """Read a form or an address: fields with one value, and lists; what is not named is as it is without saying.

    Raises UsageError where a value is none of the offered ones.
    """
    usual = Choice()
    lists: dict[str, Any] = {
        name: tuple(one for one in dict.fromkeys(several[name]) if one) if name in several else getattr(usual, name)
        for name in ("severities", "statuses", "verdicts", "assets", "cases", "sections")
    }
    most = single.get("most", str(usual.most))
    if not (most.isascii() and most.isdigit() and 1 <= int(most) <= LARGEST_MOST):
        raise UsageError(text("Enter a number from %(low)s to %(high)s.", low=1, high=LARGEST_MOST))
    named = ("format", "language", "period", "first", "last")
    words: dict[str, Any] = {name: single.get(name, getattr(usual, name)) for name in named}
    flags: dict[str, Any] = {"plain": "plain" in single, "bom": "nobom" not in single, "redact": "redact" in single}
    return checked(Choice(**words, **lists, **flags, most=int(most)))


def checked(choice: Choice) -> Choice:
    """Return a choice whose every value is an offered one; UsageError names the first that is not."""
    offered: list[tuple[Iterable[str], Iterable[str]]] = [
        ([choice.format], FORMATS), ([choice.language], LANGUAGES), (choice.severities, SEVERITY_WORDS),
        ([choice.period], [*map(str, PERIODS), "days"]), (choice.statuses, STATUSES), (choice.verdicts, VERDICTS),
        (choice.sections, SECTIONS),
    ]  # fmt: skip
    for values, known in offered:
        unknown = [one for one in values if one not in known]
        if unknown:
            raise UsageError(
                text("A report knows no such choice: %(value)s", value=unknown[0][:60]),
                fix=text("Pick one of the offered ones."),
            )
    wrong = [one for one in choice.cases if not (one.isascii() and one.isdigit() and len(one) < 19)]
    if wrong:
        raise UsageError(text("A case is named by its number."), fix=text("The list of cases shows the numbers."))
    if not choice.sections:
        raise UsageError(text("Choose at least one section."), fix=text("A report of nothing says nothing."))
    # All that is offered is no choice: nothing of it needs to stand in an address or on a cover.
    severities = () if set(choice.severities) == set(SEVERITY_WORDS) else choice.severities
    verdicts = () if set(choice.verdicts) == set(VERDICTS) else choice.verdicts
    sections = tuple(one for one in SECTIONS if one in choice.sections)
    return replace(choice, severities=severities, verdicts=verdicts, sections=sections)


def _moment(written: str, place: ZoneInfo, after: int = 0) -> Micros | None:
    """Read a day of the site (``after`` days later: its end), or a moment with its own offset."""
    if not written:
        return None
    try:
        if "T" in written:
            exact = dt.datetime.fromisoformat(written)
            return micros(exact if exact.tzinfo else exact.replace(tzinfo=place))
        day = dt.date.fromisoformat(written) + dt.timedelta(days=after)
        return micros(dt.datetime.combine(day, dt.time(), place))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            text("This is no date: %(value)s", value=written[:40]),
            fix=text("Write a day as 2026-11-22, or a moment as 2026-11-22T06:30."),
        ) from error
