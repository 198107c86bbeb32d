"""What services and devices write is told by its fields, and read in the names that Sigma's rules use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from desktop_app.core.model import LogSource
from tests.core.sigma.building import AUTH, WEB, batch, rows_of, rule_data, ruleset

JSON = LogSource("", "application", "json")
TABLE = LogSource("", "application", "csv")
PLAIN = LogSource("", "application", "plain")
SYSLOG = LogSource("linux", "", "syslog")
TRAIL = {"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging", "awsRegion": "eu-1",
         "userIdentity.type": "Root"}  # fmt: skip


def fires(
    logsource: Mapping[str, str], selection: Mapping[str, Any], source: LogSource, *events: dict[str, str | None]
) -> list[int]:
    rules = ruleset(rule_data({"s": dict(selection), "condition": "s"}, logsource))
    return rows_of(rules, batch(source, events)).get("r0", [])


@pytest.mark.parametrize(
    ("logsource", "selection", "event"),
    [
        ("aws//cloudtrail", {"eventName": "StopLogging", "userIdentity.type": "Root"}, TRAIL),
        ("azure//activitylogs", {"operationName": "X/DELETE"}, {"operationName": "x/delete"}),
        ("azure//auditlogs", {"LoggedByService": "Core"},
         {"operationName": "o", "properties.id": "1", "properties.loggedByService": "Core"}),
        ("azure//riskdetection", {"riskEventType": "leaked"}, {"properties.riskEventType": "leaked"}),
        ("okta//okta", {"eventType": "user.x"}, {"eventType": "user.x", "outcome.result": "SUCCESS"}),
        ("gcp//gcp.audit", {"gcp.audit.method_name": "SetIam"}, {"protoPayload.methodName": "SetIam"}),
        ("github//audit", {"action": "org.x"}, {"action": "org.x", "actor": "a"}),
        ("kubernetes/application/audit", {"verb": "list"}, {"verb": "list", "requestURI": "/api"}),
        ("kubernetes//audit", {"apiGroup": "apps"}, {"verb": "patch", "requestURI": "/", "objectRef.apiGroup": "apps"}),
        ("opencanary/application/", {"logtype": 5001}, {"logtype": "5001", "node_id": "n"}),
        ("zeek//dns", {"query|endswith": ".onion"}, {"uid": "C1", "query": "x.onion"}),
        ("zeek//http", {"c-uri": "/x"}, {"uid": "C1", "method": "GET", "uri": "/x"}),
        ("/dns/", {"record_type": "TXT"}, {"query": "a", "qtype_name": "TXT"}),
        ("/dns/", {"query": "a"}, {"dns.question.name": "a"}),
        ("/firewall/", {"dst_port": 23}, {"dst_ip": "10.0.0.1", "dst_port": "23"}),
        ("/firewall/", {"dst_port": 23}, {"destination.ip": "10.0.0.1", "destination.port": "23"}),
        ("/firewall/", {"src_ip|cidr": "10.0.0.0/8"}, {"id.orig_h": "10.1.1.1", "id.resp_h": "1.2.3.4",
                                                       "conn_state": "S0"}),
        ("/proxy/", {"c-uri|contains": ".hta"}, {"c-uri": "http://x/a.hta"}),
        ("/webserver/", {"cs-method": "GET"}, {"cs-method": "GET", "cs-uri-stem": "/"}),
        ("//netflow", {"destination.port": 23}, {"id.resp_p": "23"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("source", [JSON, TABLE])
def test_events_of_a_service_are_told_by_their_fields(
    logsource: str, selection: dict[str, Any], event: dict[str, str | None], source: LogSource
) -> None:
    words = dict(zip(("product", "category", "service"), logsource.split("/"), strict=True))
    named = {name: word for name, word in words.items() if word}
    assert fires(named, selection, source, {"other": "1"}, event) == [1]
    assert fires(named, selection, AUTH, event) == []


def test_events_of_another_service_with_the_same_field_are_not_taken_for_it() -> None:
    logsource = {"product": "aws", "service": "cloudtrail"}
    event = {"eventSource": "s", "eventName": "StopLogging"}
    assert fires(logsource, {"eventName": "StopLogging"}, JSON, event, {**event, "awsRegion": "eu-1"}) == [1]


def test_an_access_log_with_whole_addresses_is_that_of_a_proxy() -> None:
    event = {"url.original": "http://evil.example/a.hta", "http.request.method": "GET"}
    selection = {"c-uri-extension": "hta"}
    assert fires({"category": "proxy"}, selection, WEB, event, {**event, "url.original": "/a.hta"}) == [0]


@pytest.mark.parametrize("source", [PLAIN, SYSLOG])
def test_lines_of_a_cisco_device_are_told_by_their_mark(source: LogSource) -> None:
    rules = ruleset(rule_data({"k": ["erase"], "condition": "k"}, {"product": "cisco", "service": "aaa"}))
    raw = ["%PARSER-5-CFGLOG_LOGGEDCMD: User:a logged command:erase x", "erase", "%SYS-5-CONFIG_I: erase"]
    assert rows_of(rules, batch(source, [{}] * 3, raw=raw)) == {"r0": [0]}


def test_what_frameworks_write_is_looked_for_in_the_logs_of_applications() -> None:
    rules = ruleset(
        rule_data({"k": ["SuspiciousOperation"], "condition": "k"}, {"product": "django", "category": "application"})
    )
    assert rows_of(rules, batch(PLAIN, [{}], raw=["django: SuspiciousOperation at /"])) == {"r0": [0]}
    assert rows_of(rules, batch(AUTH, [{}], raw=["SuspiciousOperation"])) == {}


def test_an_rpc_firewall_writes_into_a_channel_of_its_own() -> None:
    logsource = {"product": "rpc_firewall", "category": "application"}
    event = {"Channel": "RPCFW", "EventID": "3", "OpNum": "1"}
    selection = {"EventLog": "RPCFW", "EventID": 3, "OpNum": 1}
    source = LogSource("windows", "", "rpcfw")
    assert fires(logsource, selection, source, event, {**event, "Channel": "Other"}) == [0]


def test_sysmon_for_linux_is_read_by_its_channel() -> None:
    event = {"Channel": "Linux-Sysmon/Operational", "EventID": "1", "Image": "/bin/nc"}
    source = LogSource("windows", "", "linux-sysmon")
    assert fires({"product": "linux", "category": "process_creation"}, {"Image": "/bin/nc"}, source, event) == [0]
