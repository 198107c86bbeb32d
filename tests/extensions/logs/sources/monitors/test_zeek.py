from __future__ import annotations

from desktop_app.extensions.logs.sources.monitors.zeek import ZEEK, ZEEK_JSON
from tests.extensions.logs.sources.reading import events, lines, one, read, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_table_names_its_columns_and_its_log() -> None:
    first, second, third = events(ZEEK, lines(*SAMPLES["zeek"]))
    assert first["time"] == utc(2026, 5, 4, 6, 7, 8) + 123_456
    assert (first["id.orig_h"], first["source.ip"], first["destination.port"]) == ("192.0.2.7", "192.0.2.7", "22")
    assert (second["level"], "service" in second) == ("warning", False)
    assert (third["query"], third["dns.question.name"], third["source"]) == (
        "evil.example.com",
        "evil.example.com",
        "zeek.dns",
    )


def test_each_of_zeeks_logs_is_a_log_source() -> None:
    batches, _ = read(ZEEK, lines(*SAMPLES["zeek"]))
    assert [one.log_source.name for one in batches] == ["zeek-firewall-conn", "zeek-dns-dns"]


def test_another_separator_is_read_from_the_header() -> None:
    written = ["#separator |", "#path|conn", "#fields|ts|uid", "1777874828.0|C1"]
    assert events(ZEEK, lines(*written))[0]["uid"] == "C1"


def test_json_that_does_not_name_its_log_is_told_by_its_fields() -> None:
    batches, _ = read(ZEEK_JSON, lines(*SAMPLES["zeekjson"]))
    assert [one.log_source.name for one in batches] == ["zeek-dns-dns", "zeek-proxy-http"]
    event = one(ZEEK_JSON, SAMPLES["zeekjson"][1])
    assert (event["source.ip"], event["url.original"], event["host"]) == ("192.0.2.7", "/a", None)
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9)
