"""The expressions that ``auth`` holds messages against, by program and by first word.

Written after the sources of OpenSSH (auth.c, packet.c), Linux-PAM (pam_unix), sudo (logging.c), shadow-utils
(useradd.c, usermod.c, gpasswd.c), util-linux (login.c), cron and the kernel's netfilter, memory and storage messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

FIELD_OF = {
    "user": "user.name",
    "target": "user.effective.name",
    "user_id": "user.id",
    "group": "group.name",
    "group_id": "group.id",
    "port": "source.port",
    "destination_port": "destination.port",
    "transport": "network.transport",
    "method": "system.auth.ssh.method",
    "signature": "system.auth.ssh.signature",
    "command": "process.command_line",
    "directory": "process.working_directory",
    "home": "system.auth.useradd.home",
    "shell": "system.auth.useradd.shell",
    "service": "service.name",
    "reason": "event.reason",
    "name": "process.target.name",
    "pid": "process.target.pid",
    "device": "device.id",
    "verdict": "rule.name",
    "repeated": "event.repeated",
    "interface": "observer.ingress.interface.name",
}
_SSH_PROGRAMS = ("sshd", "sshd-session", "sshd-auth")
_SHADOW_PROGRAMS = (
    *("useradd", "userdel", "usermod", "groupadd", "groupdel", "groupmod", "gpasswd"),
    *("passwd", "chpasswd", "chage", "chsh", "chfn"),
)
AUTH_PROGRAMS = frozenset(
    (
        *_SSH_PROGRAMS,
        *_SHADOW_PROGRAMS,
        *("sudo", "su", "login", "systemd-logind", "runuser", "doas", "newgrp", "dropbear", "auth"),
        *("polkitd", "pkexec", "polkit-agent-helper-1", "unix_chkpwd", "realmd", "sssd"),
        *("vsftpd", "ftpd", "klogind", "rlogind", "in.telnetd", "telnetd"),
        *("gdm", "gdm-password", "lightdm", "sddm", "kdm", "xdm"),
    )
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of message: its expression, the names of its groups, and what it means."""

    match: Callable[[str], re.Match[str] | None]
    names: tuple[str, ...]
    constants: tuple[tuple[str, str], ...]


def _pattern(expression: str, action: str, outcome: str = "") -> Pattern:
    compiled = re.compile(expression)
    constants = (("event.action", action), ("event.outcome", outcome))
    return Pattern(compiled.match, tuple(compiled.groupindex), constants if outcome else constants[:1])


# Greedy up to the last " from ": whoever signs in chooses the user name, and may choose "root from 192.0.2.1".
_FROM = r"(?P<user>.*) from (?P<address>\S+)(?: port (?P<port>\d+))?(?: ssh\d?)?(?: \[preauth\])?\s*$"
_UNKNOWN = r"(?:(?:invalid|illegal) user )?"
_USER_PEER = r"(?:invalid |authenticating )?user (?P<user>.*) (?P<address>\S+) port (?P<port>\d+)"
_PEER = r"(?P<address>\S+?)(?: port (?P<port>\d+)|:?(?=\s|$))"
_MODULE = r"(?:pam_\w+\((?P<service>[^:)]+)[^)]*\): )?"
_PAM_REST = r".*?rhost=(?P<address>\S*)(?:\s+user=(?P<user>\S+))?"

