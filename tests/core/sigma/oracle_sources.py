"""Which Windows events a rule is about, and what its names mean there: nothing of the matcher.

Sources: the Sigma taxonomy's appendix on log sources, Microsoft's documentation of Sysmon and of event 4688.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.core.sigma.oracle import Event

SYSMON = "microsoft-windows-sysmon/operational"
POWERSHELL = ("microsoft-windows-powershell/operational", "powershellcore/operational")
CLASSIC = ("windows powershell",)
DEFENDER = ("microsoft-windows-windows defender/operational",)
OFTEN = {
    "process_creation": "1", "file_change": "2", "network_connection": "3", "sysmon_status": "4 16",
    "process_termination": "5", "driver_load": "6", "image_load": "7", "create_remote_thread": "8",
    "raw_access_thread": "9", "process_access": "10", "file_event": "11", "registry_add": "12", "registry_delete": "12",
    "registry_set": "13", "registry_rename": "14", "registry_event": "12 13 14", "create_stream_hash": "15",
    "pipe_created": "17 18", "wmi_event": "19 20 21", "dns_query": "22", "file_delete": "23 26",
    "clipboard_capture": "24", "process_tampering": "25", "file_delete_detected": "26", "file_block_executable": "27",
    "file_block_shredding": "28", "file_executable_detected": "29", "sysmon_error": "255",
}  # fmt: skip
SCRIPTS = {
    "ps_module": (POWERSHELL, "4103"), "ps_script": (POWERSHELL, "4104"), "ps_classic_start": (CLASSIC, "400"),
    "ps_classic_provider_start": (CLASSIC, "600"), "ps_classic_script": (CLASSIC, "800"),
}  # fmt: skip
MICROSOFT = {
    "applocker": "applocker/exe and dll|applocker/msi and script|applocker/packaged app-deployment|"
                 "applocker/packaged app-execution",
    "appmodel-runtime": "appmodel-runtime/admin", "appxdeployment-server": "appxdeploymentserver/operational",
    "appxpackaging-om": "appxpackaging/operational", "bitlocker": "bitlocker/bitlocker management",
    "bits-client": "bits-client/operational", "capi2": "capi2/operational",
    "certificateservicesclient-lifecycle-system": "certificateservicesclient-lifecycle-system/operational",
    "codeintegrity-operational": "codeintegrity/operational", "dhcp": "dhcp-server/operational",
    "diagnosis-scripted": "diagnosis-scripted/operational", "dns-client": "dns client events/operational",
    "dns-server-analytic": "dns-server/analytical", "dns-server-audit": "dns-server/audit",
    "driver-framework": "driverframeworks-usermode/operational",
    "firewall-as": "windows firewall with advanced security/firewall", "hyper-v-worker": "hyper-v-worker",
    "kernel-event-tracing": "kernel-eventtracing",
    "kernel-shimengine": "kernel-shimengine/operational|kernel-shimengine/diagnostic", "ldap": "ldap-client/debug",
    "ldap_debug": "ldap-client/debug", "lsa-server": "lsa/operational", "ntfs": "ntfs/operational",
    "ntlm": "ntlm/operational", "printservice-admin": "printservice/admin",
    "printservice-operational": "printservice/operational",
    "security-mitigations": "security-mitigations/kernel mode|security-mitigations/user mode",
    "sense": "sense/operational", "shell-core": "shell-core/operational",
    "smbclient-connectivity": "smbclient/connectivity", "smbclient-security": "smbclient/security",
    "smbserver-connectivity": "smbserver/connectivity", "sysmon": "sysmon/operational",
    "taskscheduler": "taskscheduler/operational",
    "terminalservices-localsessionmanager": "terminalservices-localsessionmanager/operational",
    "vhdmp": "vhdmp/operational", "windefend": "windows defender/operational",
    "defender": "windows defender/operational",
    "wmi": "wmi-activity/operational",
}  # fmt: skip
OTHERS = {
    "security": ("security",), "system": ("system",), "application": ("application",), "powershell": POWERSHELL,
    "powershell-classic": CLASSIC, "dns-server": ("dns server",), "msexchange-management": ("msexchange management",),
    "openssh": ("openssh/operational",), "iis-configuration": ("microsoft-iis-configuration/operational",),
    "microsoft-servicebus-client": ("microsoft-servicebus-client/operational", "microsoft-servicebus-client/admin"),
}  # fmt: skip
# What Security 4688 says in the words of Sysmon's event 1.
AUDITED = {
    "image": "newprocessname", "parentimage": "parentprocessname", "processid": "newprocessid",
    "parentprocessid": "processid", "user": "subjectusername", "logonid": "subjectlogonid",
}  # fmt: skip
LABELS = {
    "s-1-16-0": "Untrusted", "s-1-16-4096": "Low", "s-1-16-8192": "Medium", "s-1-16-8448": "Medium Plus",
    "s-1-16-12288": "High", "s-1-16-16384": "System",
}  # fmt: skip
VIRUS = {"1006", "1007", "1015", "1116", "1117", "1118", "1119"}


def channels(service: str) -> tuple[str, ...]:
    """Return the channels, in lower case, of a Windows service."""
    if service in MICROSOFT:
        return tuple(f"microsoft-windows-{one}" for one in MICROSOFT[service].split("|"))
    return OTHERS.get(service, ())


def views(logsource: Mapping[str, str], event: Event) -> Iterable[Event]:
    """Yield the event as the rule may read it; nothing where it is not about such events."""
    product, category = logsource.get("product", ""), logsource.get("category", "")
    if product not in ("windows", "") or (not product and category not in {*OFTEN, *SCRIPTS, "antivirus"}):
        return
    channel, number = event.get("channel", "").lower(), event.get("eventid", "")
    if category:
        yield from _of_category(category, channel, number, event)
    elif "service" not in logsource or channel in channels(logsource["service"]):
        yield event


def _of_category(category: str, channel: str, number: str, event: Event) -> Iterable[Event]:
    if channel == SYSMON and number in OFTEN.get(category, "").split():
        yield event
    if category in SCRIPTS and channel in SCRIPTS[category][0] and number == SCRIPTS[category][1]:
        yield event
    if category == "process_creation" and channel == "security" and number == "4688":
        yield _renamed(event, AUDITED) | _label(event)
    if category == "antivirus" and channel in DEFENDER and number in VIRUS:
        yield _renamed(event, {"signature": "threatname", "filename": "path"})


def _renamed(event: Event, names: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in event.items() if name not in names}
    return kept | {name: event[other] for name, other in names.items() if other in event}


def _label(event: Event) -> dict[str, str]:
    word = LABELS.get(event.get("mandatorylabel", "").lower())
    return {"integritylevel": word} if word else {}
