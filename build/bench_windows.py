"""Windows events for measurements: generated everyday ones, and recorded attacks with new times, numbers and ids.

The shape is the one of the evtx library's JSON, so that everything behind the decoding of a file can be measured alike.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import BATCH_ROWS, Reading, RecordBatch
from desktop_app.extensions.logs.sources import winevents
from desktop_app.extensions.logs.sources.evtx import EVTX

# Recorded attacks and the world's rules are no part of the repository; without them their figures are left out.
DATA = Path(os.environ.get("WATCHDESK_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
ATTACKS = 0.0826  # of the events: one recording of each attack in every 100,000
FIRST = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
SYSMON, SECURITY = "Microsoft-Windows-Sysmon/Operational", "Security"
PROGRAMS = [f"C:\\Program Files\\{vendor}\\{name}{n}.exe" for vendor in ("Historian", "Opc Server", "Vision", "Mes")
            for name in ("agent", "collector", "view", "service") for n in range(12)]  # fmt: skip
PROGRAMS += [f"C:\\Windows\\System32\\{name}.exe" for name in (
    "svchost", "taskhostw", "conhost", "RuntimeBroker", "SearchIndexer", "dllhost", "WmiPrvSE", "spoolsv", "lsass",
    "services", "wevtutil", "backgroundTaskHost", "MoUsoCoreWorker", "SearchProtocolHost", "audiodg", "sihost",
)]  # fmt: skip
USERS = ["SYSTEM", "NETWORK SERVICE", "LOCAL SERVICE", *(f"operator{n:02}" for n in range(60))]
# (weight, channel, provider, number of the event, its data); {word} is filled by _Words
_SHAPES: tuple[tuple[int, str, str, int, dict[str, str]], ...] = (
    (9, SYSMON, "Microsoft-Windows-Sysmon", 1, {
        "RuleName": "-", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}", "Image": "{program}",
        "FileVersion": "10.0.{few}.{pid}", "Description": "{user} service", "Product": "Line control",
        "CommandLine": '"{program}" --task {pid} --config "C:\\ProgramData\\{user}\\{hex}.xml"',
        "CurrentDirectory": "C:\\Windows\\system32\\", "User": "PLANT\\{user}", "LogonGuid": "{guid}",
        "LogonId": "0x{hex}", "TerminalSessionId": "0", "IntegrityLevel": "System",
        "Hashes": "SHA1={sha},MD5={md5},SHA256={sha}{md5},IMPHASH={md5}", "ParentProcessGuid": "{guid}",
        "ParentProcessId": "{pid}", "ParentImage": "{program}", "ParentCommandLine": '"{program}" -k {few}'}),
    (9, SYSMON, "Microsoft-Windows-Sysmon", 3, {
        "RuleName": "-", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}", "Image": "{program}",
        "User": "PLANT\\{user}", "Protocol": "tcp", "Initiated": "true", "SourceIsIpv6": "false",
        "SourceIp": "10.0.{few}.{few}", "SourceHostname": "{host}", "SourcePort": "{port}",
        "DestinationIsIpv6": "false", "DestinationIp": "10.20.{few}.{byte}", "DestinationPort": "{port}"}),
    (3, SYSMON, "Microsoft-Windows-Sysmon", 5, {
        "RuleName": "-", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}", "Image": "{program}"}),
    (14, SYSMON, "Microsoft-Windows-Sysmon", 7, {
        "RuleName": "-", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}", "Image": "{program}",
        "ImageLoaded": "C:\\Windows\\System32\\lib{number}.dll", "FileVersion": "10.0.{few}", "Description": "Library",
        "Product": "Microsoft® Windows® Operating System", "Company": "Microsoft Corporation",
        "Hashes": "SHA1={sha},MD5={md5},SHA256={sha}{md5},IMPHASH={md5}", "Signed": "true",
        "Signature": "Microsoft Windows", "SignatureStatus": "Valid"}),
    (8, SYSMON, "Microsoft-Windows-Sysmon", 10, {
        "RuleName": "-", "UtcTime": "{utc}", "SourceProcessGUID": "{guid}", "SourceProcessId": "{pid}",
        "SourceThreadId": "{pid}", "SourceImage": "{program}", "TargetProcessGUID": "{guid}",
        "TargetProcessId": "{pid}", "TargetImage": "{program}", "GrantedAccess": "0x1000",
        "CallTrace": "C:\\Windows\\SYSTEM32\\ntdll.dll+{hex}|C:\\Windows\\System32\\KERNELBASE.dll+{hex}"}),
    (9, SYSMON, "Microsoft-Windows-Sysmon", 11, {
        "RuleName": "-", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}", "Image": "{program}",
        "TargetFilename": "C:\\ProgramData\\{user}\\batch-{number}\\{hex}.csv", "CreationUtcTime": "{utc}"}),
    (12, SYSMON, "Microsoft-Windows-Sysmon", 13, {
        "RuleName": "-", "EventType": "SetValue", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}",
        "Image": "{program}", "Details": "DWORD (0x{hex})",
        "TargetObject": "HKLM\\SOFTWARE\\Vendor\\Line {few}\\Tags\\{number}\\Last{few}"}),
    (8, SYSMON, "Microsoft-Windows-Sysmon", 22, {
        "RuleName": "-", "UtcTime": "{utc}", "ProcessGuid": "{guid}", "ProcessId": "{pid}", "Image": "{program}",
        "QueryName": "node{number}.plant.example", "QueryStatus": "0", "QueryResults": "::ffff:10.20.{few}.{byte};"}),
    (9, SECURITY, "Microsoft-Windows-Security-Auditing", 4624, {
        "SubjectUserSid": "S-1-5-18", "SubjectUserName": "{host}$", "SubjectDomainName": "PLANT",
        "SubjectLogonId": "0x3e7", "TargetUserSid": "S-1-5-21-{number}-{few}", "TargetUserName": "{user}",
        "TargetDomainName": "PLANT", "TargetLogonId": "0x{hex}", "LogonType": "3", "LogonProcessName": "Kerberos",
        "AuthenticationPackageName": "Kerberos", "WorkstationName": "-", "LogonGuid": "{guid}", "KeyLength": "0",
        "ProcessId": "0x0", "ProcessName": "-", "IpAddress": "10.20.{few}.{byte}", "IpPort": "{port}"}),
    (6, SECURITY, "Microsoft-Windows-Security-Auditing", 4634, {
        "TargetUserSid": "S-1-5-21-{number}-{few}", "TargetUserName": "{user}", "TargetDomainName": "PLANT",
        "TargetLogonId": "0x{hex}", "LogonType": "3"}),
    (4, SECURITY, "Microsoft-Windows-Security-Auditing", 4672, {
        "SubjectUserSid": "S-1-5-18", "SubjectUserName": "{user}", "SubjectDomainName": "PLANT",
        "SubjectLogonId": "0x{hex}", "PrivilegeList": "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege"}),
    (5, SECURITY, "Microsoft-Windows-Security-Auditing", 4688, {
        "SubjectUserSid": "S-1-5-18", "SubjectUserName": "{host}$", "SubjectDomainName": "PLANT",
        "SubjectLogonId": "0x3e7", "NewProcessId": "0x{hex}", "NewProcessName": "{program}",
        "TokenElevationType": "%%1936", "ProcessId": "0x{hex}", "CommandLine": '"{program}" /run:{number} /id:{guid}',
        "ParentProcessName": "{program}", "MandatoryLabel": "S-1-16-16384"}),
    (8, SECURITY, "Microsoft-Windows-Security-Auditing", 5156, {
        "ProcessID": "{pid}", "Application": "\\device\\harddiskvolume1\\windows\\system32\\svchost.exe",
        "Direction": "%%14593", "SourceAddress": "10.0.{few}.{few}", "SourcePort": "{port}",
        "DestAddress": "10.20.{few}.{byte}", "DestPort": "{port}", "Protocol": "6", "FilterRTID": "{number}"}),
    (5, "System", "Service Control Manager", 7036, {
        "param1": "Line {few} {user}", "param2": "running", "Binary": "{sha}"}),
    (2, "Microsoft-Windows-TaskScheduler/Operational", "Microsoft-Windows-TaskScheduler", 201, {
        "TaskName": "\\Plant\\Export {few}", "TaskInstanceId": "{guid}", "ActionName": "{program}", "ResultCode": "0"}),
)  # fmt: skip


class _Words:
    """What a placeholder stands for, drawn anew each time that it is asked for."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - measurements want the same events in every run
        self.time = ""

    def __getitem__(self, name: str) -> str:
        dice = self._dice
        if name in ("program", "user"):
            listed = PROGRAMS if name == "program" else USERS
            return listed[min(int(dice.expovariate(8 / len(listed))), len(listed) - 1)]
        if name == "utc":
            return self.time.replace("T", " ")[:23]
        if name == "guid":
            return f"365ABB72-{dice.getrandbits(16):04X}-5CC4-0000-{dice.getrandbits(48):012X}"
        if name in ("sha", "md5"):
            return f"{dice.randrange(3000) * 0x9E3779B97F4A7C15:0{40 if name == 'sha' else 32}X}"
        if name == "host":
            return f"HMI-{dice.randrange(40):02}"
        limits = {"pid": 20_000, "few": 9, "byte": 254, "port": 65_535, "number": 5_000}
        return f"{dice.getrandbits(28):x}" if name == "hex" else str(dice.randrange(limits[name]))


