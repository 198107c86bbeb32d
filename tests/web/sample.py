"""A desk with findings whose every word and moment is fixed: what pages are tested and pictured with."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from dataclasses import dataclass, replace

import orjson

from desktop_app.core import findings, jobs, suppression, triage
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection, migrate, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.extension import Extension
from desktop_app.core.judging import claims
from desktop_app.core.model import Claim, Contribution, Evidence, Micros, Severity, micros
from desktop_app.core.paths import DataFolder
from desktop_app.core.scopes import Scope
from desktop_app.core.text import text

NOW = micros(dt.datetime(2026, 11, 22, 6, 37, tzinfo=dt.UTC))  # 14:37 in the zone of the site
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

RULES = {
    "guess": """
title: Password guessed
level: critical
tags: [attack.t1110.001]
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4624}, condition: selection}
watchdesk:
  en:
    title: "{count} failed sign-ins, then a success"
    why: Someone guessed passwords for {user} until one worked. Treat the session as hostile until you know who it was.
    condition: 20 or more failures in 5 minutes, then a success, from the same address
    check: Look at what this session did next.
    false_alarms: A person who forgot a new password.
    todo:
      - {step: "Ask the shift lead if {ip} is in use", detail: Who sat there at that time?}
      - {step: "Disable {user}", detail: You can turn it back on.}
      - Change the password
    references: ["MITRE ATT&CK T1110.001"]
  zh:
    title: "{count} 次登录失败后登录成功"
    why: 有人反复尝试 {user} 的密码并最终成功。在查明使用者之前，请将该会话视为恶意。
    condition: 5 分钟内失败 20 次以上后成功，且来源相同
    check: 查看该会话随后做了什么。
    false_alarms: 有人忘记了新密码。
    todo:
      - {step: "向班长确认 {ip} 是否有人在用", detail: 当时是谁在那里？}
      - {step: "停用 {user}", detail: 可随时恢复。}
      - 更改密码
    references: ["MITRE ATT&CK T1110.001"]
""",
    "cleared": """
title: Log cleared
level: high
logsource: {product: windows, service: security}
detection: {selection: {EventID: 1102}, condition: selection}
watchdesk:
  en: {title: The security log was cleared, why: What happened before can no longer be read on this machine.}
  zh: {title: 安全日志被清空, why: 在此之前发生的事在这台机器上已无法读取。}
""",
    "disk": """
title: Disk errors
level: medium
logsource: {product: linux, service: syslog}
detection: {selection: {message: error}, condition: selection}
watchdesk:
  en: {title: Disk sdb reports errors, why: A disk that reports errors often fails within days.}
  zh: {title: 磁盘 sdb 报告错误, why: 报告错误的磁盘常在数天内失效。}
""",
    "foreign": """
