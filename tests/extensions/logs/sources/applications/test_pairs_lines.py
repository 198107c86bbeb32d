from __future__ import annotations

from desktop_app.extensions.logs.sources.applications.pairs_lines import KEY_VALUE, LOGFMT
from desktop_app.extensions.logs.sources.decode import sample
from tests.extensions.logs.sources.reading import lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_logfmt_names_its_columns() -> None:
    event = one(LOGFMT, SAMPLES["logfmt"][0])
    assert (event["time"], event["level"], event["message"]) == (utc(2026, 5, 4, 6, 7, 8), "warning", 'slow "query"')
    assert (event["took"], event["source"]) == ("1.5s", "db")
    event = one(LOGFMT, SAMPLES["logfmt"][1])
    assert (event["time"], event["host"]) == (utc(2026, 5, 4, 6, 7, 9) + 500_000, "web1")


def test_pairs_after_a_time_and_a_level() -> None:
    event = one(KEY_VALUE, SAMPLES["keyvalue"][0])
    assert (event["time"], event["level"], event["reason"]) == (utc(2026, 5, 4, 6, 7, 8), "error", "no power")
    event = one(KEY_VALUE, SAMPLES["keyvalue"][1])
    assert (event["time"], event["user"], event["result"]) == (utc(2026, 5, 4, 4, 7, 9), "anna", "ok")


def test_a_sentence_with_a_pair_in_it_is_neither() -> None:
    line = "2026-05-04 06:07:08 the pump with id=7 was stopped because pressure=1.2 was far too low to=go on like this"
    assert KEY_VALUE.sniff(sample("x", lines(*[line] * 5))) == 0
    assert LOGFMT.sniff(sample("x", lines(*[line] * 5))) == 0
