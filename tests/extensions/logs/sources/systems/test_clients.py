from __future__ import annotations

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.systems.clients import ANDROID, CBS, HEALTH_APP, PROXIFIER
from tests.extensions.logs.sources.reading import lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_a_tag_of_android_is_its_component() -> None:
    event = one(ANDROID, SAMPLES["android"][0])
    assert (event["log.logger"], event["message"]) == ("WindowManager", "printing : twice")
    assert (event["level"], event["process.pid"], event["process.thread.id"]) == ("warning", "2227", "2395")
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8) + 913_000
    assert one(ANDROID, SAMPLES["android"][1])["log.logger"] == "ActivityManager"


def test_health_app_writes_times_without_leading_zeros() -> None:
    event = one(HEALTH_APP, SAMPLES["healthapp"][0])
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8) + 661_000
    assert (event["log.logger"], event["process.pid"]) == ("Step_LSC", "30002312")


def test_servicing_of_windows_names_its_component() -> None:
    event = one(CBS, SAMPLES["cbs"][1])
    assert (event["level"], event["log.logger"]) == ("error", "CSI")
    assert event["message"] == "00000001@2026/5/4:06:07:09 Cannot verify"


def test_a_connection_of_proxifier() -> None:
    event = one(PROXIFIER, SAMPLES["proxifier"][0])
    assert (event["process.name"], event["event.action"]) == ("chrome.exe", "connection_closed")
    assert (event["destination.domain"], event["destination.port"]) == ("www.example.com", "443")
    event = one(PROXIFIER, SAMPLES["proxifier"][1])
    assert (event["destination.ip"], event["level"]) == ("203.0.113.9", "error")


def test_times_in_brackets_alone_make_no_proxifier() -> None:
    assert PROXIFIER.sniff(sample("x", lines(*["[10.30 16:49:06] started"] * 9))) == 0
