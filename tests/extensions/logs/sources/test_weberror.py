from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.weberror import WEB_ERROR
from tests.extensions.logs.sources.reading import lines, one, read, utc

OLD = "[Wed Oct 11 14:32:52 2023] [error] [client 192.0.2.1] client denied by server configuration: /srv/www"
NEW = (
    "[Fri Sep 09 10:42:29.902022 2022] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.7:51234] "
    "AH00128: File does not exist: /srv/x, referer: https://example.com/a"
)
NGINX = (
    '2024/05/01 12:00:00 [error] 1234#5678: *9 open() "/srv/x" failed (2: No such file or directory), '
    'client: 192.0.2.9, server: example.com, request: "GET /x?y=1 HTTP/1.1", host: "www.example.com", '
    'referrer: "https://example.com/"'
)


def test_apache_2_2() -> None:
    event = one(WEB_ERROR, OLD)
    assert event["time"] == utc(2023, 10, 11, 14, 32, 52)
    assert (event["level"], event["source"], event["source.ip"]) == ("error", "apache", "192.0.2.1")
    assert event["message"] == "client denied by server configuration: /srv/www"


def test_apache_2_4() -> None:
    event = one(WEB_ERROR, NEW)
    assert event["time"] == utc(2022, 9, 9, 10, 42, 29) + 902_022
    assert (event["log.logger"], event["error.code"], event["process.pid"]) == ("core", "AH00128", "35708")
    assert (event["source.ip"], event["source.port"]) == ("192.0.2.7", "51234")
    assert event["http.request.referrer"] == "https://example.com/a"


def test_nginx() -> None:
    event = one(WEB_ERROR, NGINX)
    assert event["time"] == utc(2024, 5, 1, 12)
    assert (event["source"], event["source.ip"], event["process.pid"]) == ("nginx", "192.0.2.9", "1234")
    assert (event["http.request.method"], event["url.original"]) == ("GET", "/x?y=1")
    assert (event["url.domain"], event["http.request.referrer"]) == ("www.example.com", "https://example.com/")


@pytest.mark.parametrize(
    ("client", "address", "port"),
    [
        ("192.0.2.7:51234", "192.0.2.7", "51234"),
        ("192.0.2.7", "192.0.2.7", None),
        ("2001:db8::1", "2001:db8::1", None),
        ("[2001:db8::1]:443", "2001:db8::1", "443"),
        ("2001:db8:0:0:0:0:0:1:443", "2001:db8:0:0:0:0:0:1", "443"),
    ],
)
def test_clients_are_told_from_their_ports(client: str, address: str, port: str | None) -> None:
    event = one(WEB_ERROR, OLD.replace("192.0.2.1", client))
    assert (event["source.ip"], event.get("source.port")) == (address, port)


def test_a_trace_level_is_debug_and_an_unknown_one_none() -> None:
    assert one(WEB_ERROR, OLD.replace("[error]", "[trace3]"))["level"] == "debug"
    assert one(WEB_ERROR, OLD.replace("[error]", "[frobnicate]"))["level"] is None


def test_a_line_of_another_kind_is_kept() -> None:
    (batch,), reading = read(WEB_ERROR, lines(OLD, "PHP Stack trace:", NEW))
    assert (len(batch), reading.unparsed, batch.source[1]) == (3, 1, "web")


def test_web_error_logs_are_recognised_and_others_are_not() -> None:
    assert WEB_ERROR.sniff(sample("x", lines(OLD, NEW, NGINX))) > 0.9
    assert WEB_ERROR.sniff(sample("x", lines("[10.30 16:49:06] chrome.exe - open", "[note] x"))) == 0
    assert WEB_ERROR.sniff(sample("x", lines("2024/05/01 12:00:00 [main] 1: hello"))) == 0


def test_a_public_error_log_is_read_to_the_last_line(data_dir: Path) -> None:
    batches, reading = read(WEB_ERROR, (data_dir / "loghub" / "Apache_2k.log").read_bytes())
    assert (sum(len(one) for one in batches), reading.unparsed) == (2000, 0)
