from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.applications.lines import CRI, ELASTIC_TEXT, KLOG, PROGRAM_LINES
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import recognise
from tests.extensions.logs.sources.reading import events, lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


@pytest.mark.parametrize(
    ("number", "level", "logger", "message"),
    [
        (4, "info", "c.e.App", "Started"),
        (5, "warning", "com.example.Pump", "slow"),
        (6, "warning", "pump.main", "slow"),
        (7, "info", "pump.main", "fine"),
        (8, "debug", "Example.Pump", "fine"),
        (9, "info", None, "fine"),
        (10, "error", None, "broke"),
        (11, "info", None, "hello"),
    ],
)
def test_time_level_and_logger_in_many_orders(number: int, level: str, logger: str | None, message: str) -> None:
    event = one(PROGRAM_LINES, SAMPLES["applog"][number])
    assert (event["level"], event.get("log.logger"), event["message"]) == (level, logger, message)
    assert utc(2026, 5, 4, 4, 7, 8) <= int(event["time"] or 0) <= utc(2026, 5, 4, 6, 7, 10)


def test_a_trace_stays_with_its_line() -> None:
    first, *others = events(PROGRAM_LINES, lines(*SAMPLES["applog"]))
    assert (first["log.logger"], first["process.thread.name"], first["level"]) == ("com.example.App", "main", "error")
    assert first["error.type"] == "java.io.IOException"
    assert str(first["error.stack_trace"]).count("\n") == 2
    assert len(others) == 8


def test_a_trace_of_python_stays_with_its_line_too() -> None:
    trace = ("Traceback (most recent call last):", '  File "x.py", line 1, in <module>', "ValueError: bad")
    (first, _) = events(PROGRAM_LINES, lines("2026-05-04 06:07:08,123 ERROR root: broke", *trace, SAMPLES["applog"][5]))
    assert (first["error.type"], first["message"]) == ("ValueError", "broke\n" + "\n".join(trace))


def test_a_file_that_is_mostly_traces_is_recognised() -> None:
    written = [SAMPLES["applog"][0], *["\tat a.b(C.java:1)"] * 30] * 5
    assert recognise(sample("x", lines(*written)))[0].id == "applog"


def test_a_time_and_a_level_alone_are_no_program_log() -> None:
    assert PROGRAM_LINES.sniff(sample("x", lines(*["2026-05-04 06:07:08 INFO the pump runs"] * 9))) == 0


def test_klog_writes_no_year() -> None:
    event = one(KLOG, SAMPLES["klog"][1])
    assert (event["time"], event["level"]) == (utc(2026, 5, 4, 6, 7, 9) + 123_456, "error")
    assert (event["log.origin.file.name"], event["log.origin.file.line"]) == ("pkg/kubelet/kubelet.go", "1234")


def test_elasticsearch_in_text_names_its_node() -> None:
    first, second = events(ELASTIC_TEXT, lines(*SAMPLES["elasticlog"]))
    assert (first["host"], first["log.logger"], first["message"]) == ("node-1", "o.e.n.Node", "started")
    assert second["error.type"] == "org.elasticsearch.bootstrap.StartupException"


def test_parts_of_a_long_line_of_a_container_are_joined() -> None:
    first, second, third = events(CRI, lines(*SAMPLES["cri"]))
    assert (first["message"], first["level"], first["port"]) == ("it is up", "info", "80")
    assert (second["message"], second["time"]) == ("the first half and the second", utc(2026, 5, 4, 4, 7, 9) + 123_456)
    assert (third["level"], third["log.stream"]) == ("error", "stderr")
