"""A report in plain sentences: whole ones in each language, with numbers put in, never glued from pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.core.model import Severity, Status, Verdict
from desktop_app.core.report_scope import UNDECIDED
from desktop_app.core.reports import ReportData, Tally
from desktop_app.core.text import Text, ntext, text
from desktop_app.web.context import number
from desktop_app.web.times import DAY, HOUR


@dataclass(frozen=True, slots=True)
class Blind:
    """How much could not be seen: files not read whole, and rules with nothing to look at."""

    files: int
    blocked: int


def sentences(data: ReportData, rule_titles: Mapping[str, str], cases: int, blind: Blind) -> list[Text]:
    """Say what a person who reads nothing else should know, in the order of its weight."""
    if not data.total:
        nothing = text("No rule found anything in what was read. This says nothing about what was not read.")
        return [nothing, *_compared(data), *_blind(blind)]
    said = [_how_many(data), *_grave(data), *_compared(data), *_most(data, rule_titles), *_decided(data)]
    if cases:
        said.append(ntext("They belong to 1 case.", "They belong to %(num)s cases.", num=cases))
    return said + _blind(blind)


def _how_many(data: ReportData) -> Text:
    shown = number(data.total)
    if data.scope.start is None:
        return ntext("There is 1 finding.", "There are %(shown)s findings.", num=data.total, shown=shown)
    length = data.end - data.scope.start
    days, hours = round(length / DAY), round(length / HOUR)
    if days < 2:
        return ntext("1 finding in %(hours)s hours.", "%(shown)s findings in %(hours)s hours.", num=data.total,
                     shown=shown, hours=hours)  # fmt: skip
    return ntext("1 finding in %(days)s days.", "%(shown)s findings in %(days)s days.", num=data.total, shown=shown,
                 days=number(days))  # fmt: skip


def _grave(data: ReportData) -> list[Text]:
    critical, high = data.by_severity[Severity.CRITICAL], data.by_severity[Severity.HIGH]
    said = []
    if critical:
        said.append(ntext("1 is critical.", "%(shown)s are critical.", num=critical, shown=number(critical)))
    if high:
        said.append(ntext("1 is of high severity.", "%(shown)s are of high severity.", num=high, shown=number(high)))
    if not said:
        said.append(text("None is critical or of high severity."))
    return said


def _compared(data: ReportData) -> list[Text]:
    if data.before is None:
        return []
    earlier = sum(data.before.values())
    more = data.total - earlier
    if not earlier:
        return [text("In the period of the same length before there was none.")]
    if not more:
        return [text("That is as many as in the period before.")]
    if more > 0:
        return [ntext("That is 1 more than in the period before (%(earlier)s).",
                      "That is %(shown)s more than in the period before (%(earlier)s).",
                      num=more, shown=number(more), earlier=number(earlier))]  # fmt: skip
    return [ntext("That is 1 fewer than in the period before (%(earlier)s).",
                  "That is %(shown)s fewer than in the period before (%(earlier)s).",
                  num=-more, shown=number(-more), earlier=number(earlier))]  # fmt: skip


def _most(data: ReportData, rule_titles: Mapping[str, str]) -> list[Text]:
    said = []
    if leads(data.assets):
        top = data.assets[0]
        said.append(text("Most came from %(asset)s (%(count)s).", asset=top.name, count=number(top.count)))
    if leads(data.rules):
        top = data.rules[0]
        title = rule_titles.get(top.name, top.name)
        said.append(text("The rule that fired most often is “%(rule)s” (%(count)s).", rule=title,
                         count=number(top.count)))  # fmt: skip
    return said


def leads(tallies: tuple[Tally, ...]) -> bool:
    """Say whether one has more than each of the others, so that it may be called the one with most."""
    return len(tallies) > 1 and tallies[0].count > tallies[1].count


def _decided(data: ReportData) -> list[Text]:
    said = []
    waiting = data.by_status.get(Status.NEW, 0)
    confirmed = data.by_verdict.get(Verdict.TRUE_POSITIVE, 0)
    undecided = data.by_verdict.get(UNDECIDED, 0)
    if waiting:
        said.append(
            ntext("1 still waits to be looked at.", "%(shown)s still wait to be looked at.", num=waiting,
                  shown=number(waiting))
        )  # fmt: skip
    if confirmed:
        said.append(
            ntext("1 was confirmed as a true positive.", "%(shown)s were confirmed as true positives.",
                  num=confirmed, shown=number(confirmed))
        )  # fmt: skip
    dismissed = data.total - confirmed - undecided
    if dismissed:
        said.append(
            ntext("1 was found to be false, benign or a duplicate.",
                  "%(shown)s were found to be false, benign or duplicates.", num=dismissed, shown=number(dismissed))
        )  # fmt: skip
    return said


def _blind(blind: Blind) -> list[Text]:
    said = []
    if blind.files:
        said.append(
            ntext("%(num)s file could not be read whole; it is named at the end.",
                  "%(num)s files could not be read whole; they are named at the end.", num=blind.files)
        )  # fmt: skip
    if blind.blocked:
        said.append(
            ntext("%(num)s rule had nothing to look at.", "%(shown)s rules had nothing to look at.",
                  num=blind.blocked, shown=number(blind.blocked))
        )  # fmt: skip
    return said
