"""The table that Event Viewer saves (CSV or tabs): five named columns, and the message in a sixth without a name.

The names and words are those of the Windows that wrote it; English, German and Chinese are known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from desktop_app.core.model import EventBatch, moment
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import winevents
from desktop_app.extensions.logs.sources.csvlines import cells
from desktop_app.extensions.logs.sources.cutting import LONGEST, any_code
from desktop_app.extensions.logs.sources.joining import read_joined
from desktop_app.extensions.logs.sources.times import LOCAL, VALID

_HEADERS = (
    ("level", "date and time", "source", "event id", "task category"),
    ("keywords", "date and time", "source", "event id", "task category"),
    ("ebene", "datum und uhrzeit", "quelle", "ereignis-id", "aufgabenkategorie"),
    ("schlüsselwörter", "datum und uhrzeit", "quelle", "ereignis-id", "aufgabenkategorie"),
    ("级别", "日期和时间", "来源", "事件 id", "任务类别"),
    ("关键字", "日期和时间", "来源", "事件 id", "任务类别"),
)
_LEVELS = {
    "critical": 1, "kritisch": 1, "严重": 1, "关键": 1, "error": 2, "fehler": 2, "错误": 2, "warning": 3, "warnung": 3,
    "警告": 3,
    "information": 4, "informationen": 4, "信息": 4, "verbose": 5, "ausführlich": 5, "详细": 5,
}  # fmt: skip
_FAILURE, _SUCCESS = "0x8010000000000000", "0x8020000000000000"
_KEYWORDS = {
    "audit failure": _FAILURE, "überwachung gescheitert": _FAILURE, "审核失败": _FAILURE,
    "audit success": _SUCCESS, "überwachung erfolgreich": _SUCCESS, "审核成功": _SUCCESS,
}  # fmt: skip
_CHANNELS = {
    "microsoft-windows-security-auditing": "Security", "microsoft windows security auditing.": "Security",
    "microsoft-windows-sysmon": "Microsoft-Windows-Sysmon/Operational",
    "sysmon": "Microsoft-Windows-Sysmon/Operational",
    "powershell (microsoft-windows-powershell)": "Microsoft-Windows-PowerShell/Operational",
    "microsoft-windows-powershell": "Microsoft-Windows-PowerShell/Operational", "service control manager": "System",
    "microsoft-windows-kernel-general": "System", "microsoft-windows-kernel-power": "System", "eventlog": "System",
    "application error": "Application", "msiinstaller": "Application", "windows error reporting": "Application",
}  # fmt: skip
_BEGINS = re.compile(r"[^,\t]{2,30}[,\t][^,\t]{6,30}[,\t][^,\t]{2,100}[,\t]\d{1,6}[,\t]")
_PAIR = re.compile(r"^([A-Z]\w{1,40}): (.*?)\s*$", re.MULTILINE)
HEADER = "winheader"  # in the reading's state: the delimiter


def is_header(line: str) -> str | None:
    """Return the delimiter of Event Viewer's header, None where a line is none."""
    for delimiter in (",", "\t"):
        names = tuple(name.strip().lower() for name in line.lstrip("\ufeff").strip().split(delimiter))
        if names[:5] in _HEADERS:
            return delimiter
    return None


class WinCsv:
    """One event a row; its message goes on over several lines."""

    id = "wincsv"
    growable = False
    title = text("Windows events (Event Viewer's CSV)")

    def sniff(self, sample: Sample) -> float:
        """The header tells it."""
        return 0.99 if sample.lines and is_header(sample.lines[0]) else 0.0

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Join the lines of each event; the header is none."""
        for records in read_joined(stream, reading, _beginner()):
            first = records.raw[0] or ""
            if HEADER not in reading.state:
                reading.state[HEADER] = is_header(first.partition("\n")[0]) or ","
            if is_header(first.partition("\n")[0]):
                records = RecordBatch(records.raw[1:], records.ordinal[1:], records.offset)  # noqa: PLW2901 - less its header
            if len(records):
                yield records

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn the rows into columns, one batch a channel."""
        delimiter = str(reading.state.get(HEADER, ","))
        return winevents.normalize(records, reading, lambda raw: _load(raw, delimiter, reading))


def _beginner() -> Callable[[str], bool]:
    return lambda line: _BEGINS.match(line[:300]) is not None or is_header(line[:300]) is not None


def _load(raw: str, delimiter: str, reading: Reading) -> Mapping[str, Any]:
    row = cells(raw, delimiter)
    if len(row) < 5 or not row[3].strip().isdecimal():
        raise ValueError(raw[:50])
    word, time, provider, number, _ = (cell.strip() for cell in row[:5])
    message = row[5].strip() if len(row) > 5 else ""
    return {
        "System": {
            "Provider": {"#attributes": {"Name": provider}},
            "EventID": number,
            "Channel": _CHANNELS.get(provider.lower()),
            "Level": _LEVELS.get(word.lower()),
            "Keywords": _KEYWORDS.get(word.lower()),
            "TimeCreated": {"#attributes": {"SystemTime": _utc(time, reading)}},
        },
        "EventData": {name: value for name, value in _PAIR.findall(message[:LONGEST]) if value and value != "-"},
        "RenderingInfo": {"Message": message},
    }


def _utc(written: str, reading: Reading) -> str | None:
    """The times are local to the machine that showed them."""
    code = any_code(written)
    if code <= VALID:
        return None
    if code < LOCAL // 2:
        return f"{moment(code):%Y-%m-%dT%H:%M:%S.%f}"
    reading.zone_assumed = True
    local = moment(code - LOCAL).replace(tzinfo=reading.zone)
    return f"{local.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"


WINDOWS_CSV = WinCsv()
FORMATS = (WINDOWS_CSV,)
