"""MySQL and MariaDB: error log, general log, slow log, and the audit log of MariaDB and Percona.

Sources: MySQL's reference manual, 7.4; MariaDB's "server_audit" plugin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import BinaryIO

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources.cutting import (
    ANY,
    HOST,
    LEVEL,
    MESSAGE,
    SAMPLE_LINES,
    TIME,
    PatternLines,
    Told,
    expression,
)
from desktop_app.extensions.logs.sources.joining import read_joined
from desktop_app.extensions.logs.sources.traces import JoinedLines

_SOURCE = LogSource("mysql", "database", "mysql")
_REFUSED = re.compile(r"Access denied for user '(?P<user>[^']*)'@'(?P<host>[^']*)'")


class MysqlError(JoinedLines):
    """``2026-05-04T06:07:08.123456Z 0 [ERROR] [MY-010119] [Server] Aborting``, and older shapes of it."""

    id = "mysqlerror"
    title = text("MySQL error log")
    log_source = _SOURCE
    program = "mysqld"
    stamp = ANY
    sure = 0.985
    levels = MappingProxyType({"System": "info", "Note": "info"})
    expressions = (
        expression(
            r"(?P<time_>\d{4}-\d\d-\d\d[T ] ?\d{1,2}:\d\d:\d\d(?:\.\d{6})?(?:Z|[+-]\d\d:\d\d)?"
            r"|\d{6} +\d{1,2}:\d\d:\d\d) ",
            r"(?:(?P<process__thread__id>\d+) )?\[(?P<level_>System|Note|Warning|ERROR|Error)\] ",
            r"(?:\[(?P<event__code>MY-\d{6})\] \[(?P<log__logger>\w+)\] )?(?P<message_>.*)",
        ),
    )  # fmt: skip

    def refine(self, told: Told) -> Told | None:
        """An hour below ten is written without its zero by old versions; a refused sign-in names who and where from."""
        told[TIME] = re.sub(r"[ T]+(\d):", r" 0\1:", told[TIME] or "")
        if found := _REFUSED.search(told[MESSAGE] or ""):
            told |= {"user.name": found["user"], "source.address": found["host"], "event.outcome": "failure"}
        return super().refine(told)


class MysqlGeneral(JoinedLines):
    r"""``2026-05-04T06:07:08.123456Z\t   42 Query\tSELECT 1``."""

    id = "mysqlgeneral"
    title = text("MySQL general log")
    log_source = _SOURCE
    program = "mysqld"
    sure = 0.99
    expressions = (
        expression(
            r"(?P<time_>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d))\t *(?P<process__thread__id>\d+) ",
            r"(?P<event__action>[A-Z][A-Za-z_ ]{2,30}?)\t(?P<message_>.*)",
        ),
    )
    _CONNECT = re.compile(r"(?P<user>[^@\s]+)@(?P<host>\S+) on ")

    def belongs(self, line: str) -> bool:
        """The server names itself above the first line; statements go on over several."""
        return "Version: " in line or line.startswith(("Tcp port:", "Time  ")) or super().belongs(line)

    def refine(self, told: Told) -> Told | None:
        """A connection names who came and from where."""
        action, said = (told["event.action"] or "").lower().replace(" ", "_"), told[MESSAGE] or ""
        told |= {"event.action": action, LEVEL: "info"}
        if action == "connect" and (found := self._CONNECT.match(said)):
            told |= {"user.name": found["user"], "source.address": found["host"]}
        if found := _REFUSED.search(said):
            told |= {
                "user.name": found["user"],
                "source.address": found["host"],
                LEVEL: "warning",
                "event.outcome": "failure",
            }
        return told


class MysqlSlow(PatternLines):
    """``# Time: ...``, ``# User@Host: ...``, ``# Query_time: ...``, then the statement."""

    id = "mysqlslow"
    title = text("MySQL slow log")
    log_source = _SOURCE
    program = "mysqld"
    stamp = ANY
    sure = 0.99
    expressions = (
        expression(
            r"(?:# Time: (?P<time_>[^\n]{10,40})\n)?",
            r"# User@Host: (?P<user__name>[^\[\n]*)\[[^\n]*?\]",
            r" @ (?P<domain_>\S*) \[(?P<address_>[^\]\n]*)\][^\n]*\n",
            r"(?:# (?!Query_time)[^\n]*\n)*# Query_time: (?P<seconds_>[\d.]+)",
            r"\s+Lock_time: (?P<mysql__lock_time>[\d.]+)",
            r"(?:\s+Rows_sent: (?P<mysql__rows_sent>\d+)",
            r"\s+Rows_examined: (?P<mysql__rows_examined>\d+))?[^\n]*\n",
            r"(?P<message_>.*)",
        ),
    )  # fmt: skip
    _STAMP = re.compile(r"SET timestamp=(\d{10})")

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into statements."""
        return read_joined(stream, reading, _statements())

    def sniff(self, sample: Sample) -> float:
        """Look for the three lines that stand above a statement."""
        heads = [line for line in sample.lines[:SAMPLE_LINES] if line.startswith("# ")]
        if not heads or not any(line.startswith("# Query_time: ") for line in heads):
            return 0.0
        told = [self.cut(raw) for raw in self._joined(sample.lines[:SAMPLE_LINES])]
        return self.sure if any(said is not None for said in told) else 0.0

    def _joined(self, lines: list[str]) -> list[str]:
        begins, records = _statements(), [""]
        for line in lines:
            if begins(line):
                records.append(line)
            else:
                records[-1] += f"\n{line}"
        return records

    def refine(self, told: Told) -> Told | None:
        """The statement's own time is to the second and in UTC."""
        stamp = self._STAMP.search(told[MESSAGE] or "")
        seconds, _, fraction = (told["@seconds"] or "").partition(".")
        told |= {
            TIME: (told[TIME] or "").strip() or (stamp[1] if stamp else None),
            "source.address": told["@address"] or told["@domain"],
            "event.duration": str(int(seconds or 0) * 10**9 + int(fraction[:9].ljust(9, "0"))),
            "event.action": "slow_query", LEVEL: "warning",
        }  # fmt: skip
        return told


