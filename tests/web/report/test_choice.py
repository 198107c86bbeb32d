from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import UsageError
from desktop_app.core.model import micros
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.report.choice import FORMATS, SECTIONS, STATUSES, VERDICTS, Choice, checked, read
from desktop_app.web.times import DAY
from tests.web import sample

SHANGHAI = ZoneInfo("Asia/Shanghai")


def from_address(query: str) -> Choice:
    several = parse_qs(query, keep_blank_values=True)
    return read({name: one[-1] for name, one in several.items()}, several)


def some(words: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(words)), unique=True).map(tuple)  # type: ignore[call-overload, no-any-return]


CHOICES = st.builds(
    Choice, format=st.sampled_from(sorted(FORMATS)), language=st.sampled_from(["", "en", "zh"]),
    period=st.sampled_from(["1", "7", "0", "days"]), first=st.sampled_from(["", "2026-11-01"]),
    last=st.sampled_from(["", "2026-11-22T06:30"]), severities=some(SEVERITY_WORDS), statuses=some(STATUSES),
    verdicts=some(VERDICTS), assets=st.lists(st.text(min_size=1), unique=True).map(tuple), cases=some("123"),
    sections=some(SECTIONS).filter(bool), most=st.integers(1, 5000), plain=st.booleans(), bom=st.booleans(),
).map(checked)  # fmt: skip


@given(CHOICES)
def test_every_choice_is_an_address_and_comes_back_from_it(choice: Choice) -> None:
    assert from_address(choice.query()) == choice


@given(CHOICES)
def test_every_choice_can_be_kept(choice: Choice) -> None:
    stored = {name: list(one) if isinstance(one, tuple) else one for name, one in choice.to_json().items()}
    assert Choice.from_json(stored | {"from a newer version": 1}) == choice


def test_what_is_usual_needs_no_words() -> None:
    assert Choice().query() == ""
    assert from_address("") == Choice()


def test_days_are_those_of_the_site_and_the_last_one_belongs_to_the_period() -> None:
    scope = Choice(period="days", first="2026-11-20", last="2026-11-21").scope(SHANGHAI, sample.NOW)
    assert scope.start == micros(dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC))
    assert scope.end == micros(dt.datetime(2026, 11, 21, 16, tzinfo=dt.UTC))


def test_moments_are_exact_and_the_last_one_does_not_belong_to_the_period() -> None:
    scope = Choice(period="days", first="2026-11-20T06:30", last="2026-11-21T06:30:00+00:00").scope(SHANGHAI, 0)
    assert scope.start == micros(dt.datetime(2026, 11, 19, 22, 30, tzinfo=dt.UTC))
    assert scope.end == micros(dt.datetime(2026, 11, 21, 6, 30, tzinfo=dt.UTC))


def test_a_number_of_days_goes_back_from_now() -> None:
    assert Choice(period="7").scope(SHANGHAI, sample.NOW).start == sample.NOW - 7 * DAY
    assert Choice(period="0").scope(SHANGHAI, sample.NOW).start is None


def test_a_fixed_period_is_kept_exactly() -> None:
    scope = Choice().between(1_234_567, 7_654_321).scope(SHANGHAI, 0)
    assert (scope.start, scope.end) == (1_234_567, 7_654_321)


def test_all_severities_are_no_choice() -> None:
    assert read({}, {"severities": list(SEVERITY_WORDS), "verdicts": list(VERDICTS)}) == Choice()


@pytest.mark.parametrize(
    "wrong",
    [
        "period=12345", "period=days&first=yesterday", "period=days&first=2026-11-22&last=2026-11-20", "most=0",
        "period=days&last=9999-12-31", "format=exe", "severities=grave", "statuses=odd", "verdicts=odd", "cases=a",
        "sections=", "sections=odd", "language=fr", "most=99999", "most=x", "cases=99999999999999999999",
    ],
)  # fmt: skip
def test_what_is_not_offered_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        from_address(wrong).scope(SHANGHAI, sample.NOW)
