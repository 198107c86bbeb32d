from __future__ import annotations

from desktop_app.core.model import Severity
from desktop_app.core.report_scope import Scope
from desktop_app.core.reports import ReportData, Tally
from desktop_app.web import i18n
from desktop_app.web.report.summary import Blind, leads, sentences
from desktop_app.web.times import DAY, HOUR

SEEING = Blind(0, 0)


def data(
    counts: tuple[int, ...] = (), *, before: tuple[int, ...] | None = None, days: float = 0, **more: object
) -> ReportData:
    """Make data with these counts, critical first."""

    def by(given: tuple[int, ...]) -> dict[Severity, int]:
        return dict(zip(reversed(Severity), (*given, *[0] * 5), strict=False))

    end = 100 * DAY
    values: dict[str, object] = {
        "created": end, "scope": Scope(start=end - round(days * DAY) if days else None, end=end), "events": 0,
        "by_severity": by(counts), "by_status": {}, "by_verdict": {"none": sum(counts)},
        "before": None if before is None else by(before), "spans": (), "span_days": 1, "rules": (), "assets": (),
        "ids": (), "left_out": 0, "acts": (), "acts_left_out": 0, "digest": "",
    }  # fmt: skip
    return ReportData(**(values | more))  # type: ignore[arg-type]


def said(given: ReportData, cases: int = 0, blind: Blind = SEEING) -> str:
    return " ".join(str(one) for one in sentences(given, {"r1": "Guessing"}, cases, blind))


def test_the_gravest_is_said_first_and_the_period_before_compared() -> None:
    told = said(data((3, 1, 8), before=(0, 5), days=7))
    assert told == ("12 findings in 7 days. 3 are critical. 1 is of high severity. That is 7 more than in the period "
                    "before (5).")  # fmt: skip


def test_one_of_a_thing_is_said_as_one() -> None:
    assert said(data((1,), before=(2,), days=7)) == (
        "1 finding in 7 days. 1 is critical. That is 1 fewer than in the period before (2)."
    )


def test_a_short_period_is_told_in_hours() -> None:
    assert said(data((0, 0, 2), days=24 * HOUR / DAY)).startswith("2 findings in 24 hours. None is critical or")


def test_without_a_beginning_nothing_is_compared() -> None:
    assert said(data((0, 0, 1200))) == "There are 1,200 findings. None is critical or of high severity."


def test_as_many_and_none_before_are_said_plainly() -> None:
    assert "as many as in the period before" in said(data((2,), before=(2,), days=7))
    assert "before there was none" in said(data((2,), before=(), days=7))


def test_only_what_leads_is_called_the_most() -> None:
    many, few = Tally("web01", 5, Severity.LOW), Tally("web02", 2, Severity.LOW)
    assert "Most came from web01 (5)." in said(data((7,), assets=(many, few)))
    assert "Most came" not in said(data((7,), assets=(many, many)))
    assert "Most came" not in said(data((7,), assets=(many,)))
    rules = (Tally("r1", 4, Severity.LOW), Tally("r2", 3, Severity.LOW))
    assert "The rule that fired most often is “Guessing” (4)." in said(data((7,), rules=rules))
    assert leads(rules)


def test_decisions_and_cases_are_counted() -> None:
    told = said(data((6,), by_status={"new": 2}, by_verdict={"true_positive": 1, "benign": 1, "none": 4}), cases=2)
    assert "2 still wait to be looked at. 1 was confirmed as a true positive." in told
    assert "1 was found to be false, benign or a duplicate. They belong to 2 cases." in told


def test_nothing_found_calls_nothing_clean() -> None:
    told = said(data((), before=(3,), days=7), blind=Blind(1, 2))
    assert told == ("No rule found anything in what was read. This says nothing about what was not read. That is 3 "
                    "fewer than in the period before (3). 1 file could not be read whole; it is named at the end. "
                    "2 rules had nothing to look at.")  # fmt: skip


def test_every_sentence_is_whole_in_chinese_too() -> None:
    say = i18n.translator("zh").say
    told = [say(one) for one in sentences(data((3, 1), before=(1,), days=7), {}, 1, Blind(1, 1))]
    assert all(one.endswith("。") for one in told), told
