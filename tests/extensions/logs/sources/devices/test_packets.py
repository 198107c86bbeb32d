from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.devices.packets import NETFILTER, PF, address_and_port, verdict
from tests.extensions.logs.sources.reading import one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_packet_that_ufw_blocked() -> None:
    event = one(NETFILTER, SAMPLES["netfilter"][0])
    assert (event["event.action"], event["event.type"], event["rule.name"]) == (
        "firewall_packet",
        "denied",
        "UFW BLOCK",
    )
    assert (event["source.ip"], event["destination.ip"], event["destination.port"]) == ("192.0.2.7", "10.0.0.5", "22")
    assert (event["network.transport"], event["observer.ingress.interface.name"]) == ("tcp", "eth0")
    assert (event["host"], event["time"]) == ("gate", utc(2026, 5, 4, 6, 7, 8))


def test_a_packet_that_a_rule_of_nft_lets_through() -> None:
    event = one(NETFILTER, SAMPLES["netfilter"][1])
    assert (event["event.type"], event["source.ip"], event["level"]) == ("allowed", "2001:db8::5", "info")
    assert event["time"] == utc(2026, 5, 4, 4, 7, 9)


def test_a_rule_of_iptables_is_named_by_its_prefix() -> None:
    assert one(NETFILTER, SAMPLES["netfilter"][2])["rule.name"] == "DROP-INPUT"


def test_pf_as_tcpdump_prints_it() -> None:
    event = one(PF, SAMPLES["pf"][0])
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8) + 123_456
    assert (event["source.ip"], event["source.port"], event["destination.port"]) == ("192.0.2.7", "51234", "22")
    assert (event["event.type"], event["network.direction"], event["rule.name"]) == ("denied", "inbound", "block 7/0")
    event = one(PF, SAMPLES["pf"][2])
    assert (event["source.ip"], event["source.port"]) == ("2001:db8::5", "443")


@pytest.mark.parametrize(
    ("end", "address", "port"),
    [("192.0.2.7.22", "192.0.2.7", "22"), ("192.0.2.7", "192.0.2.7", None), ("2001:db8::1", "2001:db8::1", None)],
)
def test_a_port_stands_behind_the_last_point(end: str, address: str, port: str | None) -> None:
    assert address_and_port(end) == (address, port)


@pytest.mark.parametrize(
    ("word", "became"), [("UFW BLOCK", "denied"), ("reject", "denied"), ("ACCEPT", "allowed"), ("x", None)]
)
def test_names_of_rules_tell_what_became_of_a_packet(word: str, became: str | None) -> None:
    assert verdict(word) == became