def _statements() -> Callable[[str], bool]:
    """A record begins at its time, or at its user where an old server left the time out."""
    timed = False

    def begins(line: str) -> bool:
        nonlocal timed
        begun = line.startswith("# Time: ") or (line.startswith("# User@Host: ") and not timed)
        timed = line.startswith("# Time: ")
        return begun

    return begins


class MariaAudit(PatternLines):
    """``20260504 06:07:08,db1,anna,192.0.2.7,42,108,QUERY,shop,'SELECT 1',0``."""

    id = "mysqlaudit"
    title = text("MySQL audit log")
    log_source = _SOURCE
    program = "mysqld"
    stamp = "compact"
    sure = 0.99
    expressions = (
        expression(
            r"(?P<time_>20\d{6} \d\d:\d\d:\d\d),(?P<host_>[^,]*),(?P<user__name>[^,]*),(?P<source__address>[^,]*),",
            r"(?P<process__thread__id>\d+),(?P<event__sequence>\d+),(?P<event__action>[A-Z_]+),(?P<mysql__database>[^,]*),",
            r"(?P<message_>.*),(?P<error__code>\d+)",
        ),
    )  # fmt: skip

    def refine(self, told: Told) -> Told | None:
        """A code other than 0 is that of an error."""
        failed = told["error.code"] != "0"
        told |= {
            "event.action": (told["event.action"] or "").lower(), "event.outcome": "failure" if failed else "success",
            LEVEL: "warning" if failed else "info", MESSAGE: (told[MESSAGE] or "").strip("'"), HOST: told[HOST],
            "error.code": told["error.code"] if failed else None,
        }  # fmt: skip
        return told


MYSQL_ERROR, MYSQL_GENERAL, MYSQL_SLOW, MARIA_AUDIT = MysqlError(), MysqlGeneral(), MysqlSlow(), MariaAudit()
FORMATS = (MYSQL_SLOW, MYSQL_GENERAL, MYSQL_ERROR, MARIA_AUDIT)
