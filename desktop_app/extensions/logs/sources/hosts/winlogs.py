"""Text logs of Windows' own services: the DHCP server's daily file, and OpenSSH's sshd.log.

Sources: the text that stands at the beginning of DhcpSrvLog-*.log; Win32-OpenSSH's log file.
"""

from __future__ import annotations

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Sample
from desktop_app.extensions.logs.sources import auth
from desktop_app.extensions.logs.sources.cutting import (
    LEVEL,
    MESSAGE,
    SAMPLE_LINES,
    TIME,
    CutLines,
    PatternLines,
    Told,
    expression,
)

_EVENTS = {
    "00": "log_started", "01": "log_stopped", "02": "log_paused", "10": "lease_given", "11": "lease_renewed",
    "12": "lease_released", "13": "address_in_use", "14": "no_address_left", "15": "lease_denied",
    "16": "lease_deleted", "17": "lease_expired", "18": "lease_expired", "20": "bootp_lease_given",
    "24": "cleanup_begun", "25": "cleanup_done", "30": "dns_update", "31": "dns_update_failed",
    "32": "dns_update_done", "33": "packet_dropped",
}  # fmt: skip
_WORSE = {"13", "14", "15", "31", "33"}


class Dhcp(PatternLines):
    """``10,05/04/26,06:07:08,Assign,10.0.0.5,pc7.example.com,001122334455,,...``."""

    id = "dhcp"
    title = text("Windows DHCP server")
    log_source = LogSource("windows", "", "dhcpsrvlog")
    program = "dhcp"
    sure = 0.985
    expressions = (
        expression(
            r"(?P<event__code>\d{2,5}),(?P<time_>\d\d/\d\d/\d\d,\d\d:\d\d:\d\d),(?P<message_>[^,]*),",
            r"(?P<client__ip>[^,]*),",
            r"(?P<client__domain>[^,]*),(?P<client__mac>[^,]*)(?:,(?P<user__name>[^,]*)(?P<rest_>,.*)?)?",
        ),
    )  # fmt: skip

    def refine(self, told: Told) -> Told | None:
        """The number says what happened."""
        code = told["event.code"] or ""
        day, _, clock = (told[TIME] or "").partition(",")
        month, number, year = day.split("/")
        return {
            **told, TIME: f"20{year}-{month}-{number} {clock}", "event.action": _EVENTS.get(code),
            LEVEL: "warning" if code in _WORSE else "info",
        }  # fmt: skip

    def belongs(self, line: str) -> bool:
        """Twenty lines and more explain the numbers above the first event."""
        return (
            line[:2].strip().isdecimal() or line.startswith(("\t", "ID,Date", "Event ID", "QResult")) or "DHCP" in line
        )


class WindowsSsh(CutLines):
    """``4242 2026-05-04 06:07:08.123 Failed password for anna from 192.0.2.7 port 51234 ssh2``."""

    id = "winssh"
    title = text("OpenSSH on Windows")
    log_source = LogSource("linux", "", "auth")  # the same program says the same there: the same rules apply
    program = "sshd"
    sure = 0.985
    _LINE = expression(
        r"(?P<pid>\d+) (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) ",
        r"(?:(?P<level>debug\d|error|fatal): )?(?P<said>.*)",
    )
    _WORDS = ("ssh", "password", "publickey", "Connection", "preauth", "Server listening", "Disconnected", "session")

    def sniff(self, sample: Sample) -> float:
        """A number and a time are no rarity: what sshd says must be there."""
        lines = sample.lines[:SAMPLE_LINES]
        return super().sniff(sample) if any(word in line[:300] for line in lines for word in self._WORDS) else 0.0

    def cut(self, line: str) -> Told | None:
        """Read the head of a line; what sshd says is read as everywhere else."""
        found = self._LINE.fullmatch(line)
        if found is None:
            return None
        said = auth.extract(["sshd"], [found["said"]])
        fields = {name: column[0] for name, column in said.fields.items()}
        level = (found["level"] or "").rstrip("123") or said.level[0]
        return {
            **fields,
            TIME: found["time"],
            LEVEL: level,
            MESSAGE: found["said"],
            "process.pid": found["pid"],
            "process.name": "sshd",
        }


DHCP, WINDOWS_SSH = Dhcp(), WindowsSsh()
FORMATS = (DHCP, WINDOWS_SSH)
