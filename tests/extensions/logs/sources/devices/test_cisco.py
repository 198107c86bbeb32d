from __future__ import annotations

from desktop_app.extensions.logs.sources.devices.cisco import CISCO
from tests.extensions.logs.sources.reading import lines, one, read, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_connection_that_was_built() -> None:
    event = one(CISCO, SAMPLES["cisco"][0])
    assert (event["time"], event["host"], event["level"]) == (utc(2026, 5, 4, 6, 7, 8), "fw1", "info")
    assert (event["source.ip"], event["source.port"], event["destination.port"]) == ("192.0.2.7", "51234", "443")
    assert (event["event.action"], event["network.transport"]) == ("connection_built", "tcp")
    assert event["event.code"] == "ASA-6-302013"


def test_a_packet_that_was_denied() -> None:
    event = one(CISCO, SAMPLES["cisco"][1])
    assert (event["event.action"], event["event.type"], event["rule.name"]) == (
        "firewall_packet",
        "denied",
        "out denied",
    )
    assert (event["source.ip"], event["destination.ip"], event["destination.port"]) == ("192.0.2.7", "10.0.0.5", "22")
    assert (event["level"], event["time"]) == ("warning", utc(2026, 5, 4, 6, 7, 9))
    event = one(CISCO, SAMPLES["cisco"][2])
    assert (event["rule.name"], event["source.port"], event["network.transport"]) == ("acl_in denied", "500", "udp")


def test_a_user_and_where_from() -> None:
    event = one(CISCO, SAMPLES["cisco"][3])
    assert (event["user.name"], event["source.ip"]) == ("anna", "192.0.2.7")


def test_log_sources_are_those_of_the_rules() -> None:
    batches, _ = read(CISCO, lines(*SAMPLES["cisco"]))
    found = {one.log_source.name for one in batches}
    assert found == {"cisco-firewall-asa", "cisco-any-aaa", "cisco-any-bgp"}
