"""Zeek's logs, as tables with a header (``#fields``) and as JSON. Zeek's names stay, since rules use them.

Source: Zeek's documentation, "Zeek Log Formats" and the script reference of each log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import ANY, KIND, LEVEL, PROGRAM, TIME, Told
from desktop_app.extensions.logs.sources.headed import MOST_COLUMNS, HeadedLines, Layout
from desktop_app.extensions.logs.sources.objects import ObjectLines, also, flat
from desktop_app.extensions.logs.sources.pairs import unescaped

_ECS = {
    "id.orig_h": "source.address", "id.orig_p": "source.port", "id.resp_h": "destination.address",
    "id.resp_p": "destination.port", "proto": "network.transport", "service": "network.protocol",
    "orig_bytes": "source.bytes", "resp_bytes": "destination.bytes", "query": "dns.question.name",
    "qtype_name": "dns.question.type", "answers": "dns.answers.data", "rcode_name": "dns.response_code",
    "method": "http.request.method", "uri": "url.original", "host": "url.domain", "user_agent": "user_agent.original",
    "referrer": "http.request.referrer", "status_code": "http.response.status_code", "username": "user.name",
    "client": "user.name", "server_name": "tls.client.server_name", "ja3": "tls.client.ja3", "note": "rule.name",
    "msg": "event.reason", "fuid": "file.id", "filename": "file.name", "mime_type": "file.mime_type",
}  # fmt: skip
_CATEGORIES = {"dns": "dns", "http": "proxy", "conn": "firewall"}
# By which fields a log in JSON is told that does not name itself.
_TOLD_BY = (
    ("conn", ("conn_state",)), ("dns", ("qtype_name",)), ("dns", ("query", "trans_id")), ("http", ("method", "uri")),
    ("http", ("host", "status_code")), ("x509", ("certificate.serial",)), ("ssl", ("cipher",)),
    ("ssl", ("server_name", "established")), ("dce_rpc", ("endpoint", "operation")), ("kerberos", ("request_type",)),
    ("rdp", ("security_protocol",)), ("smb_files", ("action", "path")), ("smb_mapping", ("share_type",)),
    ("files", ("fuid", "source")), ("notice", ("note", "msg")),
    ("weird", ("name", "notice")), ("ssh", ("auth_success",)),
)  # fmt: skip


def log_source(path: str) -> LogSource:
    """Return the log source of one of Zeek's logs."""
    return LogSource("zeek", _CATEGORIES.get(path, ""), path or "zeek")


def said(fields: Mapping[str, str], path: str) -> Told:
    """Return the fields of a line and what they are in ECS; refused connections and notices are warnings."""
    told = also(fields, _ECS)
    worse = path in {"notice", "weird"} or fields.get("conn_state") == "REJ"
    return {
        **told,
        TIME: fields.get("ts"),
        KIND: path,
        PROGRAM: f"zeek.{path}" if path else "zeek",
        LEVEL: "warning" if worse else "info",
    }


class ZeekTable(HeadedLines):
    """Tabs between the columns, which the header names."""

    id = "zeek"
    title = text("Zeek")
    log_source = LogSource("zeek", "", "zeek")
    program = "zeek"
    stamp = ANY
    sure = 0.99

    def log_source_of(self, kind: str) -> LogSource:
        """Each of Zeek's logs is one of its own."""
        return log_source(kind)

    def learn(self, line: str, layout: Layout) -> Layout:
        r"""``#separator \\x09`` comes first; the other lines of the header use it already."""
        if line.startswith("#separator "):
            written = line[len("#separator ") :].strip()
            return {
                "separator": chr(int(written[2:4], 16))
                if written.startswith("\\x") and _is_hex(written[2:4])
                else written[:1]
            }
        name, _, rest = line[1:].partition(str(layout.get("separator", "\t")))
        if name == "fields":
            return {**layout, "fields": rest.split(str(layout.get("separator", "\t")))[:MOST_COLUMNS]}
        return {**layout, name: rest[:100]} if name in {"path", "unset_field", "empty_field"} else layout

    def knows(self, layout: Layout) -> bool:
        """Zeek's tables have a time and say which log they are."""
        return "ts" in layout.get("fields", ()) and "path" in layout

    def cells(self, line: str, layout: Layout) -> Told | None:
        """Cut a line at the separator; what is unset or empty is nothing."""
        values = line.split(str(layout.get("separator", "\t")))
        if len(values) != len(layout["fields"]):
            return None
        nothing = {"", str(layout.get("unset_field", "-")), str(layout.get("empty_field", "(empty)"))}
        pairs = zip(layout["fields"], values, strict=True)
        return said({str(name): unescaped(value) for name, value in pairs if value not in nothing}, str(layout["path"]))


def _is_hex(digits: str) -> bool:
    return len(digits) == 2 and all(one in "0123456789abcdefABCDEF" for one in digits) and digits != "00"


class ZeekJson(ObjectLines):
    """The same as JSON lines (``LogAscii::use_json``)."""

    id = "zeekjson"
    title = text("Zeek (JSON)")
    log_source = LogSource("zeek", "", "zeek")
    program = "zeek"
    sure = 0.98

    def log_source_of(self, kind: str) -> LogSource:
        """Each of Zeek's logs is one of its own."""
        return log_source(kind)

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """A time, and a connection or a certificate, are what all have."""
        if "ts" not in found:
            return None
        fields = flat(found)
        path = fields.get("_path") or next((name for name, has in _TOLD_BY if all(one in fields for one in has)), "")
        if "id.orig_h" not in fields and not path:
            return None
        return said(fields, path)


ZEEK, ZEEK_JSON = ZeekTable(), ZeekJson()
FORMATS = (ZEEK, ZEEK_JSON)
