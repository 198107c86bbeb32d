"""Which events a rule's log source means: Sigma's three words -> our log sources, Windows channels and event ids.

A rule's log source becomes targets. Each says which batches it covers, which events in them, and what the rule's
field names are called there. Words that nobody maps match a log source of exactly these words, so that a format added
later needs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.fields import AUDIT_4688, DEFENDER, WEB

SYSMON = "microsoft-windows-sysmon/operational"
SECURITY = "security"
POWERSHELL = ("microsoft-windows-powershell/operational", "powershellcore/operational")
POWERSHELL_CLASSIC = ("windows powershell",)
DEFENDER_CHANNEL = ("microsoft-windows-windows defender/operational",)

# Our own word: every log there is, for rules about level or volume.
ANY = "any"

_MORE_CHANNELS = {
    "smbserver-connectivity": "microsoft-windows-smbserver/connectivity",
    "smbclient-connectivity": "microsoft-windows-smbclient/connectivity",
    "defender": DEFENDER_CHANNEL[0],
}

# Sysmon's event ids by Sigma category. Source: Microsoft's Sysmon documentation and the Sigma taxonomy.
_SYSMON: Mapping[str, tuple[int, ...]] = {
    "process_creation": (1,),
    "file_change": (2,),
    "network_connection": (3,),
    "sysmon_status": (4, 16),
    "process_termination": (5,),
    "driver_load": (6,),
    "image_load": (7,),
    "create_remote_thread": (8,),
    "raw_access_thread": (9,),
    "process_access": (10,),
    "file_event": (11,),
    "registry_add": (12,),
    "registry_delete": (12,),
    "registry_set": (13,),
    "registry_rename": (14,),
    "registry_event": (12, 13, 14),
    "create_stream_hash": (15,),
    "pipe_created": (17, 18),
    "wmi_event": (19, 20, 21),
    "dns_query": (22,),
    "file_delete": (23, 26),
    "clipboard_capture": (24,),
    "process_tampering": (25,),
    "file_delete_detected": (26,),
    "file_block_executable": (27,),
    "file_block_shredding": (28,),
    "file_executable_detected": (29,),
    "sysmon_error": (255,),
}

_LINUX_PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "sshd": ("sshd", "sshd-session", "sshd-auth"),
    "sudo": ("sudo",),
    "cron": ("cron", "crond", "crontab", "anacron"),
    "clamav": ("clamd", "clamav", "freshclam", "clamav-daemon"),
    "vsftpd": ("vsftpd",),
    "guacamole": ("guacd", "guacamole"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of event that a rule covers. An empty word of ``source`` is any; channels and programs in lower case."""

    source: LogSource = field(default_factory=LogSource)
    channels: tuple[str, ...] = ()
    event_ids: tuple[int, ...] = ()
    programs: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def covers(self, source: LogSource) -> bool:
        """Say whether batches of a log source can hold such events."""
        pairs = zip(
            (self.source.product, self.source.category, self.source.service),
            (source.product, source.category, source.service),
            strict=True,
        )
        if not all(wanted in ("", word) for wanted, word in pairs):
            return False
        return not self.channels or service_of(self.channels, source)


@lru_cache(maxsize=1024)
def channels_of(service: str) -> tuple[str, ...]:
    """Return the channels, in lower case, that Sigma's word for a Windows service means."""
    from sigma.pipelines.common import windows_logsource_mapping  # pySigma takes its time, and is rarely needed

    named = windows_logsource_mapping.get(service) or _MORE_CHANNELS.get(service)
    if not isinstance(named, str | list):
        return ()
    return tuple(one.lower() for one in ([named] if isinstance(named, str) else named))


def service_of(channels: tuple[str, ...], source: LogSource) -> bool:
    """Say whether a Windows log source may hold one of the channels: its service is a channel or the word for one."""
    service = source.service
    if service in ("", *channels):
        return True
    named = channels_of(service)
    if named:
        return not set(named).isdisjoint(channels)
    # A word of our own for a channel that no table knows: its short name.
    return any(service in re.sub(r"[^a-z0-9]+", "-", channel) for channel in channels)


_WINDOWS = LogSource(product="windows")
_LINUX = LogSource(product="linux")


def _windows_category(category: str) -> tuple[Target, ...]:
    if category == "process_creation":
        return (
            Target(_WINDOWS, (SYSMON,), (1,)),
            Target(_WINDOWS, (SECURITY,), (4688,), names=AUDIT_4688),
        )
    powershell = {"ps_module": (POWERSHELL, 4103), "ps_script": (POWERSHELL, 4104),
                  "ps_classic_start": (POWERSHELL_CLASSIC, 400), "ps_classic_provider_start": (POWERSHELL_CLASSIC, 600),
                  "ps_classic_script": (POWERSHELL_CLASSIC, 800)}.get(category)  # fmt: skip
    if powershell is not None:
        return (Target(_WINDOWS, powershell[0], (powershell[1],)),)
    if category == "antivirus":
        return (Target(_WINDOWS, DEFENDER_CHANNEL, (1006, 1007, 1015, 1116, 1117, 1118, 1119), names=DEFENDER),)
    return (Target(_WINDOWS, (SYSMON,), _SYSMON[category]),) if category in _SYSMON else ()


def _windows(category: str, service: str) -> tuple[Target, ...]:
    if category:
        return _windows_category(category)
    if service:
        channels = channels_of(service)
        return (Target(_WINDOWS, channels),) if channels else ()
    return (Target(_WINDOWS),)


def _linux(category: str, service: str) -> tuple[Target, ...]:
    if category:
        return ()
    if service == "auth":
        return (Target(LogSource("linux", "", "auth")),)
    if service == "syslog":
        return (Target(_LINUX),)
    if service in _LINUX_PROGRAMS:
        return (Target(_LINUX, programs=_LINUX_PROGRAMS[service]),)
    return () if service else (Target(_LINUX),)


def _web(category: str, service: str) -> tuple[Target, ...]:
    if category == "webserver":
        return (Target(LogSource(category="webserver", service="access"), names=WEB),)
    if service in ("apache", "nginx") and not category:
        return (Target(LogSource(category="webserver"), names=WEB),)
    return ()


def targets(product: str, category: str, service: str) -> tuple[Target, ...]:
    """Return what a rule's log source covers; never empty, so that unknown words wait for a log source of that name."""
    found: tuple[Target, ...] = ()
    if category == ANY:
        found = (Target(),)
    elif product == "windows" or (not product and category in {*_SYSMON, "antivirus", "ps_script", "ps_module"}):
        found = _windows(category, service)
    elif product == "linux":
        found = _linux(category, service)
    elif not product:
        found = _web(category, service)
    return found or (Target(LogSource(product, category, service), names=WEB if category == "proxy" else {}),)
