"""Field names: what Sigma calls a field -> the column that holds it, and columns made from other columns.

Names are compared in lower case. ECS names for text logs, Windows' own names for Windows events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

# W3C names that Sigma's web rules use -> ECS.
WEB: Mapping[str, str] = {
    "c-ip": "source.ip",
    "src_ip": "source.ip",
    "c-uri": "url.original",
    "cs-uri": "url.original",
    "c-uri-query": "url.query",
    "cs-uri-query": "url.query",
    "c-uri-stem": "url.path",
    "cs-uri-stem": "url.path",
    "c-uri-path": "url.path",
    "c-uri-extension": "url.extension",
    "cs-method": "http.request.method",
    "sc-status": "http.response.status_code",
    "sc-bytes": "http.response.body.bytes",
    "cs-user-agent": "user_agent.original",
    "c-useragent": "user_agent.original",
    "cs-useragent": "user_agent.original",
    "cs-referer": "http.request.referrer",
    "cs-referrer": "http.request.referrer",
    "cs-username": "user.name",
    "cs-host": "url.domain",
    "r-dns": "url.domain",
    "cs-version": "http.version",
}

# Security 4688 tells of a new process in other words than Sysmon does.
AUDIT_4688: Mapping[str, str] = {
    "image": "newprocessname",
    "parentimage": "parentprocessname",
    "processid": "newprocessid",
    "parentprocessid": "processid",
    "user": "subjectusername",
    "logonid": "subjectlogonid",
    "integritylevel": "mandatorylabel.name",
}

DEFENDER: Mapping[str, str] = {"signature": "threatname", "filename": "path"}

# SIDs of mandatory labels -> Sysmon's words for them. Source: Microsoft, "Well-known SIDs".
_LABELS = {
    "s-1-16-0": "Untrusted",
    "s-1-16-4096": "Low",
    "s-1-16-8192": "Medium",
    "s-1-16-8448": "Medium Plus",
    "s-1-16-12288": "High",
    "s-1-16-16384": "System",
}


def _path(url: str) -> str | None:
    return url.partition("?")[0]


def _query(url: str) -> str | None:
    _, mark, query = url.partition("?")
    return query if mark else None


def _extension(url: str) -> str | None:
    name = url.partition("?")[0].rpartition("/")[2]
    _, dot, extension = name.rpartition(".")
    return extension if dot else None


def _label(sid: str) -> str | None:
    return _LABELS.get(sid.lower())


# column -> (the column it is made from, how); used only where a batch does not carry the column itself
DERIVED: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "url.path": ("url.original", _path),
    "url.query": ("url.original", _query),
    "url.extension": ("url.original", _extension),
    "mandatorylabel.name": ("mandatorylabel", _label),
}

# Names for the fixed columns of an event, used where no field of that name exists.
FIXED: Mapping[str, str] = {
    "host.name": "host",
    "host": "host",
    "hostname": "host",
    "computer": "host",
    "computername": "host",
    "source": "source",
    "process.name": "source",
    "channel": "source",
    "level": "level",
    "log.level": "level",
    "message": "message",
    "raw": "raw",
}
