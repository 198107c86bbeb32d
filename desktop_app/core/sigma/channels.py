"""Windows channels by the word that Sigma has for their service, both in lower case.

Source: SigmaHQ's list of Windows services (sigma-specification, "Logsource") as pySigma holds it, and three words that
rules use beside. Kept here because each start needs it and pySigma, which takes a tenth of a second, is rarely needed.
"""

from __future__ import annotations

from collections.abc import Mapping

MICROSOFT = "microsoft-windows-"

_OTHERS: Mapping[str, tuple[str, ...]] = {
    "application": ("application",),
    "dns-server": ("dns server",),
    "iis-configuration": ("microsoft-iis-configuration/operational",),
    "microsoft-servicebus-client": ("microsoft-servicebus-client/operational", "microsoft-servicebus-client/admin"),
    "msexchange-management": ("msexchange management",),
    "openssh": ("openssh/operational",),
    "powershell": ("microsoft-windows-powershell/operational", "powershellcore/operational"),
    "powershell-classic": ("windows powershell",),
    "security": ("security",),
    "servicebus-client": ("microsoft-servicebus-client/operational", "microsoft-servicebus-client/admin"),
    "system": ("system",),
}

# Channels that begin with "Microsoft-Windows-".
_MICROSOFT: Mapping[str, tuple[str, ...]] = {
    "application-experience": (
        "application-experience/program-telemetry",
        "application-experience/program-compatibility-assistant",
    ),
    "applocker": (
        "applocker/msi and script",
        "applocker/exe and dll",
        "applocker/packaged app-deployment",
        "applocker/packaged app-execution",
    ),
    "appmodel-runtime": ("appmodel-runtime/admin",),
    "appxdeployment-server": ("appxdeploymentserver/operational",),
    "appxpackaging-om": ("appxpackaging/operational",),
    "bitlocker": ("bitlocker/bitlocker management",),
    "bits-client": ("bits-client/operational",),
    "capi2": ("capi2/operational",),
    "certificateservicesclient-lifecycle-system": ("certificateservicesclient-lifecycle-system/operational",),
    "codeintegrity-operational": ("codeintegrity/operational",),
    "defender": ("windows defender/operational",),
    "dhcp": ("dhcp-server/operational",),
    "diagnosis-scripted": ("diagnosis-scripted/operational",),
    "dns-client": ("dns client events/operational",),
    "dns-server-analytic": ("dns-server/analytical",),
    "dns-server-audit": ("dns-server/audit",),
    "driver-framework": ("driverframeworks-usermode/operational",),
    "firewall-as": ("windows firewall with advanced security/firewall",),
    "hyper-v-worker": ("hyper-v-worker",),
    "kernel-event-tracing": ("kernel-eventtracing",),
    "kernel-shimengine": ("kernel-shimengine/operational", "kernel-shimengine/diagnostic"),
    "ldap": ("ldap-client/debug",),
    "ldap_debug": ("ldap-client/debug",),
    "lsa-server": ("lsa/operational",),
    "ntfs": ("ntfs/operational",),
    "ntlm": ("ntlm/operational",),
    "printservice-admin": ("printservice/admin",),
    "printservice-operational": ("printservice/operational",),
    "security-mitigations": ("security-mitigations/kernel mode", "security-mitigations/user mode"),
    "sense": ("sense/operational",),
    "shell-core": ("shell-core/operational",),
    "smbclient-connectivity": ("smbclient/connectivity",),
    "smbclient-security": ("smbclient/security",),
    "smbserver-connectivity": ("smbserver/connectivity",),
    "sysmon": ("sysmon/operational",),
    "taskscheduler": ("taskscheduler/operational",),
    "terminalservices-localsessionmanager": ("terminalservices-localsessionmanager/operational",),
    "vhdmp": ("vhdmp/operational",),
    "windefend": ("windows defender/operational",),
    "wmi": ("wmi-activity/operational",),
}

CHANNELS: Mapping[str, tuple[str, ...]] = {
    **_OTHERS,
    **{name: tuple(MICROSOFT + one for one in channels) for name, channels in _MICROSOFT.items()},
}
