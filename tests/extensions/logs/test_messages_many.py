"""The sentences of many events at once, held against those of one after the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.spans import Coded
from desktop_app.extensions.logs.messages import describe
from desktop_app.extensions.logs.messages_many import describe_many
from desktop_app.extensions.logs.sources.winshapes import Interned

VALUES = st.sampled_from([None, "-", "eve", "3", "%%1842", "  ", "0x0000000000000000", "long " * 60, "a\nb"])
NAMES = ["TargetUserName", "LogonType", "IpAddress", "SubStatus", "AuthenticationPackageName", "ServiceName", "UPPER"]


def columns(events: list[dict[str, str | None]]) -> dict[str, Coded]:
    made = {}
    for name in dict.fromkeys(name for one in events for name in one):
        table = Interned()
        codes = table.numbers([one.get(name) for one in events])
        made[name] = Coded(table.texts(), codes)
    return made


def check(events: list[dict[str, str | None]], event_id: str, language: str) -> None:
    channel = events[0].get("Channel")
    kept = [{name: value for name, value in one.items() if value} for one in events]
    said = describe_many(channel, event_id, columns(events), len(events), language)
    assert said == [describe(one, language) for one in kept]


@pytest.mark.parametrize("language", ["en", "zh"])
@given(
    event_id=st.sampled_from(["4624", "4625", "4697", "7045", "99999"]),
    values=st.lists(st.lists(VALUES, min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=6),
)
def test_many_events_say_what_each_of_them_says(language: str, event_id: str, values: list[list[str | None]]) -> None:
    fixed: dict[str, str | None] = {
        "EventID": event_id,
        "Channel": "Security",
        "Provider_Name": "Microsoft-Windows-Security-Auditing",
    }
    check([fixed | dict(zip(NAMES, row, strict=True)) for row in values], event_id, language)


def test_names_are_found_whatever_their_case_and_several_providers_are_kept_apart() -> None:
    one = {"EventID": "4624", "Channel": "Security", "targetusername": "eve", "Provider_Name": None}
    check([one, {**one, "Provider_Name": "Other"}], "4624", "en")
    check([one, one], "4624", "en")
    check([{**one, "TargetUserName": "adam"}], "4624", "en")


def test_an_events_own_text_is_taken_where_nobody_wrote_a_sentence() -> None:
    one = {"EventID": "99999", "Channel": "X", "Provider_Name": "P", "A": "1"}
    check([{**one, "RenderedMessage": "Said so.\nAnd more."}, {**one, "RenderedMessage": None}], "99999", "en")


def test_events_without_values_are_named_by_their_number() -> None:
    check([{"EventID": "99999", "Channel": "X"}] * 2, "99999", "en")