def everyday(count: int, start: int) -> list[str]:
    """Return generated events; numbers of the records begin at ``start``, which also is the seed."""
    words = _Words(start)
    shapes = random.Random(start).choices(_SHAPES, [shape[0] for shape in _SHAPES], k=count)  # noqa: S311 - as above
    made = []
    for number, (_, channel, provider, event, data) in enumerate(shapes, start):
        words.time = (FIRST + dt.timedelta(milliseconds=37 * number)).isoformat()[:23] + "Z"
        system = {
            "Provider": {"#attributes": {"Name": provider}}, "EventID": event, "Version": 3, "Level": 4, "Task": event,
            "Opcode": 0, "Keywords": "0x8000000000000000",
            "TimeCreated": {"#attributes": {"SystemTime": words.time}}, "EventRecordID": number, "Channel": channel,
            "Execution": {"#attributes": {"ProcessID": 1912, "ThreadID": 996}}, "Computer": words["host"] + ".plant",
        }  # fmt: skip
        filled = {name: value.format_map(words) for name, value in data.items()}
        made.append(orjson.dumps({"Event": {"System": system, "EventData": filled}}).decode())
    return made


def attacks() -> list[str]:
    """Return the recorded attacks as the library tells them."""
    raws: list[str] = []
    for path in sorted((DATA / "evtx-attack-samples").rglob("*.evtx")):
        with path.open("rb") as stream:
            raws += [raw for records in EVTX.collect(stream, Reading(path.name)) for raw in records.raw]
    return raws


