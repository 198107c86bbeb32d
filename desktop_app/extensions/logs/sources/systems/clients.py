"""Logs of phones and of programs on a desk: Android, HealthApp, Windows servicing (CBS), Proxifier."""

from __future__ import annotations

from types import MappingProxyType

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Sample
from desktop_app.extensions.logs.sources.cutting import (
    LEVEL,
    MESSAGE,
    PROGRAM,
    SAMPLE_LINES,
    PatternLines,
    Told,
    expression,
)
from desktop_app.extensions.logs.sources.traces import JoinedLines


class Android(PatternLines):
    """``logcat -v threadtime``: ``03-17 16:13:38.811  1702  2395 D WindowManager: text``."""

    id = "android"
    title = text("Android (logcat)")
    log_source = LogSource("android", "application", "logcat")
    program = "android"
    stamp = "android"
    sure = 0.99
    expressions = (
        expression(
            r"(?P<time_>\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) +(?P<process__pid>\d+) +(?P<process__thread__id>\d+) ",
            r"(?P<level_>[VDIWEFA]) (?P<log__logger>[^:]{0,200}?) *: ?(?P<message_>.*)",
        ),
    )

    def belongs(self, line: str) -> bool:
        """``--------- beginning of main`` stands between buffers."""
        return line.startswith("--------- ")


class HealthApp(PatternLines):
    """``20171223-22:15:29:606|Step_LSC|30002312|text``."""

    id = "healthapp"
    title = text("HealthApp")
    log_source = LogSource("healthapp", "application", "healthapp")
    program = "healthapp"
    stamp = "compact"
    sure = 0.98
    expressions = (
        expression(
            r"(?P<time_>20\d{6}-\d{1,2}:\d{1,2}:\d{1,2}:\d{1,3})\|(?P<log__logger>[^|]{1,200})\|(?P<process__pid>\d+)\|",
            r"(?P<message_>.*)",
        ),
    )


class Cbs(JoinedLines):
    """Windows servicing: ``2016-09-28 04:30:30, Info                  CBS    text``; also setupact.log and DISM."""

    id = "cbs"
    title = text("Windows servicing (CBS)")
    log_source = LogSource("windows", "", "cbs")
    program = "cbs"
    sure = 0.98
    expressions = (
        expression(
            r"(?P<time_>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), (?P<level_>Info|Warning|Error|Fatal|Perf) +",
            r"(?:(?P<log__logger>[A-Z][A-Z0-9_]{1,15}) +)?(?P<message_>.*)",
        ),
    )
    levels = MappingProxyType({"Perf": "debug"})


class Proxifier(PatternLines):
    """``[10.30 16:49:06] chrome.exe - proxy.example.com:5070 open through proxy proxy.example.com:5070 HTTPS``."""

    id = "proxifier"
    title = text("Proxifier")
    log_source = LogSource("proxifier", "application", "proxifier")
    stamp = "android"
    program = "proxifier"
    sure = 0.98
    expressions = (
        expression(
            r"\[(?P<time_>\d\d\.\d\d \d\d:\d\d:\d\d)\] (?P<process__name>.{1,200}?)(?: \*(?:64|32))? - ",
            r"(?P<destination__address>[^\s:]+):(?P<destination__port>\d+) (?P<message_>.*)",
        ),
        expression(r"\[(?P<time_>\d\d\.\d\d \d\d:\d\d:\d\d)\] (?P<message_>.*)"),
    )
    _ACTIONS = (("open", "connection_opened"), ("close", "connection_closed"), ("error", "connection_failed"))

    def refine(self, told: Told) -> Told | None:
        """The first word after the address says what became of the connection."""
        said = told[MESSAGE] or ""
        action = next((name for word, name in self._ACTIONS if said.startswith(word)), None)
        failed = action == "connection_failed" or said.startswith("Could not connect")
        return {**told, "event.action": action, LEVEL: "error" if failed else "info", PROGRAM: "proxifier"}

    def sniff(self, sample: Sample) -> float:
        """Times in brackets are no rarity: connections of programs must be told."""
        told = [self.cut(line[:1000]) for line in sample.lines[:SAMPLE_LINES]]
        known = sum(said is not None and "process.name" in said for said in told)
        return super().sniff(sample) if known * 2 > len(told) else 0.0


ANDROID, HEALTH_APP, CBS, PROXIFIER = Android(), HealthApp(), Cbs(), Proxifier()
FORMATS = (ANDROID, HEALTH_APP, CBS, PROXIFIER)
