from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.auth import extract

CASES = [
    ("sshd", "Failed password for root from 192.0.2.1 port 34100 ssh2",
     {"event.action": "ssh_login", "event.outcome": "failure", "user.name": "root", "source.ip": "192.0.2.1",
      "source.port": "34100", "system.auth.ssh.method": "password"}),
    ("sshd", "Failed none for invalid user ftp user from 192.0.2.1 port 1 ssh2",
     {"event.action": "ssh_login", "user.name": "ftp user", "system.auth.ssh.method": "none"}),
    ("sshd", "Failed password for illegal user bob from 192.0.2.1",
     {"event.action": "ssh_login", "user.name": "bob", "source.ip": "192.0.2.1"}),
    ("sshd-session", "Accepted publickey for eve from 2001:db8::1 port 4 ssh2: ED25519 SHA256:abc",
     {"event.action": "ssh_login", "event.outcome": "success", "user.name": "eve", "source.ip": "2001:db8::1",
      "system.auth.ssh.method": "publickey", "system.auth.ssh.signature": "ED25519 SHA256:abc"}),
    ("sshd", "Invalid user  admin from 192.0.2.1 port 9", {"event.action": "ssh_invalid_user", "source.port": "9"}),
    ("sshd", "Connection closed by authenticating user root 192.0.2.1 port 5 [preauth]",
     {"event.action": "ssh_disconnect", "user.name": "root", "source.ip": "192.0.2.1", "source.port": "5"}),
    ("sshd", "Received disconnect from 192.0.2.1: 11: Bye Bye [preauth]",
     {"event.action": "ssh_disconnect", "source.ip": "192.0.2.1"}),
    ("sshd", "Received disconnect from 2001:db8:1::5 port 22:11: bye",
     {"source.ip": "2001:db8:1::5", "source.port": "22"}),
    ("sshd", "Disconnected from user bob 192.0.2.1 port 22", {"event.action": "ssh_disconnect", "user.name": "bob"}),
    ("sshd", "Did not receive identification string from 192.0.2.1 port 5",
     {"event.action": "ssh_no_identification", "event.outcome": "failure"}),
    ("sshd", "error: maximum authentication attempts exceeded for invalid user x from 192.0.2.1 port 6 ssh2 [preauth]",
     {"event.action": "ssh_too_many_failures", "user.name": "x", "source.ip": "192.0.2.1"}),
    ("sshd", "Disconnecting authenticating user root 192.0.2.1 port 5: Too many authentication failures [preauth]",
     {"event.action": "ssh_too_many_failures", "user.name": "root"}),
    ("sshd", "Disconnecting: Too many authentication failures for root [preauth]",
     {"event.action": "ssh_too_many_failures", "user.name": "root"}),
    ("sshd", "pam_unix(sshd:auth): authentication failure; uid=0 tty=ssh ruser= rhost=192.0.2.1  user=root",
     {"event.action": "pam_authentication", "event.outcome": "failure", "service.name": "sshd", "user.name": "root"}),
    ("sshd", "PAM 2 more authentication failures; logname= uid=0 rhost=192.0.2.1  user=root",
     {"event.action": "pam_authentication", "event.repeated": "2"}),
    ("sshd", "session opened for user test by (uid=509)", {"event.action": "session_opened", "user.name": "test"}),
    ("sshd", "pam_unix(sshd:session): session closed for user test", {"event.action": "session_closed"}),
    ("sudo", "   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/cat /etc/shadow",
     {"event.action": "sudo_command", "event.outcome": "success", "user.name": "alice", "user.effective.name": "root",
      "process.command_line": "/bin/cat /etc/shadow", "process.working_directory": "/home/alice"}),
    ("sudo", "bob : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
     {"event.action": "sudo_command", "event.outcome": "failure", "event.reason": "user NOT in sudoers"}),
    ("sudo", "bob : 3 incorrect password attempts ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
     {"event.outcome": "failure", "event.reason": "3 incorrect password attempts"}),
    ("sudo", "pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)",
     {"event.action": "session_opened", "user.name": "root", "service.name": "sudo"}),
    ("su", "FAILED SU (to root) bob on pts/1",
     {"event.action": "su", "event.outcome": "failure", "user.name": "bob", "user.effective.name": "root"}),
    ("su", "(to root) bob on pts/1", {"event.action": "su", "event.outcome": "success", "user.name": "bob"}),
    ("su", "Successful su for root by alice", {"event.outcome": "success", "user.effective.name": "root"}),
    ("su", "+ /dev/pts/0 alice:root", {"event.outcome": "success", "user.name": "alice"}),
    ("login", "FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure",
     {"event.action": "login", "event.outcome": "failure", "user.name": "root"}),
    ("login", "ROOT LOGIN ON tty1", {"event.action": "login", "event.outcome": "success", "device.id": "tty1"}),
    ("login", "LOGIN ON tty2 BY carol FROM 192.0.2.9", {"user.name": "carol", "source.ip": "192.0.2.9"}),
    ("useradd", "new user: name=svc, UID=1001, GID=1001, home=/home/svc, shell=/bin/bash, from=/dev/pts/0",
     {"event.action": "user_added", "user.name": "svc", "user.id": "1001", "system.auth.useradd.shell": "/bin/bash"}),
    ("useradd", "new group: name=svc, GID=1001", {"event.action": "group_added", "group.name": "svc"}),
    ("groupadd", "group added to /etc/group: name=ops, GID=1002", {"event.action": "group_added", "group.id": "1002"}),
    ("usermod", "add 'svc' to group 'sudo'",
     {"event.action": "group_member_added", "user.name": "svc", "group.name": "sudo"}),
    ("usermod", "add 'svc' to shadow group 'sudo'", {"event.action": "group_member_added", "group.name": "sudo"}),
    ("gpasswd", "user svc added by root to group wheel",
     {"event.action": "group_member_added", "user.name": "svc", "group.name": "wheel"}),
    ("gpasswd", "user svc removed by root from group wheel", {"event.action": "group_member_removed"}),
    ("userdel", "delete user 'svc'", {"event.action": "user_deleted", "user.name": "svc"}),
    ("usermod", "lock user 'svc' password", {"event.action": "user_locked"}),
    ("usermod", "unlock user 'svc' password", {"event.action": "user_unlocked"}),
    ("usermod", "change user 'svc' shell from '/bin/sh' to '/bin/bash'", {"event.action": "user_changed"}),
    ("groupdel", "group 'ops' removed", {"event.action": "group_deleted", "group.name": "ops"}),
    ("passwd", "pam_unix(passwd:chauthtok): password changed for bob",
     {"event.action": "password_changed", "user.name": "bob"}),
    ("CRON", "(root) CMD (run-parts /etc/cron.hourly)",
     {"event.action": "cron_command", "user.name": "root", "process.command_line": "run-parts /etc/cron.hourly"}),
    ("crontab", "(bob) REPLACE (bob)", {"event.action": "crontab_changed", "user.name": "bob"}),
    ("systemd-logind", "New session 5 of user bob.smith.",
     {"event.action": "logind_session_opened", "user.name": "bob.smith"}),
    ("systemd-logind", "Removed session 5.", {"event.action": "logind_session_closed"}),
    ("kernel", "[  12.5] [UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 DF PROTO=TCP SPT=5 DPT=22",
     {"event.action": "firewall_packet", "rule.name": "UFW BLOCK", "source.ip": "192.0.2.1",
      "destination.ip": "192.0.2.2", "destination.port": "22", "network.transport": "TCP",
      "observer.ingress.interface.name": "eth0"}),
    ("kernel", "Out of memory: Killed process 77 (java) total-vm:1kB",
     {"event.action": "out_of_memory", "process.target.name": "java", "process.target.pid": "77"}),
    ("kernel", "[1.0] httpd[42]: segfault at 0 ip 1",
     {"event.action": "program_crashed", "process.target.name": "httpd"}),
    ("kernel", "usb 1-1: New USB device found, idVendor=1", {"event.action": "usb_device", "device.id": "1-1"}),
    ("kernel", "blk_update_request: I/O error, dev sda, sector 9", {"event.action": "disk_error", "device.id": "sda"}),
]  # fmt: skip


