from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.devices.cef import CEF, LEEF, severity, spaced_pairs
from tests.extensions.logs.sources.reading import one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_header_and_its_pairs_with_escapes_and_spaces() -> None:
    event = one(CEF, SAMPLES["cef"][0])
    assert (event["observer.vendor"], event["source"], event["host"]) == ("Acme | Co", "IDS", "ids1")
    assert (event["message"], event["rule.name"]) == ("many ports=all tried", "Port scan")
    assert (event["source.ip"], event["source.port"], event["event.type"]) == ("192.0.2.7", "4711", "denied")
    assert (event["time"], event["level"]) == (utc(2026, 5, 4, 6, 7, 8), "error")


def test_a_time_in_words_and_a_level_in_words() -> None:
    event = one(CEF, SAMPLES["cef"][1])
    assert (event["time"], event["level"]) == (utc(2026, 5, 4, 6, 7, 9), "info")
    assert (event["user.name"], event["source.domain"], event["message"]) == ("anna", "pc7", "Sign-in")


def test_leef_with_tabs_and_with_a_delimiter_of_its_own() -> None:
    event = one(LEEF, SAMPLES["leef"][0])
    assert (event["source.ip"], event["user.name"], event["level"]) == ("192.0.2.7", "anna", "error")
    event = one(LEEF, SAMPLES["leef"][1])
    assert (event["source.ip"], event["destination.port"], event["level"]) == ("192.0.2.8", "22", "info")
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9)


@pytest.mark.parametrize(("written", "level"), [("0", "info"), ("5", "warning"), ("10", "critical"), ("High", "error")])
def test_a_severity_is_a_number_or_a_word(written: str, level: str) -> None:
    assert severity(written) == level


def test_values_end_before_the_next_name() -> None:
    assert spaced_pairs("a=1 2 3 b.c=x\\=y d=") == {"a": "1 2 3", "b.c": "x=y", "d": ""}
