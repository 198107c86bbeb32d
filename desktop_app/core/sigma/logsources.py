"""Which events a rule's log source means: Sigma's three words -> our log sources, Windows channels and event ids.

A rule's log source becomes targets. Each says which batches it covers, which events in them, and what the rule's
field names are called there. Words that nobody maps match a log source of exactly these words, so that a format added
later needs nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.devices import CATEGORIES, audited, categories, exactly, services
from desktop_app.core.sigma.fields import AUDIT_4688, DEFENDER, WEB
from desktop_app.core.sigma.target import Target, by_programs, channels_of

__all__ = ["Target", "targets"]

SYSMON = "microsoft-windows-sysmon/operational"
SYSMON_LINUX = "linux-sysmon/operational"
SECURITY = "security"
POWERSHELL = ("microsoft-windows-powershell/operational", "powershellcore/operational")
POWERSHELL_CLASSIC = ("windows powershell",)
DEFENDER_CHANNEL = ("microsoft-windows-windows defender/operational",)

# Our own word: every log there is, for rules about level or volume.
ANY = "any"

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


_LINUX_SERVICES: Mapping[str, tuple[Target, ...]] = {
    "": (Target(_LINUX),),
    "auditd": (exactly("linux", "", "auditd"), *audited("")),
    "auth": (Target(LogSource("linux", "", "auth")),),
    "syslog": (Target(_LINUX),),
}


def _linux(category: str, service: str) -> tuple[Target, ...]:
    if category in _SYSMON:
        own = Target(_WINDOWS, (SYSMON_LINUX,), _SYSMON[category]), exactly("linux", category, service)
        return (*own, *audited(category)) if category == "process_creation" else own
    if category:
        return ()
    if service in _LINUX_PROGRAMS:
        return (Target(_LINUX, asks=by_programs(*_LINUX_PROGRAMS[service])),)
    return _LINUX_SERVICES.get(service, ())


def _web(category: str, service: str) -> tuple[Target, ...]:
    if category == "webserver":
        return Target(LogSource(category="webserver", service="access"), names=WEB), *categories(category)
    if service in ("apache", "nginx") and not category:
        return (Target(LogSource(category="webserver"), names=WEB),)
    return () if service or category not in CATEGORIES else (*categories(category), exactly("", category, ""))


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
    # Events may carry exactly these words too: a reader of a later version gives them that.
    return found or (*services(product, category, service), exactly(product, category, service))