@pytest.mark.parametrize(("program", "message", "expected"), CASES)
def test_a_message_says(program: str, message: str, expected: dict[str, str]) -> None:
    fields = extract([program], [message]).fields
    said = {name: column[0] for name, column in fields.items() if column[0] is not None}
    assert said | expected == said


def test_who_signs_in_cannot_choose_the_address_he_comes_from() -> None:
    forged = "Failed password for invalid user root from 198.51.100.1 port 22 ssh2 from 192.0.2.66 port 7 ssh2"
    fields = extract(["sshd"], [forged]).fields
    assert fields["source.ip"] == ["192.0.2.66"]
    assert fields["user.name"] == ["root from 198.51.100.1 port 22 ssh2"]


@pytest.mark.parametrize(
    ("program", "message"),
    [("sshd", "Failed to start"), ("kernel", "eth0: link up"), ("sudo", "hello"), ("systemd", "Failed password for x")],
)
def test_other_messages_say_nothing(program: str, message: str) -> None:
    assert extract([program], [message]).fields == {}


def test_a_message_made_to_keep_the_expressions_busy_is_read_in_no_time() -> None:
    hostile = ["IN=" + "A=B " * 2000, "x" * 64 + "IN=a OUT=b " + "SRC=1 " * 800, "a : " + "PWD= ; USER=" * 500]
    assert len(extract(["kernel", "kernel", "sudo"], hostile).level) == 3