_GUID = re.compile(r"(?<=Guid\":\"[0-9A-F]{8}-)[0-9A-F]{4}|(?<=GUID\":\"[0-9A-F]{8}-)[0-9A-F]{4}")
_RECORD, _TIME = re.compile(r'"EventRecordID":\d+'), re.compile(r'(?<="SystemTime":")[^"]+')
_PID = re.compile(r'(?<=ProcessId":)\d+|(?<=ThreadId":)\d+')


def shifted(raws: list[str], start: int) -> list[str]:
    """Return events with new times, numbers of records, processes and GUIDs; whatever rules ask about stays."""
    made = []
    for number, raw in enumerate(raws, start):
        time = (FIRST + dt.timedelta(milliseconds=37 * number)).isoformat()[:23] + "Z"
        changed = _PID.sub(lambda found: str(int(found[0]) + start % 9973), raw)
        changed = _GUID.sub(f"{start // 8 & 0xFFFF:04X}", changed)
        made.append(_TIME.sub(time, _RECORD.sub(f'"EventRecordID":{number}', changed, count=1), count=1))
    return made


def raw_events(rows: int, share: float = ATTACKS) -> Iterator[list[str]]:
    """Yield events in lots of at most BATCH_ROWS, of which such a share are recorded attacks, mixed with the others."""
    recorded, at = attacks() if share else [], 0
    for start in range(1, rows + 1, BATCH_ROWS):
        size = min(BATCH_ROWS, rows + 1 - start)
        wanted = round(size * share)
        picked = [recorded[(at + n) % len(recorded)] for n in range(wanted)]
        at += wanted
        lot = shifted(picked, start) + everyday(size - wanted, start + wanted)
        random.Random(start).shuffle(lot)  # noqa: S311 - as above
        yield lot


def normalised(raws: list[str], before: int = 0) -> Iterator[EventBatch]:
    """Yield events as columns; ``before``: how many came before them."""
    ordinals = np.arange(1, len(raws) + 1, dtype=np.int64) + before
    records = RecordBatch(raws, ordinals, 0)
    yield from winevents.normalize(records, Reading("bench.evtx"), lambda raw: orjson.loads(raw)["Event"])


def batches(rows: int, share: float = ATTACKS) -> Iterator[EventBatch]:
    """Yield the events normalised, as a file of them gives them."""
    for number, lot in enumerate(raw_events(rows, share)):
        yield from normalised(lot, number * BATCH_ROWS)
