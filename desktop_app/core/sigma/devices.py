"""Logs of services and devices that arrive as JSON, as tables or as plain lines, told by what stands in them.

Sigma has words for each of them, a file has not: what an event is can only be read from its fields. Sources: the
documentation of each service's records (CloudTrail, Entra and Azure Monitor, Okta, Google Cloud, Kubernetes, Zeek,
OpenCanary, GitHub, Bitbucket, Cisco IOS), and the names that SigmaHQ's rules use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.fields import WEB
from desktop_app.core.sigma.target import Target, by_programs, having
from desktop_app.core.sigma.tree import atom, disjunction

_ANYTHING_READ = LogSource(category="application")  # JSON, tables and plain lines of no known format
_ACCESS = LogSource(category="webserver", service="access")
_LINUX = LogSource(product="linux")
_SYSLOG = LogSource("linux", "", "syslog")


@dataclass(frozen=True, slots=True)
class _Told:
    """Events that have certain fields (in lower case), and what Sigma's names are called in them."""

    fields: Sequence[str]
    names: Mapping[str, str] = field(default_factory=dict)


_GCP = {
    "gcp.audit.method_name": "protopayload.methodname",
    "data.protopayload.methodname": "protopayload.methodname",
    "data.protopayload.servicename": "protopayload.servicename",
    "data.protopayload.logname": "logname",
    "data.protopayload.resource.type": "resource.type",
}
_AZURE = {
    "categoryvalue": "category",
    "operationnamevalue": "operationname",
    "resourceprovidervalue": "properties.resourceprovidervalue",
    "loggedbyservice": "properties.loggedbyservice",
    "activitydisplayname": "properties.activitydisplayname",
    "targetresources": "properties.targetresources",
    "authenticationrequirement": "properties.authenticationrequirement",
    "conditionalaccessstatus": "properties.conditionalaccessstatus",
    "riskstate": "properties.riskstate",
    "devicedetail.trusttype": "properties.devicedetail.trusttype",
    "devicedetail.iscompliant": "properties.devicedetail.iscompliant",
    "devicedetail.deviceid": "properties.devicedetail.deviceid",
    "resourcedisplayname": "properties.resourcedisplayname",
    "useragent": "properties.useragent",
    "riskeventtype": "properties.riskeventtype",
}
_AZURE_LOGS = (_Told(("operationname", "properties.id"), _AZURE), _Told(("operationname",)))
_ZEEK_WEB = {"c-uri": "uri", "c-useragent": "user_agent", "cs-method": "method", "cs-host": "host"}
_KUBERNETES = (_Told(("verb", "requesturi"), {"apigroup": "objectref.apigroup"}),)

_SERVICES: Mapping[tuple[str, str], Sequence[_Told]] = {
    ("aws", "cloudtrail"): (_Told(("eventsource", "eventname", "awsregion")),),
    ("azure", "activitylogs"): _AZURE_LOGS,
    ("azure", "auditlogs"): _AZURE_LOGS,
    ("azure", "signinlogs"): (*_AZURE_LOGS, _Told(("resulttype",))),
    ("azure", "riskdetection"): (_Told(("riskeventtype",)), _Told(("properties.riskeventtype",), _AZURE)),
    ("azure", "pim"): (_Told(("riskeventtype",)), _Told(("properties.riskeventtype",), _AZURE)),
    ("bitbucket", "audit"): (_Told(("audittype.action",)),),
    ("cisco", "duo"): (_Told(("event_type", "reason")),),
    ("gcp", "gcp.audit"): (_Told(("protopayload.methodname",), _GCP), _Told(("data.protopayload.methodname",))),
    ("gcp", "google_workspace.admin"): (_Told(("eventservice", "eventname")),),
    ("gcp", "google_workspace.login"): (_Told(("protopayload.servicename",)),),
    ("github", "audit"): (_Told(("action", "actor")),),
    ("kubernetes", "audit"): _KUBERNETES,
    ("m365", "audit"): (_Told(("operation", "workload")),),
    ("m365", "exchange"): (_Told(("eventsource", "eventname", "status")),),
    ("m365", "threat_detection"): (_Told(("eventsource", "eventname", "status")),),
    ("m365", "threat_management"): (_Told(("eventsource", "eventname", "status")),),
    ("okta", "okta"): (_Told(("eventtype", "outcome.result")),),
    ("onelogin", "onelogin.events"): (_Told(("event_type_id",)),),
    ("opencanary", ""): (_Told(("logtype", "node_id")),),
    ("qualys", ""): (_Told(("host.scan.vuln",)),),
    ("zeek", "dce_rpc"): (_Told(("uid", "endpoint", "operation")),),
    ("zeek", "dns"): (_Told(("uid", "query")),),
    ("zeek", "http"): (_Told(("uid", "method", "uri"), _ZEEK_WEB),),
    ("zeek", "kerberos"): (_Told(("uid", "request_type")),),
    ("zeek", "rdp"): (_Told(("uid", "id.orig_h", "security_protocol")),),
    ("zeek", "smb_files"): (_Told(("uid", "action", "path")),),
    ("zeek", "x509"): (_Told(("certificate.serial",)),),
    ("", "netflow"): (_Told(("destination.port",)), _Told(("id.resp_p",), {"destination.port": "id.resp_p"})),
}

