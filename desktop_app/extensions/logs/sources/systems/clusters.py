"""Blue Gene/L, Thunderbird and the HPC cluster of Los Alamos: event logs of supercomputers, and OpenStack's services.

Formats as published with the logs at https://github.com/logpai/loghub and in CFDR; oslo.log of OpenStack.
"""

from __future__ import annotations

from types import MappingProxyType

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import LEVEL, TIME, PatternLines, Told, expression
from desktop_app.extensions.logs.sources.syslog_lines import program_name
from desktop_app.extensions.logs.sources.traces import JoinedLines

_ALERT = r"(?:-|(?P<labels__alert>[A-Z][\w-]*)) "
_EPOCH = r"(?P<time_>1\d{9}) \d{4}\.\d\d\.\d\d "


class BlueGene(PatternLines):
    """``- 1117838570 2005.06.03 NODE 2005-06-03-15.42.50.363779 NODE RAS KERNEL INFO text``."""

    id = "bgl"
    title = text("Blue Gene/L")
    log_source = LogSource("bgl", "application", "ras")
    program = "bgl"
    stamp = "epoch"
    sure = 0.99
    levels = MappingProxyType({"FAILURE": "critical", "SEVERE": "critical"})
    expressions = (
        expression(
            _ALERT, _EPOCH, r"(?P<host_>\S+) \d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.(?P<fraction_>\d{6}) \S+ ",
            r"(?P<event__module>\S+) (?P<log__logger>\S+) (?P<level_>[A-Z]+)(?: (?P<message_>.*))?",
        ),
    )  # fmt: skip

    def refine(self, told: Told) -> Told | None:
        """The seconds are UTC, the time of day beside them is not: only its fraction is taken."""
        return {**told, TIME: f"{told[TIME]}.{told['@fraction']}"}


class Thunderbird(PatternLines):
    """``- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond[2915]: text``."""

    id = "thunderbird"
    title = text("Thunderbird")
    log_source = LogSource("linux", "", "syslog")
    stamp = "epoch"
    program = "thunderbird"
    sure = 0.99
    expressions = (
        expression(
            _ALERT, _EPOCH, r"(?P<host_>\S+) [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d (?P<labels__location>\S+) ",
            r"(?:(?P<program_>[^:\[]{1,120}?)(?:\[(?P<process__pid>\d+)\])?: ?)?(?P<message_>.*)",
        ),
    )  # fmt: skip

    def refine(self, told: Told) -> Told | None:
        """A program may stand with its path or with the module of PAM that speaks for it."""
        name = program_name(told["@program"])
        return {**told, "@program": name, "process.name": name}


class Hpc(PatternLines):
    """``134681 node-246 unix.hw state_change.unavailable 1077804742 1 text``."""

    id = "hpc"
    title = text("HPC cluster events")
    log_source = LogSource("hpc", "application", "cluster")
    program = "hpc"
    stamp = "epoch"
    sure = 0.98
    expressions = (
        expression(
            r"(?P<event__id>\d+) (?P<host_>\S+) (?P<log__logger>\S+) (?P<event__action>\S+) (?P<time_>1\d{9}) \d+ ",
            r"(?P<message_>.*)",
        ),
    )

    def refine(self, told: Told) -> Told | None:
        """Some states are the names of levels."""
        return {**told, LEVEL: told["event.action"] if self.level(told["event.action"]) != "debug" else None}


class OpenStack(JoinedLines):
    """oslo.log: ``2017-05-16 00:00:00.008 25746 INFO nova.osapi_compute.wsgi.server [req-... - - -] text``."""

    id = "openstack"
    title = text("OpenStack")
    log_source = LogSource("openstack", "application", "openstack")
    program = "openstack"
    sure = 0.99
    levels = MappingProxyType({"AUDIT": "info"})
    expressions = (
        expression(
            r"(?:(?P<log__file__name>\S+\.log\S*) )?(?P<time_>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) ",
            r"(?P<process__pid>\d+) (?P<level_>DEBUG|INFO|AUDIT|WARNING|ERROR|CRITICAL|TRACE) ",
            r"(?P<log__logger>[\w.-]+) ",
            r"\[(?:-|(?P<trace__id>req-[\w-]+)[^\]]*|[^\]]*)\] ?(?P<message_>.*)",
        ),
    )


BLUE_GENE, THUNDERBIRD, HPC, OPENSTACK = BlueGene(), Thunderbird(), Hpc(), OpenStack()
FORMATS = (BLUE_GENE, THUNDERBIRD, HPC, OPENSTACK)
