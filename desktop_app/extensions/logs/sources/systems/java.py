"""Hadoop, HDFS, Spark and ZooKeeper: Java programs with a way of writing of their own."""

from __future__ import annotations

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Sample
from desktop_app.extensions.logs.sources.cutting import SAMPLE_LINES, expression
from desktop_app.extensions.logs.sources.traces import JoinedLines

_ISO = r"(?P<time_>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})"
_LEVEL = r"(?P<level_>TRACE|DEBUG|INFO|WARN|ERROR|FATAL)"


class Hdfs(JoinedLines):
    """``081109 203615 148 INFO dfs.DataNode$PacketResponder: text``."""

    id = "hdfs"
    title = text("Hadoop file system (HDFS)")
    log_source = LogSource("hdfs", "application", "hdfs")
    program = "hdfs"
    stamp = "digits"
    sure = 0.99
    expressions = (
        expression(
            r"(?P<time_>\d{6} \d{6}) (?P<process__thread__id>\d+) ",
            _LEVEL,
            r" (?P<log__logger>[\w.$]+): ?(?P<message_>.*)",
        ),
    )


class Hadoop(JoinedLines):
    """``2015-10-18 18:01:47,978 INFO [main] org.apache.hadoop.mapreduce.v2.app.MRAppMaster: text``."""

    id = "hadoop"
    title = text("Hadoop")
    log_source = LogSource("hadoop", "application", "hadoop")
    program = "hadoop"
    sure = 0.99
    expressions = (
        expression(
            _ISO, " ", _LEVEL, r"\s+(?:\[(?P<process__thread__name>.*?)\] )?(?P<log__logger>[\w.$]+): ?(?P<message_>.*)"
        ),
    )
    _SHARE = 0.05  # of the lines must name a class of Hadoop

    def sniff(self, sample: Sample) -> float:
        """Look for Hadoop's own classes among the lines that read well."""
        lines = sample.lines[:SAMPLE_LINES]
        named = sum("org.apache.hadoop." in line[:1000] for line in lines)
        return super().sniff(sample) if named and named >= len(lines) * self._SHARE else 0.0


class Spark(JoinedLines):
    """``17/06/09 20:10:40 INFO executor.Executor: text``."""

    id = "spark"
    title = text("Spark")
    log_source = LogSource("spark", "application", "spark")
    program = "spark"
    stamp = "short-year"
    sure = 0.98
    expressions = (
        expression(
            r"(?P<time_>\d\d/\d\d/\d\d \d\d:\d\d:\d\d) ", _LEVEL, r" (?P<log__logger>[\w.$]+): ?(?P<message_>.*)"
        ),
    )


class Zookeeper(JoinedLines):
    """``2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElection@774] - text``."""

    id = "zookeeper"
    title = text("ZooKeeper")
    log_source = LogSource("zookeeper", "application", "zookeeper")
    program = "zookeeper"
    sure = 0.99
    expressions = (
        expression(
            _ISO, r" (?:\[myid:\d*\] )?- ", _LEVEL,
            r"\s+\[(?P<process__thread__name>.*?):?(?P<log__logger>[\w.$]+)@(?P<log__origin__file__line>\d+)\] - ",
            r"(?P<message_>.*)",
        ),
    )  # fmt: skip


HDFS, HADOOP, SPARK, ZOOKEEPER = Hdfs(), Hadoop(), Spark(), Zookeeper()
FORMATS = (HDFS, HADOOP, SPARK, ZOOKEEPER)
