"""Sample data of the Windows machines, as JSON lines in the shape that ``evtx_dump`` and our own EVTX reader give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core.model import Micros
from desktop_app.extensions.logs.sources.demo_story import (
    FOOTHOLD,
    GATEWAY_GUESSING,
    HOUR,
    LOCKOUT,
    MINUTE,
    PEOPLE,
    SECOND,
    Line,
    Story,
    zulu,
)

DOMAIN = "PLANT"
_SECURITY = ("Security", "Microsoft-Windows-Security-Auditing")
_EVENTLOG = ("Security", "Microsoft-Windows-Eventlog")
_SERVICES = ("System", "Service Control Manager")
_DEFENDER = ("Microsoft-Windows-Windows Defender/Operational", "Microsoft-Windows-Windows Defender")
_SUCCESS = "0x8020000000000000"
_FAILURE = "0x8010000000000000"
_NONE = "0x8000000000000000"
_ADMINISTRATORS = "S-1-5-32-544"
_PROGRAMS = (
    r"C:\Windows\System32\svchost.exe", r"C:\Windows\System32\conhost.exe", r"C:\Program Files\OPC\gateway.exe",
    r"C:\Windows\System32\taskhostw.exe", r"C:\Program Files\Historian\client.exe", r"C:\Windows\explorer.exe",
)  # fmt: skip

Data = Mapping[str, str | int]
Event = tuple[Micros, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer, and the number of the last record before the story begins."""

    name: str
    records: int

    def numbered(self, events: Iterable[Event]) -> Iterator[Line]:
        """Return the records in the order of time, numbered as Windows numbers them."""
        for number, (time, event) in enumerate(sorted(events, key=lambda one: one[0]), self.records + 1):
            event["System"]["EventRecordID"] = number
            yield time, orjson.dumps({"Event": event}).decode()

    def event(
        self, time: Micros, log: tuple[str, str], number: int, data: Data, *, keywords: str = _SUCCESS, level: int = 0
    ) -> Event:
        """Return one record without its number."""
        system = {
            "Provider": {"#attributes": {"Name": log[1]}},
            "EventID": number,
            "Version": 0,
            "Level": level,
            "Task": 0,
            "Opcode": 0,
            "Keywords": keywords,
            "TimeCreated": {"#attributes": {"SystemTime": zulu(time)}},
            "EventRecordID": 0,
            "Execution": {"#attributes": {"ProcessID": 708, "ThreadID": 4412}},
            "Channel": log[0],
            "Computer": self.name,
            "Security": None,
        }
        part = {"UserData": {"LogFileCleared": data}} if number in {104, 1102} else {"EventData": data}
        return time, {"System": system, **part}

    def sign_in(self, time: Micros, who: str, source: str, kind: int = 3) -> Event:
        """A sign-in that succeeded."""
        return self.event(time, _SECURITY, 4624, {**_target(who), "LogonType": kind, "IpAddress": source,
                          "IpPort": "49822", "AuthenticationPackageName": "NTLM", "WorkstationName": "-",
                          "ProcessName": "-", "TargetLogonId": "0x5f1a2"})  # fmt: skip

    def refusal(self, time: Micros, who: str, source: str, reason: str = "0xc000006a") -> Event:
        """A sign-in that failed."""
        return self.event(time, _SECURITY, 4625, {**_target(who), "LogonType": 3, "IpAddress": source,
                          "IpPort": "50111", "Status": "0xc000006d", "SubStatus": reason, "WorkstationName": "WEB01",
                          "AuthenticationPackageName": "NTLM"}, keywords=_FAILURE)  # fmt: skip

    def process(self, time: Micros, who: str, program: str, line: str = "") -> Event:
        """A program that was started."""
        return self.event(time, _SECURITY, 4688, {**_subject(who), "NewProcessId": "0x1a4c", "NewProcessName": program,
                          "CommandLine": line or program, "ParentProcessName": r"C:\Windows\System32\services.exe",
                          "ProcessId": "0x2c4", "TokenElevationType": "%%1936"})  # fmt: skip

    def usual(self, story: Story, count: int) -> Iterator[Event]:
        """An ordinary two days: people, services, programs."""
        yield self.event(story.now - 48 * HOUR, ("Application", "Watchdesk-Demo"), 1,
                         {"Note": "SAMPLE DATA, generated; this plant does not exist"}, level=4)  # fmt: skip
        dice = story.dice
        for time in story.moments(count // 4):
            who, source = dice.choice(PEOPLE), f"10.20.1.{dice.randrange(20, 60)}"
            yield self.sign_in(time, who, source, dice.choice((2, 3, 3, 3, 7, 10)))
            yield self.process(time + SECOND, who, dice.choice(_PROGRAMS))
            if time + 40 * MINUTE < story.end:
                yield self.event(time + 40 * MINUTE, _SECURITY, 4634,
                                 {**_target(who), "LogonType": 3, "TargetLogonId": "0x5f1a2"})  # fmt: skip
            state = dice.choice(("running", "stopped"))
            yield self.event(time + 9 * SECOND, _SERVICES, 7036,
                             {"param1": dice.choice(("Windows Update", "BITS", "Print Spooler")), "param2": state},
                             keywords=_NONE, level=4)  # fmt: skip
        for time in story.moments(12):
            yield self.refusal(time, dice.choice(PEOPLE), f"10.20.1.{dice.randrange(20, 60)}")


def _target(who: str) -> Data:
    return {"TargetUserName": who, "TargetDomainName": DOMAIN, "TargetUserSid": _sid(who)}


def _subject(who: str) -> Data:
    return {
        "SubjectUserName": who,
        "SubjectDomainName": DOMAIN,
        "SubjectUserSid": _sid(who),
        "SubjectLogonId": "0x9c41f",
    }


def _sid(who: str) -> str:
    return f"S-1-5-21-1004336348-1177238915-682003330-{1000 + sum(map(ord, who)) % 400}"


def gateway(story: Story) -> Iterator[Line]:
    """Tell of OPC-GW-02: 38 refused sign-ins, one that succeeds, and what it was for."""
    machine = Machine("OPC-GW-02", 41_000)
    return machine.numbered(_gateway(story, machine))


def _gateway(story: Story, machine: Machine) -> Iterator[Event]:
    yield from machine.usual(story, 5200)
    time = begin = story.before(GATEWAY_GUESSING)
    for time in story.burst(begin, 38, 4.0):
        yield machine.refusal(time, "opcadmin", FOOTHOLD)
    start = time + 6 * SECOND
    yield machine.sign_in(start, "opcadmin", FOOTHOLD)
    yield machine.event(
        start + 1000,
        _SECURITY,
        4672,
        {
            **_subject("opcadmin"),
            "PrivilegeList": "SeDebugPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeTakeOwnershipPrivilege",
        },
    )
    yield from _at_home(machine, start)


def _at_home(machine: Machine, start: Micros) -> Iterator[Event]:
    who = _subject("opcadmin")
    service = {"ServiceName": "WinHelperSvc", "ImagePath": r"C:\Windows\Temp\whs.exe", "StartType": "auto start",
               "ServiceType": "user mode service", "AccountName": "LocalSystem"}  # fmt: skip
    task = r'<Task version="1.2"><Actions><Exec><Command>C:\Users\Public\upd.exe</Command></Exec></Actions></Task>'
    member = {"MemberName": "-", "MemberSid": _sid("svc_update"), "TargetUserName": "Administrators",
              "TargetDomainName": "Builtin", "TargetSid": _ADMINISTRATORS}  # fmt: skip
    shell = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
    yield machine.process(start + 20 * SECOND, "opcadmin", r"C:\Windows\System32\whoami.exe", "whoami /all")
    yield machine.process(start + 44 * SECOND, "opcadmin", shell,
                          "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAHMAYQBtAHAAbABlACkA")  # fmt: skip
    yield machine.event(start + 70 * SECOND, _SECURITY, 4720, {**who, **_target("svc_update")})
    yield machine.event(start + 71 * SECOND, _SECURITY, 4722, {**who, **_target("svc_update")})
    yield machine.event(start + 90 * SECOND, _SECURITY, 4732, {**who, **member})
    yield machine.event(start + 130 * SECOND, _SERVICES, 7045, service, keywords=_NONE, level=4)
    yield machine.event(
        start + 131 * SECOND, _SECURITY, 4697, {**who, **service, "ServiceFileName": service["ImagePath"]}
    )
    yield machine.event(start + 190 * SECOND, _SECURITY, 4698,
                        {**who, "TaskName": r"\UpdateHelper", "TaskContent": task})  # fmt: skip
    yield machine.event(start + 240 * SECOND, _DEFENDER, 5001, {"Product Name": "Microsoft Defender Antivirus"},
                        keywords=_NONE, level=4)  # fmt: skip
    yield machine.event(start + 260 * SECOND, _SECURITY, 4719,
                        {**who, "SubcategoryGuid": "{0CCE9215-69AE-11D9-BED3-505054503030}",
                         "AuditPolicyChanges": "%%8448, %%8450"})  # fmt: skip
    yield machine.event(start + 300 * SECOND, _EVENTLOG, 1102, who, keywords="0x4020000000000000", level=4)


def workstation(story: Story) -> Iterator[Line]:
    """Tell of ENG-WS-04: a service that keeps falling over, and an engineer who is locked out."""
    machine = Machine("ENG-WS-04", 88_000)
    return machine.numbered(_workstation(story, machine))


def _workstation(story: Story, machine: Machine) -> Iterator[Event]:
    yield from machine.usual(story, 4600)
    for count, time in enumerate(story.burst(story.before(20), 9, 70.0), 1):
        yield machine.event(time, _SERVICES, 7031, {"param1": "Line 3 Recipe Server", "param2": count, "param3": 60_000,
                            "param4": 1, "param5": "Restart the service"}, keywords=_NONE, level=2)  # fmt: skip
    for time in story.burst(story.before(LOCKOUT), 7, 14.0):
        yield machine.refusal(time, "j.ortega", "10.20.1.44")
    yield machine.event(
        story.before(LOCKOUT, 130),
        _SECURITY,
        4740,
        {
            **_subject("ENG-WS-04$"),
            "TargetUserName": "j.ortega",
            "TargetDomainName": "ENG-WS-04",
            "TargetSid": _sid("j.ortega"),
        },
    )
    yield machine.event(story.before(30), ("Application", "Application Error"), 1000,
                        {"AppName": "recipe.exe", "AppVersion": "3.1.0", "ModuleName": "ntdll.dll",
                         "ExceptionCode": "c0000005"}, keywords=_NONE, level=2)  # fmt: skip


def panel(story: Story) -> Iterator[Line]:
    """Tell of HMI-07: a USB stick that somebody plugs in at night, and malware on it."""
    machine = Machine("HMI-07", 12_000)
    return machine.numbered(_panel(story, machine))


def _panel(story: Story, machine: Machine) -> Iterator[Event]:
    yield from machine.usual(story, 3000)
    time = story.before(31.4)
    yield machine.event(time, _SECURITY, 6416, {**_subject("HMI-07$"), "DeviceDescription": "USB Mass Storage Device",
                        "ClassName": "DiskDrive", "DeviceId": r"USBSTOR\Disk&Ven_Sample&Prod_Stick"})  # fmt: skip
    found = {"Threat Name": "Trojan:Win32/Sample", "Severity Name": "Severe", "Path": r"file:_E:\drivers\setup.exe",
             "Process Name": r"C:\Windows\explorer.exe", "Action Name": "Quarantine"}  # fmt: skip
    yield machine.event(time + 40 * SECOND, _DEFENDER, 1116, found, keywords=_NONE, level=3)
    yield machine.event(time + 42 * SECOND, _DEFENDER, 1117, found, keywords=_NONE, level=4)
    yield machine.event(story.before(31), ("System", "Microsoft-Windows-Kernel-Power"), 41,
                        {"BugcheckCode": 0, "PowerButtonTimestamp": 0}, keywords=_NONE, level=1)  # fmt: skip
