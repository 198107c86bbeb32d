r"""Lines of programs: Log4j, logback, Python's logging, Spring, Serilog, NLog, Rails, klog, Elasticsearch's text; CRI.

What they share is a time, a level and a name in some order; a stack trace below stays with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import BinaryIO

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.applications.inner import inner
from desktop_app.extensions.logs.sources.cutting import ANY, HOST, TIME, CutLines, Told, expression
from desktop_app.extensions.logs.sources.joining import read_joined
from desktop_app.extensions.logs.sources.traces import JoinedLines

_TIME = r"(?P<time_>\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)"
_FINE = r"(?P<time_>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9}(?: ?(?:Z|[+-]\d\d:?\d\d))?)"
_LEVEL = (
    r"(?P<level_>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|CRITICAL|FATAL|FINE(?:ST|R)?|CONFIG"
    r"|Trace|Debug|Info|Warn(?:ing)?|Error|Fatal|Critical|VRB|DBG|INF|WRN|ERR|FTL)"
)
_LOGGER = r"(?P<log__logger>[A-Za-z_][\w.$/*-]{0,199})"
_THREAD = r"\[(?P<process__thread__name>[^\]]{1,200})\]"
_SAID = r"(?P<message_>.*)"
_WORDS = {"VRB": "debug", "DBG": "debug", "INF": "info", "WRN": "warning", "FTL": "critical", "CONFIG": "info"}


class ProgramLines(JoinedLines):
    """A time, a level and the name of what wrote it, in the orders that loggers use."""

    id = "applog"
    title = text("Program log (Log4j, logback, Python, .NET ...)")
    log_source = LogSource(category="application", service="program")
    program = None
    stamp = ANY
    sure = 0.93
    levels = MappingProxyType(_WORDS)
    expressions = (
        # Spring Boot: 2026-05-04T06:07:08.123+02:00  INFO 4242 --- [app] [main] c.e.App : text
        expression(_TIME, r" +", _LEVEL, r" (?P<process__pid>\d+) --- (?:\[[^\]]*\] ){0,3}?",
                   _THREAD, " ", _LOGGER, r" *: ", _SAID),
        # Log4j, logback: time [thread] LEVEL logger - text; time LEVEL [thread] logger - text
        expression(r"\[?", _TIME, r"\]? ", _THREAD, " ", _LEVEL, r" +(?:", _LOGGER, r" ?)(?:-|:|\[[^\]]*\] -) ", _SAID),
        expression(r"\[?", _TIME, r"\]? +\[?", _LEVEL, r"\]? +", _THREAD, r" (?:", _LOGGER, r" ?(?:-|:) )?", _SAID),
        # time LEVEL logger: text; time LEVEL logger - text; time [LEVEL] logger: text
        expression(r"\[?", _TIME, r"\]? +[\[<|]?", _LEVEL, r"[\]>|]? +\[?", _LOGGER, r"\]?(?::\d+)?(?::| -) +", _SAID),
        # Python: time - logger - LEVEL - text; time logger LEVEL text
        expression(_TIME, r" - ", _LOGGER, r" - ", _LEVEL, r" - ", _SAID),
        # Loguru: time | LEVEL    | module:function:12 - text
        expression(_TIME, r" \| ", _LEVEL, r" *\| ", _LOGGER,
                   r":(?P<log__origin__function>[\w<>]+):(?P<log__origin__file__line>\d+) - ", _SAID),
        # NLog: time|LEVEL|logger|text
        expression(_TIME, r"\|", _LEVEL, r"\|", _LOGGER, r"\|", _SAID),
        # Serilog and others: time [INF] text
        expression(_TIME, r" \[", _LEVEL, r"\] ", _SAID),
        # Rails: I, [2026-05-04T06:07:08.123456 #4242]  INFO -- : text
        expression(r"[DIWEFA], \[", _TIME, r" #(?P<process__pid>\d+)\] +", _LEVEL,
                   r" -- (?P<log__logger>[^:]*): ", _SAID),
        # Python's basicConfig with a time: the comma tells it from sentences
        expression(_FINE, r" +", _LEVEL, r" +", _SAID),
    )  # fmt: skip


class Klog(JoinedLines):
    """klog and glog: ``I0504 06:07:08.123456    4242 server.go:12] text``."""

    id = "klog"
    title = text("klog (Kubernetes, Google)")
    log_source = LogSource(category="application", service="klog")
    program = None
    stamp = "android"
    sure = 0.98
    expressions = (
        expression(
            r"(?P<level_>[IWEF])(?P<month_>\d\d)(?P<day_>\d\d) (?P<clock_>\d\d:\d\d:\d\d\.\d{6}) +",
            r"(?P<process__thread__id>\d+) ",
            r"(?P<log__origin__file__name>[\w./-]+):(?P<log__origin__file__line>\d+)\] ?(?P<message_>.*)",
        ),
    )  # fmt: skip

    def refine(self, told: Told) -> Told | None:
        """The day stands without a sign between its parts."""
        told[TIME] = f"{told['@month']}-{told['@day']} {told['@clock']}"
        return super().refine(told)


class ElasticText(JoinedLines):
    """``[2026-05-04T06:07:08,123][INFO ][o.e.n.Node               ] [node-1] started``."""

    id = "elasticlog"
    title = text("Elasticsearch, OpenSearch (text)")
    log_source = LogSource("elasticsearch", "database", "elasticsearch")
    program = "elasticsearch"
    sure = 0.98
    expressions = (
        expression(
            r"\[(?P<time_>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{3})\]\[(?P<level_>[A-Z]+) *\]",
            r"\[(?P<log__logger>[\w.$-]+) *\] ",
            r"(?:\[(?P<host_>[^\]]+)\] ?)?(?P<message_>.*)",
        ),
    )  # fmt: skip


class Cri(CutLines):
    """containerd and CRI-O: ``2026-05-04T06:07:08.123456789Z stdout F text``; a P says that more follows."""

    id = "cri"
    title = text("Kubernetes container (CRI)")
    log_source = LogSource(category="application", service="container")
    program = None
    sure = 0.985
    _LINE = re.compile(
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) "
        r"([FP](?::\S*)?) (.*)",
        re.ASCII,
    )  # fmt: skip

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Join the parts of a line that was too long for the runtime."""
        return read_joined(stream, reading, self._beginner())

    def _beginner(self) -> Callable[[str], bool]:
        partial = False

        def begins(line: str) -> bool:
            nonlocal partial
            went_on, found = partial, self._LINE.match(line[:200])
            partial = found is not None and found[3].startswith("P")
            return not went_on

        return begins

    def cut(self, line: str) -> Told | None:
        """Read the first part, and take the texts of the others."""
        parts = [found for part in line.split("\n") if (found := self._LINE.fullmatch(part))]
        if not parts:
            return None
        return {**inner("".join(part[4] for part in parts)), TIME: parts[0][1], "log.stream": parts[0][2], HOST: None}


PROGRAM_LINES, KLOG, ELASTIC_TEXT, CRI = ProgramLines(), Klog(), ElasticText(), Cri()
FORMATS = (CRI, KLOG, ELASTIC_TEXT, PROGRAM_LINES)
