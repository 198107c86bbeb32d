from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.servers.proxies import HAPROXY, SQUID, by_status, nanoseconds
from tests.extensions.logs.sources.reading import one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_request_through_haproxy() -> None:
    event = one(HAPROXY, SAMPLES["haproxy"][0])
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8) + 655_000
    assert (event["host"], event["source.ip"], event["source.port"]) == ("lb1", "10.0.1.2", "33317")
    assert (event["http.request.method"], event["url.original"]) == ("GET", "/index.html")
    assert (event["url.domain"], event["event.duration"]) == ("www.example.com", "109000000")
    assert (event["haproxy.backend"], event["haproxy.server"], event["level"]) == ("static", "srv1", "info")


def test_a_connection_through_haproxy_and_its_faults() -> None:
    event = one(HAPROXY, SAMPLES["haproxy"][1])
    assert (event["haproxy.backend"], event["http.response.body.bytes"]) == ("bck", "212")
    event = one(HAPROXY, SAMPLES["haproxy"][2])
    assert (event["level"], event["message"]) == ("error", "SSL handshake failure")
    event = one(HAPROXY, SAMPLES["haproxy"][3])
    assert (event["source.ip"], event["source.port"], event["level"]) == ("2001:db8::9", "4711", "error")


def test_a_request_through_squid() -> None:
    event = one(SQUID, SAMPLES["squid"][0])
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8) + 586_000
    assert (event["source.ip"], event["url.domain"], event["destination.ip"]) == (
        "192.0.2.68",
        "example.com",
        "203.0.113.9",
    )
    assert event["http.response.mime_type"] == "text/html"
    assert SQUID.log_source.name == "squid-proxy-squid"


def test_what_squid_refuses_is_a_warning() -> None:
    event = one(SQUID, SAMPLES["squid"][1])
    assert (event["level"], event["url.domain"], event["user.name"]) == ("warning", "evil.example", "anna")
    assert "destination.ip" not in event


@pytest.mark.parametrize(
    ("status", "level"), [("200", "info"), ("404", "warning"), ("503", "error"), ("-", None), (None, None)]
)
def test_the_level_follows_from_the_status(status: str | None, level: str | None) -> None:
    assert by_status(status) == level


def test_a_duration_that_is_no_number_is_none() -> None:
    assert (nanoseconds("12"), nanoseconds("-1"), nanoseconds("")) == ("12000000", None, None)
