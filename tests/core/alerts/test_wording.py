from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.alerts import wording
from tests.core.alerts.conftest import NOW, item, message, parcel


@given(st.text())
def test_cleaned_words_stand_on_one_line_without_controls(words: str) -> None:
    cleaned = wording.clean(words)
    assert cleaned.splitlines() in ([cleaned], [])
    assert cleaned.isprintable()
    assert len(cleaned) <= wording.LONGEST
    cleaned.encode()


def test_long_words_are_cut() -> None:
    assert wording.clean("a" * 500, 10) == "aaaaaaaaa…"


def test_what_a_server_repeats_of_a_secret_is_taken_out() -> None:
    secrets = {"url": "https://oapi.example.org/robot/send?access_token=0123456789abcdef", "sign": "SEC-abcdefgh"}
    said = wording.redacted("bad token 0123456789abcdef, https://oapi.example.org/robot/send, SEC-abcdefgh", secrets)
    assert "0123456789abcdef" not in said
    assert "SEC-abcdefgh" not in said
    assert said.startswith("bad token …")


def test_one_finding_is_told_without_a_headline_of_its_own() -> None:
    told = wording.plain(parcel({}))
    assert told.startswith("High: 38 failed sign-ins, then a success\n  web01 · WD-7 · 38 events, last 2026-09-21 ")
    assert told.endswith("Sent by the alert channel “Night shift”.")


def test_times_are_of_the_site() -> None:
    assert wording.stamp(NOW, "Asia/Shanghai") > wording.stamp(NOW, "UTC")
    assert wording.iso(NOW).endswith("Z")


def test_many_findings_begin_with_how_many() -> None:
    told = wording.plain(parcel({}, told=message(item(1), item(2), item(3), named=2)))
    assert told.splitlines()[0] == "3 new findings"
    assert "and 1 more" in told


def test_secrets_are_not_shown_by_accident() -> None:
    assert "hunter2" not in repr(parcel({}, {"password": "hunter2"}))
