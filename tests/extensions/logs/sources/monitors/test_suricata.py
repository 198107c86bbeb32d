from __future__ import annotations

from desktop_app.extensions.logs.sources.monitors.suricata import SURICATA
from tests.extensions.logs.sources.reading import lines, one, read, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_an_alert_has_a_rule_two_ends_and_a_level() -> None:
    event = one(SURICATA, SAMPLES["suricata"][0])
    assert event["time"] == utc(2026, 5, 4, 4, 7, 8) + 123_456
    assert (event["rule.name"], event["level"], event["event.type"]) == ("ET EXPLOIT Possible", "error", "denied")
    assert (event["source.ip"], event["destination.port"], event["network.transport"]) == ("192.0.2.7", "445", "tcp")


def test_a_query_is_found_in_both_of_its_shapes() -> None:
    assert one(SURICATA, SAMPLES["suricata"][1])["dns.question.name"] == "evil.example.com"
    newer = SAMPLES["suricata"][1].replace(
        '"rrname":"evil.example.com","rrtype":"A"', '"queries":[{"rrname":"b.example","rrtype":"AAAA"}]'
    )
    event = one(SURICATA, newer)
    assert (event["dns.question.name"], event["dns.question.type"]) == ("b.example", "AAAA")


def test_types_of_events_are_log_sources() -> None:
    batches, _ = read(SURICATA, lines(*SAMPLES["suricata"]))
    assert [one.log_source.name for one in batches] == ["suricata-any-alert", "suricata-dns-dns", "suricata-any-stats"]
