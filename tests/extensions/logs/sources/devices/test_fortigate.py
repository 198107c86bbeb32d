from __future__ import annotations

from desktop_app.extensions.logs.sources.devices.fortigate import FORTIGATE
from tests.extensions.logs.sources.reading import lines, one, read, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_traffic_that_was_denied() -> None:
    event = one(FORTIGATE, SAMPLES["fortigate"][0])
    assert (event["time"], event["host"]) == (utc(2026, 5, 4, 4, 7, 8), "FG1")
    assert (event["event.action"], event["event.type"], event["network.transport"]) == (
        "firewall_packet",
        "denied",
        "tcp",
    )
    assert (event["source.ip"], event["srcip"], event["destination.port"]) == ("192.0.2.7", "192.0.2.7", "22")


def test_a_sign_in_that_failed() -> None:
    event = one(FORTIGATE, SAMPLES["fortigate"][1])
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9) + 123_456
    assert (event["event.outcome"], event["user.name"], event["level"]) == ("failure", "admin", "critical")
    assert event["message"] == "Administrator admin login failed from https(192.0.2.7)"


def test_traffic_is_a_firewalls_and_the_rest_is_an_event() -> None:
    batches, _ = read(FORTIGATE, lines(*SAMPLES["fortigate"]))
    assert {one.log_source.name for one in batches} == {"fortigate-firewall-traffic", "fortigate-any-event"}