title: Suspicious Rundll32 Activity
description: Detects suspicious process related to rundll32
level: low
logsource: {product: windows, category: process_creation}
detection: {selection: {Image: rundll32.exe}, condition: selection}
falsepositives: [Unlikely]
""",
}


@dataclass(frozen=True)
class Made:
    """What a made-up finding consists of. ``age`` is how long before NOW its last event was."""

    rule: str
    severity: Severity
    asset: str
    group: tuple[tuple[str, str], ...]
    values: dict[str, str]
    lines: tuple[str, ...]
    count: int
    age: Micros
    length: Micros = 0


GUESS_LINES = tuple(
    orjson.dumps({"EventID": number, "TargetUserName": "svc_historian", "IpAddress": "10.20.4.17"}).decode()
    for number in [4625] * 5 + [4624]
)
MADE = (
    Made("guess", Severity.CRITICAL, "OPC-GW-02", (("TargetUserName", "svc_historian"), ("IpAddress", "10.20.4.17")),
         {"count": "38", "user": "svc_historian", "ip": "10.20.4.17"}, GUESS_LINES, 39, 6 * MINUTE, 192 * SECOND),
    Made("cleared", Severity.HIGH, "ENG-WS-04", (), {}, ('{"EventID": 1102, "Channel": "Security"}',), 1, HOUR),
    Made("disk", Severity.MEDIUM, "HIST-01", (), {"device": "sdb"},
         ("Nov 22 12:37:00 HIST-01 kernel: I/O error, dev sdb, sector 12345",), 4, 2 * HOUR, 40 * MINUTE),
    Made("disk", Severity.MEDIUM, "HMI-07", (), {"device": "sdb"},
         ("Nov 20 09:00:00 HMI-07 kernel: I/O error, dev sdb, sector 1",), 1, 53 * HOUR),
    Made("foreign", Severity.LOW, "HMI-07", (), {}, ("rundll32.exe javascript:alert(1)",), 3, 60 * HOUR, HOUR),
)  # fmt: skip


def new_desk(folder: DataFolder, extensions: tuple[Extension, ...] = (), clock: Micros = NOW) -> Desk:
    """A desk in an empty folder whose clock stands still and whose site is in Shanghai."""
    desk = Desk(folder, extensions, lambda: clock)
    migrate(folder, [one.migrations for one in extensions if one.migrations is not None])
    with desk.connection() as db, writing(db):
        db.execute("INSERT INTO settings VALUES ('site_zone', 'Asia/Shanghai', 0)")
    return desk


def fill(desk: Desk) -> dict[str, int]:
    """Put the made-up findings on a desk; returns their numbers by rule and asset."""
    with desk.connection() as db, writing(db):
        _rules(db)
        _segment(db)
        return {f"{one.rule}/{one.asset}": claims.apply(db, _claim(one), "logs", NOW) for one in MADE}


def _rules(db: Connection) -> None:
    for rule_id, body in RULES.items():
        db["rules"].insert(
            {"id": rule_id, "kind": "sigma", "pack": "watchdesk", "path": f"{rule_id}.yml", "version": "0" * 12,
             "title": rule_id, "level": "high", "body": body, "state": "ready", "changed": NOW,
             "tags": '["attack.t1110.001"]' if rule_id == "guess" else "[]"}
        )  # fmt: skip


def _segment(db: Connection) -> None:
    """The rows of an import of three files, of which one could not be read."""
    error = SourceUnreadable(text("Cannot read %(path)s", path="plant-fw.log"), why=text("Permission denied."))
    db["imports"].insert({"id": 1, "label": "plant-logs", "state": "done", "created": NOW - 4 * MINUTE})
    files = (("OPC-GW-02_Security.evtx", "done", 39, None), ("syslog", "done", 9, None),
             ("plant-fw.log", "failed", 0, orjson.dumps(error.to_json()).decode()))  # fmt: skip
    for name, state, events, told in files:
        db["files"].insert(
            {"import_id": 1, "path": f"C:/logs/{name}", "name": name, "state": state, "events": events, "error": told,
             "sha256": hashlib.sha256(name.encode()).hexdigest() if state == "done" else None, "bytes": 1000}
        )  # fmt: skip
    db["segments"].insert(
        {"id": 1, "path": "none.parquet", "file_id": 1, "import_id": 1, "product": "windows", "category": "",
         "service": "security", "min_time": NOW - 60 * HOUR, "max_time": NOW - 6 * MINUTE, "min_id": 1, "max_id": 99,
         "events": 48, "bytes": 12_345, "sha256": "0" * 64, "created": NOW}
    )  # fmt: skip


def again(db: Connection, name: str, *, events: int, state: str = "done", job: str = "done") -> int:
    """Add a second import that read one of the files anew, with the same error; returns its number."""
    with writing(db):
        error = rows(db, "SELECT error FROM files WHERE name = ?", [name])[0]["error"]
        db["jobs"].insert(
            {"id": 9, "kind": "logs.import", "title": '{"id": "x"}', "params": "{}", "state": job, "created": NOW}
        )
        db["imports"].insert({"id": 2, "label": "again", "state": state, "created": NOW - MINUTE, "job_id": 9})
        db["files"].insert(
            {"import_id": 2, "path": f"C:/logs/{name}", "name": name, "state": "done" if events else "failed",
             "events": events, "error": error, "bytes": 1000}
        )  # fmt: skip
    return 2


def _claim(one: Made) -> Claim:
    last = NOW - one.age
    first = last - one.length
    times = tuple((time, 1) for time in _course(first, one.length, one.count))
    places = [time for time, _ in times[: len(one.lines) - 1]] + [last]
    return Claim(
        rule_id=one.rule,
        rule_version="0" * 12,
        severity=one.severity,
        asset=one.asset,
        group=one.group,
        contributions=(Contribution(1, one.count, first, last, times),),
        evidence=tuple(_evidence(one, index, time) for index, time in enumerate(places)),
        values=one.values,
        correlated=bool(one.group),
    )


def _course(first: Micros, length: Micros, count: int) -> list[Micros]:
    """Moments of a burst that swells and ebbs, the same ones each time."""
    gaps = [1 + (index * 7919) % 11 for index in range(count - 1)]
    total = sum(gaps) or 1
    return [first + length * sum(gaps[:index]) // total for index in range(count)]


def _evidence(one: Made, index: int, time: Micros) -> Evidence:
    raw = one.lines[index]
    fields = {name: str(value) for name, value in orjson.loads(raw).items()} if raw.startswith("{") else {}
    digest = hashlib.sha256(raw.encode()).hexdigest()
    return Evidence(
        zlib.crc32(f"{one.rule}{one.asset}{index}".encode()), time, one.asset, "Security", raw, fields, digest
    )


def many(desk: Desk, count: int) -> None:
    """Add a number of low findings, each on a host of its own."""
    with desk.connection() as db, writing(db):
        for index in range(count):
            claims.apply(db, _claim(replace(MADE[4], asset=f"HOST-{index:03d}", age=(index + 1) * HOUR)), "logs", NOW)


def running_job(desk: Desk, percent: int = 64) -> int:
    """Add a job that seems to run."""
    with desk.connection() as db, writing(db):
        job_id = jobs.enqueue(db, "logs.import", text("Import %(label)s", label="plant-fw.log"), {})
        db.execute(
            "UPDATE jobs SET state = 'running', started = ?, created = ?, progress = ?, total = 100 WHERE id = ?",
            (NOW - 30 * SECOND, NOW - 31 * SECOND, percent, job_id),
        )
    return job_id


def decide_some(desk: Desk, made: dict[str, int]) -> None:
    """Confirm one finding and suppress another, so that no view is empty."""
    with desk.connection() as db:
        triage.confirm(db, [made["disk/HMI-07"]])
        triage.suppress(db, [made["foreign/HMI-07"]], "The vendor's own tool does this.", None)


def work_on_some(desk: Desk) -> int:
    """Open a case with tasks and a note, write a suppression, judge a finding; returns the number of the case."""
    with desk.connection() as db:
        case_id, _ = cases.create(db, "Somebody guessed the historian account", [1, 2])
        for words in ("Ask the shift lead who sat at 10.20.4.17", "Change the password of svc_historian"):
            case_tasks.add(db, case_id, words)
        case_tasks.tick(db, case_tasks.listing(db, case_id)[0].id, done=True)
        cases.note(db, case_id, "Nobody used that station since 13:00.")
        suppression.save(db, Scope("disk", "HMI-07"), "Being replaced on Friday", None)
        triage.suppress(db, [5], "The vendor's own tool does this.", None)
        triage.confirm(db, [3])
    return case_id


def count(desk: Desk, view: findings.View) -> int:
    """How many findings a view holds."""
    with desk.connection() as db:
        return findings.counts(db)[view]
