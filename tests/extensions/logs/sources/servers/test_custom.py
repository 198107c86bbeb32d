from __future__ import annotations

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import recognise
from desktop_app.extensions.logs.sources.servers.custom import CUSTOM_ACCESS
from tests.extensions.logs.sources.reading import lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES

TIMED, SSL, VHOST = SAMPLES["accesscustom"]


def test_what_follows_the_common_parts_is_told_by_name_and_shape() -> None:
    event = one(CUSTOM_ACCESS, TIMED)
    assert event["time"] == utc(2026, 5, 4, 4, 7, 8)
    assert (event["source.ip"], event["client.ip"]) == ("192.0.2.1", "203.0.113.9")
    assert (event["event.duration"], event["nginx.upstream_time"]) == ("125000000", "0.120")
    assert (event["url.domain"], event["http.request.referrer"]) == ("www.example.com", "https://example.com/")
    assert event["user_agent.original"] == "Mozilla/5.0 (X11)"


def test_a_time_may_stand_first() -> None:
    event = one(CUSTOM_ACCESS, SSL)
    assert (event["source.ip"], event["http.response.status_code"], event["level"]) == ("192.0.2.1", "401", "warning")
    assert (event["http.response.body.bytes"], event["url.original"]) == ("512", "/login")


def test_a_virtual_host_and_a_duration_before_the_status() -> None:
    event = one(CUSTOM_ACCESS, VHOST)
    assert (event["url.domain"], event["event.duration"], event["level"]) == ("shop.example.com", "10000000", "error")


def test_durations_of_apache_are_microseconds() -> None:
    line = '192.0.2.1 - - [04/May/2026:06:07:08 +0200] "GET / HTTP/1.1" 200 12 "-" "curl/8.1" 4711'
    assert one(CUSTOM_ACCESS, line)["event.duration"] == "4711000"
    assert recognise(sample("x", lines(*[line] * 9)))[0].id == "accesscustom"


def test_common_logs_stay_with_the_quicker_format() -> None:
    line = '192.0.2.1 - - [04/May/2026:06:07:08 +0200] "GET / HTTP/1.1" 200 12'
    assert recognise(sample("x", lines(*[line] * 9)))[0].id == "access"
    assert recognise(sample("x", lines(*[line + ' "-" "curl/8.1"'] * 9)))[0].id == "access"
