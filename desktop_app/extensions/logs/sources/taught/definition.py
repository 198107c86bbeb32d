"""A taught format as a file to share: JSON with its name and a pattern, or the columns of a table.

::

    {"watchdesk": "log format", "version": 1, "id": "boiler", "title": "Boiler control",
     "pattern": "%{@timestamp} %{+@timestamp} [%{log.level}] %{message}", "time": "iso",
     "log_source": {"product": "", "category": "application", "service": "boiler"}}

    {"watchdesk": "log format", "version": 1, "id": "scales", "title": "Scales",
     "table": {"delimiter": ";", "header": true, "names": ["Zeit", "Wert"], "columns": ["@timestamp", "weight"]}}

Names of columns are ECS's. ``@timestamp``, ``log.level``, ``message``, ``host.name`` and ``process.name`` become
columns of every event, any other a field. ``log_source`` is what Sigma rules choose logs by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core.errors import SourceUnreadable, UsageError, system_says
from desktop_app.core.model import LogSource
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.sources import stamps
from desktop_app.extensions.logs.sources.names import shown
from desktop_app.extensions.logs.sources.taught import dissect

KIND, VERSION = "log format", 1
PREFIX = "site."  # of the ids of taught formats, so that none is taken for one of ours
TIME = "@timestamp"
LARGEST = 64 * 1024
MOST_COLUMNS = 500
APPLICATION = LogSource(category="application")
DELIMITERS = (",", ";", "\t", "|")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WORD = re.compile(r"[a-z0-9_-]{1,60}")
_LOG_SOURCE = ("product", "category", "service")


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table: ``names`` as its header has them, ``columns`` as events have them, empty to leave out."""

    delimiter: str
    header: bool
    names: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A taught format. ``time``: the way in which its times are written (``stamps``), empty for any."""

    id: str
    title: str
    pattern: str = ""
    table: Table | None = None
    time: str = ""
    log_source: LogSource = APPLICATION

    @property
    def format_id(self) -> str:
        """How files remember what read them."""
        return f"{PREFIX}{self.id}"

    def written(self) -> str:
        """Return the file."""
        source = {name: getattr(self.log_source, name) or "" for name in _LOG_SOURCE}
        told: dict[str, Any] = {"watchdesk": KIND, "version": VERSION, "id": self.id, "title": self.title}
        if self.table is None:
            told["pattern"] = self.pattern
        else:
            table = self.table
            told["table"] = {"delimiter": table.delimiter, "header": table.header, "names": table.names,
                             "columns": table.columns}  # fmt: skip
        told |= {"time": self.time, "log_source": source}
        return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n"


def slug(title: str) -> str:
    """Return an id made of a title; one in another script than ours gets a number of its own letters."""
    found = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-")
    return found or "format-" + "".join(f"{ord(one):x}" for one in title.strip())[:30]


def read(content: bytes) -> Definition:
    """Read such a file. UsageError says in one sentence why it is none."""
    if len(content) > LARGEST:
        raise _wrong(text("It is larger than %(limit)s KB.", limit=LARGEST // 1024))
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _wrong(text("It is not JSON.")) from error
    if not isinstance(told, dict) or told.get("watchdesk") != KIND:
        raise _wrong(text("It does not say that it is one."))
    if told.get("version") != VERSION:
        raise _wrong(text("It was written by a later version of Watchdesk."))
    return checked(_definition(told))


def read_file(path: Path) -> Definition:
    """Read such a file from where it lies."""
    try:
        with path.open("rb") as file:
            return read(file.read(LARGEST + 1))
    except (OSError, ValueError) as error:
        raise SourceUnreadable(
            text("%(name)s cannot be read.", name=shown(path)),
            why=system_says(error),
        ) from error


def _definition(told: Mapping[str, Any]) -> Definition:
    words = _all(told, str, "id", "title")
    source = told.get("log_source") or {}
    table = told.get("table")
    if not isinstance(source, dict) or not (table is None or isinstance(table, dict)):
        raise _wrong(text("%(name)s is missing or of the wrong kind.", name="table" if table else "log_source"))
    given = {name: str(source[name]).lower() for name in _LOG_SOURCE if source.get(name)}
    if not all(_WORD.fullmatch(one) for one in given.values()):
        raise _wrong(text("The words of its log source are not made of letters, digits, _ and -."))
    return Definition(
        words["id"], words["title"], "" if table else _all(told, str, "pattern")["pattern"],
        _table(table) if table else None, str(told.get("time") or ""),
        LogSource(**given) if given else APPLICATION,
    )  # fmt: skip


def _table(told: Mapping[str, Any]) -> Table:
    delimiter = _all(told, str, "delimiter")["delimiter"]
    header = _all(told, bool, "header")["header"]
    lists = _all(told, list, "names", "columns")
    if not all(isinstance(one, str) for found in lists.values() for one in found):
        raise _wrong(text("%(name)s is missing or of the wrong kind.", name="columns"))
    return Table(delimiter, header, tuple(lists["names"]), tuple(lists["columns"]))


def _all(told: Mapping[str, Any], kind: type, *names: str) -> dict[str, Any]:
    for name in names:
        if not isinstance(told.get(name), kind):
            raise _wrong(text("%(name)s is missing or of the wrong kind.", name=name))
    return {name: told[name] for name in names}


def checked(one: Definition) -> Definition:
    """Return a definition that can be used. UsageError says what is wrong with it."""
    if not _ID.fullmatch(one.id):
        raise _wrong(text("Its id is not made of small letters, digits and hyphens, 40 at most."))
    if not one.title.strip() or len(one.title) > 100 or not one.title.isprintable():
        raise _wrong(text("Its name is empty or longer than 100 characters."))
    if one.time and stamps.by_id(one.time) is None:
        raise _wrong(text("No way of writing times is called %(name)s.", name=one.time[:40]))
    names = dissect.read(one.pattern).names if one.table is None else _columns_of(one.table)
    if TIME not in names:
        raise UsageError(
            text("This format has no time."), why=text("Events are ordered by their time."),
            fix=text("Mark the time, or call its part %(name)s.", name=TIME),
        )  # fmt: skip
    return one


def _columns_of(table: Table) -> list[str]:
    used = [name for name in table.columns if name]
    if table.delimiter not in DELIMITERS:
        raise _wrong(text("Its columns are not separated by comma, semicolon, tab or bar."))
    if not 1 < len(table.columns) <= MOST_COLUMNS:
        raise _wrong(text("A table has 2 to %(limit)s columns.", limit=MOST_COLUMNS))
    if table.header and len(table.names) != len(table.columns):
        raise _wrong(text("It has not as many names as columns."))
    if len({one.lower() for one in used}) != len(used):
        raise _wrong(text("Two columns have the same name."))
    if strange := next((one for one in used if not dissect.NAME.fullmatch(one)), None):
        raise _wrong(text("%(name)s is no name of a field.", name=strange[:60]))
    return used


def _wrong(why: Text) -> UsageError:
    return UsageError(
        text("This is no log format that this desk can use."), why=why,
        fix=text("Teach one under Logs, Formats, and save it as a file to see how they are written."),
    )  # fmt: skip
