"""PostgreSQL (stderr and csvlog), Redis, and MongoDB before version 4.4.

Sources: PostgreSQL's manual, "Error Reporting and Logging" (log_line_prefix, csvlog); redis' server.c.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import BinaryIO

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.csvlines import cells
from desktop_app.extensions.logs.sources.cutting import (
    ANY,
    LEVEL,
    MESSAGE,
    TIME,
    CutLines,
    PatternLines,
    Told,
    expression,
)
from desktop_app.extensions.logs.sources.joining import read_joined
from desktop_app.extensions.logs.sources.traces import JoinedLines

_POSTGRES = LogSource("postgresql", "database", "postgresql")
_LEVELS = MappingProxyType({
    "PANIC": "critical", "LOG": "info", "STATEMENT": "info", "DETAIL": "info", "HINT": "info", "CONTEXT": "info",
    "QUERY": "info", "LOCATION": "debug", **{f"DEBUG{number}": "debug" for number in range(1, 6)},
})  # fmt: skip
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?"
_REFUSED = re.compile(
    r'(?:authentication failed for user|no pg_hba\.conf entry for host "(?P<host>[^"]+)", user) "(?P<user>[^"]*)"'
)


def zoned(time: str) -> str:
    """``... UTC`` and ``... +02`` say their zone; other short names have several meanings and are left out."""
    stamp, _, zone = time.rpartition(" ")
    return time if not stamp or " " not in stamp or zone in {"UTC", "GMT"} or zone[0] in "+-" else stamp


def refusal(message: str) -> Told:
    """Return who was refused, where a message says so."""
    found = _REFUSED.search(message)
    return {"user.name": found["user"], "source.address": found["host"], "event.outcome": "failure"} if found else {}


class PostgresText(JoinedLines):
    """``2026-05-04 06:07:08.123 UTC [4242] anna@shop ERROR:  text``, with whatever else the prefix holds."""

    id = "postgresql"
    title = text("PostgreSQL")
    log_source = _POSTGRES
    program = "postgres"
    stamp = ANY
    sure = 0.985
    levels = _LEVELS
    expressions = (
        expression(
            rf"(?P<time_>{_TIME}(?: [A-Z]{{2,5}}| [+-]\d\d(?::?\d\d)?)?)(?: |:)",
            r"(?:[^\n]{0,60}?\[(?P<process__pid>\d+)(?:-\d+)?\]:?)?",
            r"(?P<prefix_>[^\n]{0,200}?) ?(?P<level_>PANIC|FATAL|ERROR|WARNING|NOTICE|INFO|LOG|DEBUG[1-5]",
            r"|STATEMENT|DETAIL|HINT",
            r"|CONTEXT|QUERY|LOCATION):  (?P<message_>.*)",
        ),
    )  # fmt: skip
    _WHO = re.compile(r"(?:user=)?(?P<user>[\w.-]+)(?:@|,db=)(?P<database>[\w.-]+)")

    def refine(self, told: Told) -> Told | None:
        """The prefix may name who is connected to which database."""
        told[TIME] = zoned(told[TIME] or "")
        if who := self._WHO.search(told["@prefix"] or ""):
            told |= {"user.name": who["user"], "postgresql.database": who["database"]}
        return {**told, **refusal(told[MESSAGE] or "")}


_COLUMNS = (
    TIME, "user.name", "postgresql.database", "process.pid", "@from", "session.id", "@line", "process.title", "@start",
    "postgresql.virtual_transaction", "postgresql.transaction", LEVEL, "error.code", MESSAGE, "event.reason", "@hint",
    "@inner", "@position", "@context", "postgresql.query", "@at", "log.origin.function", "@application", "@backend",
    "@leader", "postgresql.query_id",
)  # fmt: skip


class PostgresCsv(CutLines):
    """csvlog: a table without a header whose columns the manual names; quotes may hold line ends."""

    id = "postgresqlcsv"
    title = text("PostgreSQL (csvlog)")
    log_source = _POSTGRES
    program = "postgres"
    stamp = ANY
    sure = 0.99
    levels = _LEVELS
    _BEGINS = re.compile(rf'{_TIME} [A-Z+-]\w*,(?:"|,)', re.ASCII)

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Join the lines of a statement."""
        return read_joined(stream, reading, self.begins)

    def begins(self, line: str) -> bool:
        """Say whether a line begins with a time and a user."""
        return self._BEGINS.match(line[:200]) is not None

    def belongs(self, line: str) -> bool:
        """Statements go on over several lines."""
        return not self.begins(line)

    def cut(self, line: str) -> Told | None:
        """Cut a record; from version 9 to 17 there are 22 to 26 columns."""
        if not self.begins(line):
            return None
        row = cells(line, ",")
        if len(row) < 14:
            return None
        told: Told = dict(zip(_COLUMNS, row, strict=False))
        address, _, port = row[4].rpartition(":")
        told |= {TIME: zoned(row[0]), "source.address": address or None, "source.port": port if address else None}
        return {**told, **{name: value for name, value in refusal(row[13]).items() if value}}


class Redis(PatternLines):
    """``4242:M 04 May 2026 06:07:08.123 * Ready to accept connections``."""

    id = "redis"
    title = text("Redis")
    log_source = LogSource("redis", "database", "redis")
    program = "redis"
    stamp = "words"
    sure = 0.99
    levels = MappingProxyType({".": "debug", "-": "debug", "*": "info", "#": "warning"})
    expressions = (
        expression(
            r"(?:(?P<process__pid>\d+):(?P<redis__role>[XCSM]) |\[(?P<pid_>\d+)\] )",
            r"(?P<time_>\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}) (?P<level_>[.*#-]) (?P<message_>.*)",
        ),
    )
    _ROLES = {"X": "sentinel", "C": "child", "S": "replica", "M": "master"}  # noqa: RUF012 - nobody changes it

    def refine(self, told: Told) -> Told | None:
        """One letter says what the process is."""
        return {**told, "redis.role": self._ROLES.get(told["redis.role"] or "")}

    def belongs(self, line: str) -> bool:
        """The server draws its name when it starts."""
        return line.startswith(("  ", " `-._", "(    ")) or not line.strip()


class MongoText(PatternLines):
    """``2026-05-04T06:07:08.123+0200 I NETWORK  [conn1] text``."""

    id = "mongodbtext"
    title = text("MongoDB (text)")
    log_source = LogSource("mongodb", "database", "mongodb")
    program = "mongod"
    sure = 0.985
    levels = MappingProxyType({f"D{number}": "debug" for number in range(1, 6)})
    expressions = (
        expression(
            r"(?P<time_>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d{4})) (?P<level_>[IWEF]|D[1-5]?) ",
            r"(?P<log__logger>[A-Z_]+|-) +\[(?P<process__thread__name>[^\]]*)\] (?P<message_>.*)",
        ),
    )


POSTGRES, POSTGRES_CSV, REDIS, MONGO_TEXT = PostgresText(), PostgresCsv(), Redis(), MongoText()
FORMATS = (POSTGRES_CSV, POSTGRES, REDIS, MONGO_TEXT)
