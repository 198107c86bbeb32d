from __future__ import annotations

import pytest

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.logsources import channels_of, targets
from desktop_app.extensions.logs.sources.winchannels import log_source
from tests.core.sigma.building import AUTH, SECURITY, SYSMON, SYSMON_CHANNEL, WEB, batch, rows_of, rule_data, ruleset

SELECTION = {"s": {"Image|endswith": "\\x.exe"}, "condition": "s"}


def covers(words: tuple[str, str, str], source: LogSource) -> bool:
    return any(target.covers(source) for target in targets(*words))


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (("windows", "", "security"), SECURITY),
        (("windows", "process_creation", ""), SECURITY),
        (("windows", "process_creation", ""), SYSMON),
        (("", "process_creation", ""), SYSMON),
        (("windows", "ps_script", ""), LogSource("windows", "", "powershell")),
        (("windows", "", "windefend"), log_source("Microsoft-Windows-Windows Defender/Operational")),
        (("", "antivirus", ""), log_source("Microsoft-Windows-Windows Defender/Operational")),
        (("windows", "", ""), SYSMON),
        (("linux", "", "auth"), AUTH),
        (("linux", "", "sshd"), AUTH),
        (("linux", "", ""), LogSource("linux", "", "syslog")),
        (("", "webserver", ""), WEB),
        (("", "", "nginx"), LogSource("", "webserver", "error")),
        (("", "any", ""), LogSource("", "application", "json")),
        (("", "proxy", ""), WEB),
        (("linux", "auditd", ""), LogSource("linux", "auditd", "")),
        (("aws", "", "cloudtrail"), LogSource("aws", "", "cloudtrail")),
    ],
)
def test_a_log_source_of_a_rule_covers_the_batches_it_means(words: tuple[str, str, str], source: LogSource) -> None:
    assert covers(words, source)


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (("windows", "", "security"), SYSMON),
        (("windows", "", "security"), LogSource("windows", "", "security-mitigations")),
        (("windows", "registry_set", ""), SECURITY),
        (("windows", "file_rename", ""), SYSMON),
        (("linux", "process_creation", ""), AUTH),
        (("linux", "", "auditd"), AUTH),
        (("linux", "", "auth"), WEB),
        (("", "proxy", ""), AUTH),
        (("macos", "", ""), AUTH),
    ],
)
def test_a_log_source_of_a_rule_covers_no_others(words: tuple[str, str, str], source: LogSource) -> None:
    assert not covers(words, source)


@pytest.mark.parametrize("service", ["security", "powershell", "bits-client", "windefend", "taskscheduler", "wmi"])
def test_both_lists_of_windows_services_agree(service: str) -> None:
    assert {log_source(channel).service for channel in channels_of(service)} == {service}


def test_one_rule_on_new_processes_reads_sysmon_and_auditing() -> None:
    rules = ruleset(rule_data(SELECTION, {"product": "windows", "category": "process_creation"}))
    sysmon = {"Channel": SYSMON_CHANNEL, "EventID": "1", "Image": "C:\\x.exe"}
    audit = {"Channel": "Security", "EventID": "4688", "NewProcessName": "C:\\x.exe"}
    assert rows_of(rules, batch(SYSMON, [sysmon, {**sysmon, "EventID": "7"}])) == {"r0": [0]}
    assert rows_of(rules, batch(SECURITY, [{**audit, "EventID": "4689"}, audit])) == {"r0": [1]}


def test_integrity_levels_read_alike_in_sysmon_and_auditing() -> None:
    detection = {"s": {"IntegrityLevel": "High"}, "condition": "s"}
    rules = ruleset(rule_data(detection, {"product": "windows", "category": "process_creation"}))
    audit = {"Channel": "Security", "EventID": "4688", "MandatoryLabel": "S-1-16-12288"}
    assert rows_of(rules, batch(SECURITY, [audit])) == {"r0": [0]}


def test_windows_events_in_json_of_other_tools_are_recognised_by_their_fields() -> None:
    rules = ruleset(rule_data(SELECTION, {"product": "windows", "category": "process_creation"}))
    source = LogSource("", "application", "json")
    event = {"Channel": SYSMON_CHANNEL, "EventID": "1", "Image": "C:\\x.exe"}
    assert rows_of(rules, batch(source, [event])) == {"r0": [0]}


def test_services_of_linux_are_told_by_their_programs() -> None:
    rules = ruleset(rule_data({"k": ["refused"], "condition": "k"}, {"product": "linux", "service": "sshd"}))
    assert rows_of(rules, batch(AUTH, [{}], raw=["refused"], program="sshd")) == {"r0": [0]}
    assert rows_of(rules, batch(AUTH, [{}], raw=["refused"], program="sudo")) == {}


def test_web_rules_are_read_in_ecs_names() -> None:
    detection = {"s": {"cs-method": "GET", "cs-uri-query|contains": "cmd=", "sc-status": 200}, "condition": "s"}
    rules = ruleset(rule_data(detection, {"category": "webserver"}))
    event = {"http.request.method": "GET", "url.original": "/a?cmd=id", "http.response.status_code": "200"}
    assert rows_of(rules, batch(WEB, [event, {**event, "url.original": "/cmd="}])) == {"r0": [0]}


def test_rules_about_firewalls_and_name_servers_find_what_ecs_calls_by_other_names() -> None:
    found = targets("", "firewall", "")
    for source in (LogSource("cisco", "firewall", "asa"), LogSource("linux", "", "syslog")):
        (own,) = [one for one in found if one.covers(source)]
        assert own.names["dst_port"] == "destination.port"
    (dns,) = [one for one in targets("", "dns", "") if one.covers(LogSource("zeek", "dns", "dns"))]
    assert dns.names["query"] == "dns.question.name"


def test_rules_about_records_of_auditd_find_them_in_the_event_that_they_make_up() -> None:
    found = [one for one in targets("linux", "", "auditd") if one.covers(LogSource("linux", "", "auditd"))]
    assert {one.names.get("type") for one in found} >= {None, "auditd.execve", "auditd.path"}
    everything = targets("linux", "process_creation", "")
    (started,) = [one for one in everything if one.covers(LogSource("linux", "", "auditd"))]
    assert started.names["commandline"] == "process.command_line"