_ZEEK_CONN = {"src_ip": "id.orig_h", "src_port": "id.orig_p", "dst_ip": "id.resp_h", "dst_port": "id.resp_p"}
_ECS_NETWORK = {
    "src_ip": "source.ip", "src_port": "source.port", "dst_ip": "destination.ip", "dst_port": "destination.port",
    "action": "event.action",
}  # fmt: skip
_ECS_DNS = {"query": "dns.question.name", "record_type": "dns.question.type", "answer": "dns.answers.data"}

# What our own readers of such logs call Sigma's names.
_ECS: Mapping[str, Mapping[str, str]] = {"proxy": WEB, "firewall": _ECS_NETWORK, "dns": _ECS_DNS}

CATEGORIES: Mapping[str, Sequence[_Told]] = {
    "dns": (
        _Told(("query", "qtype_name"), {"record_type": "qtype_name", "answer": "answers"}),
        _Told(("query", "record_type")),
        _Told(("dns.question.name",), _ECS_DNS),
    ),
    "firewall": (
        _Told(("dst_ip", "dst_port")),
        _Told(("destination.ip", "destination.port"), _ECS_NETWORK),
        _Told(("id.resp_h", "conn_state"), {**_ZEEK_CONN, "action": "conn_state"}),
    ),
    "proxy": (_Told(("c-uri",)), _Told(("cs-uri",)), _Told(("cs-host", "cs-uri-stem"))),
    "webserver": (_Told(("cs-uri-stem", "cs-method")),),
}

# An access log whose requests name the whole address is that of a forward proxy.
_ABSOLUTE = disjunction(
    [atom("url.original", "sw", "http://"), atom("url.original", "sw", "https://"),
     atom("http.request.method", "eq", "CONNECT")]
)  # fmt: skip

# Devices tell what a line is about by a mark such as %PARSER-5-CFGLOG_LOGGEDCMD.
_MARKS = {
    ("cisco", "aaa"): r"%(PARSER-\d-CFGLOG|AAA|HA_EM-\d-LOG|TACACS|CMD_ACCOUNTING)",
    ("cisco", "bgp"): r"%BGP(-[A-Z0-9]+)?-\d-",
    ("cisco", "ldp"): r"%LDP(-[A-Z0-9]+)?-\d-",
    ("cisco", "syslog"): r"%[A-Z][A-Z0-9_]*(-[A-Z0-9_]+)?-\d-[A-Z0-9_]+",
    ("huawei", "bgp"): r"%%\d+BGP/",
}
# Frameworks and interpreters write into the log of whatever runs on them.
_FRAMEWORKS = frozenset({"django", "jvm", "nodejs", "python", "ruby_on_rails", "spring", "sql", "velocity"})


def _told(kinds: Sequence[_Told]) -> tuple[Target, ...]:
    return tuple(Target(_ANYTHING_READ, asks=having(*one.fields), names=one.names) for one in kinds)


def _marked(pattern: str) -> tuple[Target, ...]:
    mark = atom("raw", "re", [pattern, ""])
    return Target(_LINUX, asks=mark), Target(_ANYTHING_READ, asks=mark)


def services(product: str, category: str, service: str) -> tuple[Target, ...]:
    """Return how the events of a service or a device are told; nothing where Sigma's words are not known here."""
    if (product, service) in _MARKS and not category:
        return _marked(_MARKS[product, service])
    if product in _FRAMEWORKS and category in ("", "application"):
        return (Target(_ANYTHING_READ),)
    if (product, category, service) == ("juniper", "", "bgp"):
        return (Target(_LINUX, asks=by_programs("rpd")),)
    if (product, category) == ("rpc_firewall", "application"):
        return (Target(LogSource("windows"), ("rpcfw",), names={"eventlog": "channel"}),)
    if category in ("", "application"):
        return _told(_SERVICES.get((product, service), ()))
    return ()


def categories(category: str) -> tuple[Target, ...]:
    """Return how the events of a category that many products share are told."""
    found = _told(CATEGORIES.get(category, ()))
    if category == "proxy":
        return Target(_ACCESS, asks=_ABSOLUTE, names=WEB), *found
    if category == "firewall":  # packets that the kernel tells of stand among its other lines
        return Target(_SYSLOG, asks=having("destination.ip", "destination.port"), names=_ECS_NETWORK), *found
    return found


def exactly(product: str, category: str, service: str) -> Target:
    """Return the target of events that carry exactly a rule's words."""
    names = _ZEEK_WEB if (product, service) == ("zeek", "http") else _ECS.get(category, {})
    return Target(LogSource(product, category, service), names=names)


# One event of auditd is several records; rules ask for the type of one of them.
_AUDITD = LogSource("linux", "", "auditd")
_RECORDS = ("auditd.execve", "auditd.path", "auditd.syscall", "auditd.cwd", "auditd.sockaddr", "auditd.proctitle")
_STARTED = {
    "image": "process.executable", "commandline": "process.command_line", "processid": "process.pid",
    "currentdirectory": "process.working_directory", "parentprocessid": "process.parent.pid", "user": "user.name",
}  # fmt: skip


def audited(category: str) -> tuple[Target, ...]:
    """Return how the events of auditd are told: by the types of all their records, or as programs that were started."""
    if category == "process_creation":
        return (Target(_AUDITD, asks=having("auditd.execve"), names=_STARTED),)
    return tuple(Target(_AUDITD, asks=having(name), names={"type": name}) for name in _RECORDS)
