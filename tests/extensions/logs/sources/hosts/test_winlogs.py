from __future__ import annotations

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.hosts.winlogs import DHCP, WINDOWS_SSH
from tests.extensions.logs.sources.reading import events, lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_the_numbers_of_the_dhcp_server_say_what_happened() -> None:
    given, denied = events(DHCP, lines(*SAMPLES["dhcp"]))[-2:]
    assert (given["event.action"], given["client.ip"], given["client.domain"]) == (
        "lease_given",
        "10.0.0.5",
        "pc7.example.com",
    )
    assert (given["time"], given["client.mac"]) == (utc(2026, 5, 4, 6, 7, 8), "001122334455")
    assert (denied["event.action"], denied["level"]) == ("lease_denied", "warning")


def test_sshd_says_the_same_on_windows() -> None:
    event = one(WINDOWS_SSH, SAMPLES["winssh"][0])
    assert (event["event.action"], event["event.outcome"], event["source.ip"]) == ("ssh_login", "failure", "192.0.2.7")
    assert (event["user.name"], event["process.name"], event["process.pid"]) == ("anna", "sshd", "4242")
    assert one(WINDOWS_SSH, SAMPLES["winssh"][2])["level"] == "error"
    assert WINDOWS_SSH.log_source.name == "linux-any-auth"


def test_a_number_and_a_time_alone_are_no_sshd() -> None:
    assert WINDOWS_SSH.sniff(sample("x", lines(*["1 2026-05-04 06:07:08.123 hello"] * 5))) == 0
