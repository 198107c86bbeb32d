"""Programs that write JSON of a known kind: GELF, MongoDB, Elasticsearch; containers of Docker with what they wrote.

Sources: Graylog's "GELF Payload Specification"; MongoDB's "Log Messages"; Docker's json-file driver.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.applications.inner import inner
from desktop_app.extensions.logs.sources.columns import SYSLOG_LEVELS
from desktop_app.extensions.logs.sources.cutting import HOST, LEVEL, MESSAGE, PROGRAM, TIME, Told
from desktop_app.extensions.logs.sources.objects import ObjectLines, flat, named

_APPLICATION = "application"


class Gelf(ObjectLines):
    """Graylog's own: ``{"version": "1.1", "host": ..., "short_message": ..., "timestamp": 1777874828.1}``."""

    id = "gelf"
    title = text("GELF (Graylog)")
    log_source = LogSource(category=_APPLICATION, service="gelf")
    sure = 0.99
    levels = MappingProxyType({str(number): level for number, level in enumerate(SYSLOG_LEVELS)})

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """Names of one's own begin with ``_``."""
        if not {"short_message", "host"} <= found.keys():
            return None
        fields = flat(found)
        told: Told = {name.removeprefix("_"): value for name, value in fields.items() if name not in _GELF}
        return {
            **told, TIME: fields.get("timestamp"), HOST: fields.get("host"), LEVEL: fields.get("level"),
            MESSAGE: fields.get("short_message"), "error.stack_trace": fields.get("full_message"),
            PROGRAM: fields.get("facility") or fields.get("_facility"),
        }  # fmt: skip


_GELF = {"version", "host", "short_message", "full_message", "timestamp", "level", "facility"}


class MongoJson(ObjectLines):
    """MongoDB since 4.4."""

    id = "mongodb"
    title = text("MongoDB (JSON)")
    log_source = LogSource("mongodb", "database", "mongodb")
    program = "mongod"
    sure = 0.99
    levels = MappingProxyType({f"D{number}": "debug" for number in range(1, 6)})

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """``attr`` holds what the message is about."""
        if not {"t", "s", "c", "msg"} <= found.keys() or not isinstance(found["t"], dict):
            return None
        fields = flat(found)
        told = named(fields, {
            "t.$date": TIME, "s": LEVEL, "c": "log.logger", "msg": MESSAGE, "id": "event.code",
            "ctx": "process.thread.name",
            "attr.remote": "source.address", "attr.principalName": "user.name", "attr.error": "error.message",
        })  # fmt: skip
        if (address := told.get("source.address")) and address.count(":") == 1:
            told["source.address"], _, told["source.port"] = address.partition(":")
        return told


class ElasticJson(ObjectLines):
    """Elasticsearch 7 and later, in both of its shapes."""

    id = "elasticsearch"
    title = text("Elasticsearch (JSON)")
    log_source = LogSource("elasticsearch", "database", "elasticsearch")
    program = "elasticsearch"
    sure = 0.99

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """Version 7 writes ``component`` and ``cluster.name``, version 8 ECS's names."""
        fields = flat(found)
        if "elasticsearch.cluster.name" not in fields and not {"cluster.name", "component", "type"} <= fields.keys():
            return None
        return named(fields, {
            "timestamp": TIME, "@timestamp": TIME, "level": LEVEL, "log.level": LEVEL, "message": MESSAGE,
            "component": "log.logger", "node.name": HOST, "elasticsearch.node.name": HOST,
            "stacktrace": "error.stack_trace",
        })  # fmt: skip


class DockerJson(ObjectLines):
    """What a container wrote, a line a record; where that is JSON or has a level, it is read."""

    id = "docker"
    title = text("Docker container (JSON)")
    log_source = LogSource(category=_APPLICATION, service="docker")
    sure = 0.99

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """The time is Docker's: the program's own may lack its zone."""
        log = found.get("log")
        if not isinstance(log, str) or not {"stream", "time"} <= found.keys():
            return None
        attributes = flat(found["attrs"], "docker.") if isinstance(found.get("attrs"), dict) else {}
        return {**attributes, **inner(log.rstrip("\n")), TIME: str(found["time"]), "log.stream": str(found["stream"])}


GELF, MONGO_JSON, ELASTIC_JSON, DOCKER_JSON = Gelf(), MongoJson(), ElasticJson(), DockerJson()
FORMATS = (GELF, MONGO_JSON, ELASTIC_JSON, DOCKER_JSON)
