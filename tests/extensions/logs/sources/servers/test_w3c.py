from __future__ import annotations

from zoneinfo import ZoneInfo

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.servers.w3c import IIS, W3C, WINDOWS_FIREWALL
from tests.extensions.logs.sources.reading import events, lines, read, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_request_of_iis_has_the_names_of_other_web_logs_and_is_utc() -> None:
    first, second = events(IIS, lines(*SAMPLES["iis"]), zone=ZoneInfo("Asia/Shanghai"))
    assert (first["time"], first["ordinal"]) == (utc(2026, 5, 4, 6, 7, 8), 5)
    assert first["url.original"] == "/a.aspx?id=1&x=%3Cscript%3E"
    assert (first["source.ip"], first["http.response.status_code"]) == ("192.0.2.7", "404")
    assert first["user_agent.original"] == "Mozilla/5.0 (X11; Linux)"
    assert (first["level"], second["level"]) == ("warning", "error")
    assert (second["user.name"], second["event.duration"]) == ("CORP\\anna", "1203000000")
    assert IIS.log_source.name == "any-webserver-access"


def test_the_columns_may_change_within_a_file_and_a_grown_file_goes_on_with_the_last() -> None:
    data = lines(*SAMPLES["iis"], "#Fields: date time c-ip cs-method cs-uri-stem sc-status",
                 "2026-05-05 00:00:01 192.0.2.9 GET /b 200")  # fmt: skip
    found = events(IIS, data)
    assert (found[2]["source.ip"], found[2]["url.original"]) == ("192.0.2.9", "/b")
    assert found[1]["source.ip"] == "192.0.2.7"
    _, reading = read(IIS, data)
    assert reading.settled.bytes == len(data)
    more = events(IIS, lines("2026-05-05 00:00:02 192.0.2.9 GET /c 200"), state=dict(reading.settled.state),
                  first_ordinal=9)  # fmt: skip
    assert (more[0]["url.original"], more[0]["ordinal"]) == ("/c", 9)


def test_a_line_of_another_width_keeps_its_text() -> None:
    _, reading = read(IIS, lines(*SAMPLES["iis"], "2026-05-05 00:00:01 192.0.2.9"))
    assert reading.unparsed == 1


def test_the_firewall_of_windows_writes_local_time_and_says_what_became_of_a_packet() -> None:
    first, second = events(WINDOWS_FIREWALL, lines(*SAMPLES["winfirewall"]), zone=ZoneInfo("Asia/Shanghai"))
    assert first["time"] == utc(2026, 5, 3, 22, 7, 8)
    assert (first["event.action"], first["event.type"], second["event.type"]) == (
        "firewall_packet",
        "denied",
        "allowed",
    )
    assert (first["source.ip"], first["destination.port"], first["network.transport"]) == ("192.0.2.7", "3389", "tcp")
    assert (first["network.direction"], second["network.direction"]) == ("inbound", "outbound")


def test_columns_between_commas_may_hold_them() -> None:
    first, second = events(W3C, lines(*SAMPLES["w3c"]))
    assert (first["message-subject"], first["source.ip"]) == ("Hello, world", "192.0.2.7")
    assert "source.ip" not in second


def test_without_a_header_nothing_is_known() -> None:
    assert IIS.sniff(sample("x", lines("2026-05-05 00:00:01 192.0.2.9 GET /b 200"))) == 0
    assert 0 < W3C.sniff(sample("x", lines("#Fields: date time x-a", "2026-05-05 00:00:01 a"))) < IIS.sure
