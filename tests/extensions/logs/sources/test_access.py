from __future__ import annotations

from desktop_app.extensions.logs.sources.access import ACCESS
from desktop_app.extensions.logs.sources.decode import sample
from tests.extensions.logs.sources.reading import lines, one, read, row, utc

COMBINED = (
    '203.0.113.7 - alice [10/Oct/2025:13:55:36 -0700] "GET /shop?id=1 HTTP/1.1" 404 2326 '
    '"https://example.com/start" "Mozilla/5.0 (X11; Linux x86_64)"'
)
COMMON = '203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "POST /login HTTP/1.0" 200 -'


def test_a_combined_line_gives_every_field() -> None:
    event = one(ACCESS, COMBINED)
    assert event["time"] == utc(2025, 10, 10, 20, 55, 36)
    assert event["source.ip"] == "203.0.113.7"
    assert event["user.name"] == "alice"
    assert event["http.request.method"] == "GET"
    assert event["url.original"] == "/shop?id=1"
    assert event["http.response.status_code"] == "404"
    assert event["http.response.body.bytes"] == "2326"
    assert event["http.request.referrer"] == "https://example.com/start"
    assert event["user_agent.original"] == "Mozilla/5.0 (X11; Linux x86_64)"
    assert event["level"] == "warning"


def test_a_common_line_has_no_agent_and_a_dash_is_nothing() -> None:
    event = one(ACCESS, COMMON)
    assert (event["http.request.method"], event["level"]) == ("POST", "info")
    assert not {"user_agent.original", "user.name", "http.response.body.bytes"} & event.keys()


def test_a_line_with_a_virtual_host_in_front_names_it() -> None:
    event = one(ACCESS, f"shop.example.com:443 {COMBINED}")
    assert (event["url.domain"], event["source.ip"]) == ("shop.example.com", "203.0.113.7")


def test_an_address_of_version_6_is_an_address() -> None:
    event = one(ACCESS, COMMON.replace("203.0.113.7", "2001:db8::7"))
    assert event["source.ip"] == "2001:db8::7"


def test_a_name_instead_of_an_address_is_a_domain() -> None:
    event = one(ACCESS, COMMON.replace("203.0.113.7", "pc7.example.com"))
    assert event["source.domain"] == "pc7.example.com"
    assert "source.ip" not in event


def test_escaped_quotes_belong_to_their_field() -> None:
    event = one(ACCESS, COMBINED.replace("Mozilla/5.0", r"evil \"agent\""))
    assert event["user_agent.original"] == r"evil \"agent\" (X11; Linux x86_64)"


def test_a_garbage_request_keeps_its_bytes_as_the_url() -> None:
    event = one(ACCESS, COMMON.replace("POST /login HTTP/1.0", r"\x16\x03\x01\x02").replace(" 200 -", " 400 226"))
    assert event["url.original"] == r"\x16\x03\x01\x02"
    assert event["level"] == "warning"
    assert "http.request.method" not in event


def test_an_empty_request_has_no_url() -> None:
    assert "url.original" not in one(ACCESS, COMMON.replace("POST /login HTTP/1.0", "-").replace(" 200 -", " 408 -"))


def test_a_failing_server_is_an_error() -> None:
    assert one(ACCESS, COMMON.replace(" 200 -", " 503 0"))["level"] == "error"


def test_a_line_of_another_kind_keeps_its_text_and_the_time_of_the_line_before() -> None:
    (batch,), reading = read(ACCESS, lines(COMMON, "nonsense", COMBINED))
    assert len(batch) == 3
    assert batch.time[1] == batch.time[0]
    assert row(batch, 1)["message"] is None
    assert batch.raw[1] == "nonsense"
    assert reading.unparsed == 1
    assert "was kept as plain text" in str(reading.notes[0])


def test_a_wrong_day_does_not_cost_the_line() -> None:
    (batch,), reading = read(ACCESS, lines(COMMON, COMMON.replace("10/Oct", "31/Feb")))
    assert (len(batch), reading.unparsed) == (2, 1)
    assert row(batch, 1)["url.original"] == "/login"


def test_times_with_a_zone_assume_nothing() -> None:
    (batch,), _ = read(ACCESS, lines(COMMON))
    assert batch.zone_assumed is False


def test_access_lines_are_recognised_and_others_are_not() -> None:
    assert ACCESS.sniff(sample("x", lines(*[COMBINED] * 5, COMMON))) > 0.9
    assert ACCESS.sniff(sample("x", lines("hello world", "GET / HTTP/1.1"))) == 0
    assert ACCESS.sniff(sample("x", b"")) == 0
