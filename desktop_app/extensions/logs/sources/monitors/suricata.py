"""Suricata's EVE: one JSON object an event. Source: Suricata's user guide, "EVE JSON Format"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import HOST, KIND, LEVEL, MESSAGE, TIME, Told
from desktop_app.extensions.logs.sources.objects import ObjectLines, flat, named

_ECS = {
    "timestamp": TIME, "host": HOST, "src_ip": "source.address", "src_port": "source.port",
    "dest_ip": "destination.address", "dest_port": "destination.port", "proto": "network.transport",
    "app_proto": "network.protocol", "in_iface": "observer.ingress.interface.name", "flow_id": "network.flow_id",
    "community_id": "network.community_id", "alert.signature": "rule.name", "alert.signature_id": "rule.id",
    "alert.category": "rule.category", "dns.rrname": "dns.question.name", "dns.rrtype": "dns.question.type",
    "dns.rcode": "dns.response_code", "http.hostname": "url.domain", "http.url": "url.original",
    "http.http_user_agent": "user_agent.original", "http.http_method": "http.request.method",
    "http.status": "http.response.status_code", "http.http_refer": "http.request.referrer",
    "tls.sni": "tls.client.server_name", "tls.subject": "tls.server.subject", "fileinfo.filename": "file.name",
    "fileinfo.sha256": "file.hash.sha256",
    "flow.bytes_toserver": "source.bytes", "flow.bytes_toclient": "destination.bytes",
}  # fmt: skip
_SEVERITY = {"1": "error", "2": "warning", "3": "info"}
_CATEGORIES = {"dns": "dns", "http": "proxy"}


class Suricata(ObjectLines):
    """An alert, a flow, a query, a request ... a record."""

    id = "suricata"
    title = text("Suricata (EVE)")
    log_source = LogSource("suricata", "", "eve")
    program = "suricata"
    sure = 0.99

    def log_source_of(self, kind: str) -> LogSource:
        """Each type of event is a log source."""
        return LogSource("suricata", _CATEGORIES.get(kind, ""), kind or "eve")

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """Every event has a type and a time; the first question stands for all of a query."""
        kind = found.get("event_type")
        if not isinstance(kind, str) or "timestamp" not in found:
            return None
        fields = flat(found)
        told = named(fields, _ECS)
        if (
            isinstance(queries := _inner(found, "dns").get("queries"), list)
            and queries
            and isinstance(queries[0], dict)
        ):
            told |= {_ECS[f"dns.{name}"]: str(queries[0][name]) for name in ("rrname", "rrtype") if name in queries[0]}
        action = fields.get("alert.action")
        told["network.transport"] = (told.get("network.transport") or "").lower()
        return {
            **told, KIND: kind[:60], MESSAGE: fields.get("alert.signature"), "event.action": kind[:60],
            "event.type": {"blocked": "denied", "allowed": "allowed"}.get(action or ""),
            LEVEL: _SEVERITY.get(fields.get("alert.severity", ""), "warning") if kind == "alert" else "info",
        }  # fmt: skip


def _inner(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = found.get(name)
    return inner if isinstance(inner, dict) else {}


SURICATA = Suricata()
FORMATS = (SURICATA,)
