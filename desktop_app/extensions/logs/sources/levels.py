"""The level that a line of no known format names somewhere near its beginning."""

from __future__ import annotations

import re

from desktop_app.extensions.logs.sources.columns import level_of
from desktop_app.extensions.logs.sources.stamps import REACH

_WORDS = (
    "EMERG|EMERGENCY|ALERT|PANIC|CRIT|CRITICAL|FATAL|SEVERE|ERROR|ERR|WARN|WARNING|NOTICE|INFO|INFORMATION|DEBUG|TRACE"
    "|VERBOSE"
)
_SHORT = "FTL|WRN|INF|DBG|VRB|TRC"  # of programs on .NET; outside of brackets they may be anything
_CHINESE = "紧急|危急|致命|严重|错误|异常|故障|警告|告警|预警|信息|通知|提示|调试|跟踪|追踪"
# Written in capitals, or as a word of its own in the place where levels stand; "error" within a sentence is no level.
_LEVEL = re.compile(
    rf"(?<![\w-])({_WORDS}|Fatal|Critical|Error|Warning|Notice|Info|Information|Debug|Trace)(?![\w'-])"
    rf"|(?:level=|lvl=|severity=|[\[<(])\"?((?i:{_WORDS}|{_SHORT}))(?![\w-])"
    # Chinese words have no capitals: one is a level where it stands alone, in brackets or before a colon (wide or not).
    rf"|(?:[\[\u3010<(\uff08]\s*|(?<![^\s|,\uff0c]))({_CHINESE})(?=\s*[\]\u3011>)\uff09:\uff1a|,\uff0c\s]|$)"
)
_LEVEL_REACH = 64


def level_in(line: str, after: int = 0) -> str | None:
    """Return the level that stands within a few words behind a place, such as the end of the time."""
    found = _LEVEL.search(line, after, min(after + _LEVEL_REACH, REACH + _LEVEL_REACH))
    return level_of(found[1] or found[2] or found[3]) if found else None
