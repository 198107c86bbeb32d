"""Windows event channels: the service name that Sigma gives each, and the level of an event.

Names after SigmaHQ's list of Windows services (sigma-specification, "Logsource"); a channel that is not in it gets a
short name made of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.core.model import LogSource

_SERVICES = {
    "application": "application",
    "security": "security",
    "system": "system",
    "windows powershell": "powershell-classic",
    "dns server": "dns-server",
    "msexchange management": "msexchange-management",
    "powershellcore/operational": "powershell",
    "openssh/operational": "openssh",
    "microsoft-iis-configuration/operational": "iis-configuration",
    "microsoft-servicebus-client/admin": "microsoft-servicebus-client",
    "microsoft-servicebus-client/operational": "microsoft-servicebus-client",
}

# Channels that begin with "Microsoft-Windows-".
_MICROSOFT = {
    "applocker/exe and dll": "applocker",
    "applocker/msi and script": "applocker",
    "applocker/packaged app-deployment": "applocker",
    "applocker/packaged app-execution": "applocker",
    "application-experience/program-compatibility-assistant": "application-experience",
    "application-experience/program-telemetry": "application-experience",
    "appmodel-runtime/admin": "appmodel-runtime",
    "appxdeploymentserver/operational": "appxdeployment-server",
    "appxpackaging/operational": "appxpackaging-om",
    "bitlocker/bitlocker management": "bitlocker",
    "bits-client/operational": "bits-client",
    "capi2/operational": "capi2",
    "certificateservicesclient-lifecycle-system/operational": "certificateservicesclient-lifecycle-system",
    "codeintegrity/operational": "codeintegrity-operational",
    "dhcp-server/operational": "dhcp",
    "diagnosis-scripted/operational": "diagnosis-scripted",
    "dns client events/operational": "dns-client",
    "dns-client/operational": "dns-client",
    "dns-server/analytical": "dns-server-analytic",
    "dns-server/audit": "dns-server-audit",
    "driverframeworks-usermode/operational": "driver-framework",
    "hyper-v-worker": "hyper-v-worker",
    "kernel-eventtracing": "kernel-event-tracing",
    "kernel-shimengine/diagnostic": "kernel-shimengine",
    "kernel-shimengine/operational": "kernel-shimengine",
    "ldap-client/debug": "ldap_debug",
    "lsa/operational": "lsa-server",
    "ntfs/operational": "ntfs",
    "ntlm/operational": "ntlm",
    "powershell/operational": "powershell",
    "printservice/admin": "printservice-admin",
    "printservice/operational": "printservice-operational",
    "security-mitigations/kernel mode": "security-mitigations",
    "security-mitigations/user mode": "security-mitigations",
    "sense/operational": "sense",
    "shell-core/operational": "shell-core",
    "smbclient/connectivity": "smbclient-connectivity",
    "smbclient/security": "smbclient-security",
    "smbserver/connectivity": "smbserver-connectivity",
    "sysmon/operational": "sysmon",
    "taskscheduler/operational": "taskscheduler",
    "terminalservices-localsessionmanager/operational": "terminalservices-localsessionmanager",
    "vhdmp/operational": "vhdmp",
    "windows defender/operational": "windefend",
    "windows firewall with advanced security/firewall": "firewall-as",
    "wmi-activity/operational": "wmi",
}

_PREFIX = "microsoft-windows-"
_LEVELS = {"1": "critical", "2": "error", "3": "warning", "5": "debug"}
_AUDIT_FAILURE = 0x10_0000_0000_0000
MAX_SERVICE = 60


@lru_cache(maxsize=1024)
def service(channel: str | None) -> str:
    """Return Sigma's name of the service behind a channel; ``other`` where the event names no channel."""
    name = (channel or "").strip().lower()
    short = name.removeprefix(_PREFIX)
    known = _SERVICES.get(name) or (_MICROSOFT.get(short) if short != name else None)
    if known:
        return known
    slug = re.sub(r"[^a-z0-9]+", "-", short.removesuffix("/operational")).strip("-")
    return slug[:MAX_SERVICE] or "other"


def log_source(channel: str | None) -> LogSource:
    """Return where events of a channel are kept: windows//<service>."""
    return LogSource("windows", "", service(channel))


@lru_cache(maxsize=1024)
def level(number: str | None, keywords: str | None) -> str:
    """Return one of LEVELS. A failed audit (a refused sign-in) is a warning: Windows itself gives it no level."""
    known = _LEVELS.get(number or "")
    if known:
        return known
    try:
        bits = int(keywords or "0", 16)
    except ValueError:
        return "info"
    return "warning" if bits & _AUDIT_FAILURE else "info"