_FAILED = _pattern(rf"Failed (?P<method>\S+) for {_UNKNOWN}{_FROM}", "ssh_login", "failure")
_ACCEPTED = _pattern(
    r"Accepted (?P<method>\S+) for (?P<user>.*?) from (?P<address>\S+) port (?P<port>\d+)(?: ssh\d?)?"
    r"(?:: (?P<signature>.+))?",
    "ssh_login",
    "success",
)
_INVALID = _pattern(rf"(?:Invalid|Illegal) user {_FROM}", "ssh_invalid_user", "failure")
_GONE = r"(?:Connection (?:closed|reset) by|Disconnected from|Received disconnect from)"
_CLOSED = (
    _pattern(rf"{_GONE} {_USER_PEER}", "ssh_disconnect"),
    _pattern(rf"{_GONE} {_PEER}", "ssh_disconnect"),
)
_NO_IDENTITY = _pattern(rf"Did not receive identification string from {_PEER}", "ssh_no_identification", "failure")
_TOO_MANY = (
    _pattern(
        rf"(?:error: )?maximum authentication attempts exceeded for {_UNKNOWN}{_FROM}",
        "ssh_too_many_failures",
        "failure",
    ),
    _pattern(rf"Disconnecting {_USER_PEER}: Too many authentication failures", "ssh_too_many_failures", "failure"),
    _pattern(
        r"Disconnecting: Too many authentication failures(?: for (?P<user>\S+))?", "ssh_too_many_failures", "failure"
    ),
)
_PAM = (
    _pattern(rf"{_MODULE}authentication failure; {_PAM_REST}", "pam_authentication", "failure"),
    _pattern(rf"{_MODULE}session opened for user (?P<user>[^\s(]+)", "session_opened", "success"),
    _pattern(rf"{_MODULE}session closed for user (?P<user>\S+)", "session_closed"),
    _pattern(rf"{_MODULE}password changed for (?P<user>\S+)", "password_changed", "success"),
    _pattern(rf"PAM (?P<repeated>\d+) more authentication failures?; {_PAM_REST}", "pam_authentication", "failure"),
)
# Parts end at a semicolon, so that there is one way only to read a message, however long it is made.
_SUDO_TAIL = (
    r" (?:[^;]*; )*?PWD=(?P<directory>[^;]*?) ; USER=(?P<target>[^\s;]+) ; (?:[^;]*; )*?COMMAND=(?P<command>.*)"
)
_SUDO = (
    _pattern(
        r"\s*(?P<user>\S+) : (?P<reason>user NOT in sudoers|command not allowed|\d+ incorrect password attempts?|"
        r"a password is required|user NOT authorized on host|no tty present[^;]*|"
        r"sorry, you must have a tty to run sudo|problem with defaults entries) ;"
        rf"{_SUDO_TAIL}",
        "sudo_command",
        "failure",
    ),
    _pattern(
        rf"\s*(?P<user>\S+) :{_SUDO_TAIL}",
        "sudo_command",
        "success",
    ),
)
_SU = (
    _pattern(r"FAILED (?:SU|su) (?:for|\(to) (?P<target>[^\s)]+)\)? (?:by )?(?P<user>\S+)", "su", "failure"),
    _pattern(r"(?:Successful su for|\(to) (?P<target>[^\s)]+)\)? (?:by )?(?P<user>\S+)", "su", "success"),
    _pattern(r"\+ \S+ (?P<user>[^\s:]+):(?P<target>\S+)", "su", "success"),
    _pattern(r"- \S+ (?P<user>[^\s:]+):(?P<target>\S+)", "su", "failure"),
    _pattern(r"BAD SU (?P<user>\S+) to (?P<target>\S+)", "su", "failure"),
)
_LOGIN = (
    _pattern(
        r"FAILED LOGIN(?: SESSION)? .*?(?:FROM (?P<address>[^\s,]+) )?FOR '?(?P<user>[^',]*)'?(?:, (?P<reason>.*))?",
        "login",
        "failure",
    ),
    _pattern(
        r"(?:DIALUP |ROOT )?LOGIN ON (?P<device>\S+)(?: BY (?P<user>\S+))?(?: FROM (?P<address>\S+))?",
        "login",
        "success",
    ),
)
_SHADOW = (
    _pattern(
        r"new user: name=(?P<user>[^,]+), UID=(?P<user_id>\d+), GID=(?P<group_id>\d+),"
        r" home=(?P<home>[^,]*), shell=(?P<shell>[^,\s]*)",
        "user_added",
        "success",
    ),
    _pattern(r"failed adding user '?(?P<user>[^',]+)'?", "user_added", "failure"),
    _pattern(r"new group: name=(?P<group>[^,]+), GID=(?P<group_id>\d+)", "group_added", "success"),
    _pattern(r"group added to \S+: name=(?P<group>[^,]+)(?:, GID=(?P<group_id>\d+))?", "group_added", "success"),
    _pattern(r"add '(?P<user>[^']+)' to (?:shadow )?group '(?P<group>[^']+)'", "group_member_added", "success"),
    _pattern(r"user (?P<user>\S+) added by (?P<target>\S+) to group (?P<group>\S+)", "group_member_added", "success"),
    _pattern(
        r"(?:user (?P<user>\S+) removed by (?P<target>\S+) from group|members of group) (?P<group>\S+)",
        "group_member_removed",
        "success",
    ),
    _pattern(
        r"(?:delete|removed) '(?P<user>[^']+)' from (?:shadow )?group '(?P<group>[^']+)'",
        "group_member_removed",
        "success",
    ),
    _pattern(r"delete user '(?P<user>[^']+)'", "user_deleted", "success"),
    _pattern(r"(?:removed group|group) '(?P<group>[^']+)'.* removed", "group_deleted", "success"),
    _pattern(r"unlock user '(?P<user>[^']+)' password", "user_unlocked", "success"),
    _pattern(r"lock user '(?P<user>[^']+)' password", "user_locked", "success"),
    _pattern(r"change user '(?P<user>[^']+)' (?P<reason>.*)", "user_changed", "success"),
    _pattern(r"password for '(?P<user>[^']+)' changed", "password_changed", "success"),
    _pattern(r"changed user '?(?P<user>[^' ]+)'? (?P<reason>.*)", "user_changed", "success"),
    *_PAM,
)
_CRON = (
    _pattern(r"\((?P<user>[^)]*)\) CMD \((?P<command>.*)\)\s*", "cron_command"),
    _pattern(r"\((?P<user>[^)]*)\) (?P<reason>REPLACE|DELETE|RELOAD) ", "crontab_changed"),
    *_PAM,
)
_LOGIND = (
    _pattern(r"New session \S+ of user (?P<user>[^\s.]+(?:\.[^\s.]+)*)\.?", "logind_session_opened", "success"),
    _pattern(r"(?:Removed session|Session \S+ logged out)", "logind_session_closed"),
)
_SYSTEMD = (
    _pattern(r"(?P<service>\S+): Scheduled restart job, restart counter is at (?P<repeated>\d+)", "service_restart"),
    _pattern(r"(?P<service>\S+): Start request repeated too quickly", "service_gave_up", "failure"),
)
_STAMP = r"(?:\[ *[\d.]+\] )?"
_PACKET = (
    rf"{_STAMP}\[?(?P<verdict>[^=\]]{{0,64}}?)\]?:? ?IN=(?P<interface>\S*) OUT=\S* (?:\w+=\S* )*?SRC=(?P<address>\S+) "
    r"DST=(?P<destination>\S+) (?:\w+(?:=\S*)? )*?PROTO=(?P<transport>\S+)"
    r"(?: SPT=(?P<port>\d+) DPT=(?P<destination_port>\d+))?"
)
_KERNEL = (
    _pattern(_PACKET, "firewall_packet"),
    _pattern(
        r".*?(?:Out of memory|Memory cgroup out of memory): Kill(?:ed)? process (?P<pid>\d+) \((?P<name>[^)]*)\)",
        "out_of_memory",
    ),
    _pattern(
        rf"{_STAMP}(?P<name>[^\s\[]+)\[(?P<pid>\d+)\]:? (?P<reason>segfault|general protection|trap \S+) ",
        "program_crashed",
    ),
    _pattern(r".*?usb (?P<device>\S+): New USB device found", "usb_device"),
    _pattern(
        r".*?(?P<reason>I/O error|EXT4-fs error|XFS \(\S+\): (?:Corruption|metadata I/O error)|BTRFS error|"
        r"critical medium error|Buffer I/O error)(?:.*?\bdev(?:ice)?,? (?P<device>[^\s,:)]+))?",
        "disk_error",
    ),
)
_SSHD = {
    "Failed": (_FAILED,),
    "Accepted": (_ACCEPTED,),
    "Invalid": (_INVALID,),
    "Illegal": (_INVALID,),
    "Connection": _CLOSED,
    "Disconnected": _CLOSED,
    "Received": _CLOSED,
    "Disconnecting": _TOO_MANY,
    "Disconnecting:": _TOO_MANY,
    "Did": (_NO_IDENTITY,),
    "error:": _TOO_MANY,
    "maximum": _TOO_MANY,
}
_BY_PAM = dict.fromkeys(("pam_", "PAM", "authentication", "session", "password"), _PAM)

# A program's messages by their first word; "" stands for any word.
Table = Mapping[str, tuple[Pattern, ...]]
OTHERS: Table = _BY_PAM
TABLES: dict[str, Table] = {
    "sudo": {"": (*_SUDO, *_PAM)},
    "su": {"": (*_SU, *_PAM)},
    "login": {"": (*_LOGIN, *_PAM)},
    "kernel": {"": _KERNEL},
    "systemd": {"": (*_SYSTEMD, *_PAM)},
    "systemd-logind": {"": _LOGIND},
    **{name: {**_SSHD, **_BY_PAM} for name in _SSH_PROGRAMS},
    **{name: {"": _CRON} for name in ("CRON", "cron", "crond", "crontab", "anacron")},
    **{name: {"": _SHADOW} for name in _SHADOW_PROGRAMS},
}
