from __future__ import annotations

import pytest

from desktop_app.extensions.logs.model import Format
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.systems.java import HADOOP, HDFS, SPARK, ZOOKEEPER
from tests.extensions.logs.sources.reading import events, lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES

FORMATS = {"hdfs": HDFS, "hadoop": HADOOP, "spark": SPARK, "zookeeper": ZOOKEEPER}


@pytest.mark.parametrize(
    ("format_", "number", "level", "component"),
    [
        (HDFS, 0, "info", "dfs.DataNode$PacketResponder"),
        (HADOOP, 1, "error", "org.apache.hadoop.ipc.Client"),
        (SPARK, 1, "warning", "storage.BlockManager"),
        (ZOOKEEPER, 0, "info", "FastLeaderElection"),
        (ZOOKEEPER, 1, "warning", "QuorumCnxManager$SendWorker"),
    ],
)
def test_level_and_component_are_found(format_: Format, number: int, level: str, component: str) -> None:
    event = one(format_, SAMPLES[format_.id][number])
    assert (event["level"], event["log.logger"], event["source"]) == (level, component, format_.id)
    assert utc(2026, 5, 4, 6, 7, 8) <= int(event["time"] or 0) < utc(2026, 5, 4, 6, 7, 10)


def test_the_thread_of_zookeeper_keeps_its_brackets() -> None:
    event = one(ZOOKEEPER, SAMPLES["zookeeper"][0])
    assert event["process.thread.name"] == "QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181"
    assert event["log.origin.file.line"] == "774"


def test_a_trace_stays_with_its_line_and_names_its_error() -> None:
    trace = ("java.io.IOException: closed", "\tat org.x.Y.z(Y.java:1)", "Caused by: java.net.ConnectException")
    event, after = events(HADOOP, lines(SAMPLES["hadoop"][1], *trace, SAMPLES["hadoop"][0]))
    assert (event["ordinal"], after["ordinal"]) == (1, 5)
    assert event["error.stack_trace"] == "\n".join(trace)
    assert event["error.type"] == "java.net.ConnectException"


def test_another_program_that_writes_like_hadoop_is_not_called_so() -> None:
    assert HADOOP.sniff(sample("x", lines(*["2026-05-04 06:07:08,123 INFO [main] com.example.App: up"] * 9))) == 0
