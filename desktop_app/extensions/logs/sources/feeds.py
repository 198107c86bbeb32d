"""The kinds of live sources, and what is right and wrong in how one is configured."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import is_zone
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.sources.drop_folder import DropFolder
from desktop_app.extensions.logs.sources.feed import Feed
from desktop_app.extensions.logs.sources.follow import Follow
from desktop_app.extensions.logs.sources.journal_follow import JournalFollow
from desktop_app.extensions.logs.sources.syslog_listen import SyslogListener, shown
from desktop_app.extensions.logs.sources.winevent_follow import WinEventFollow

PORT, TLS_PORT = 5514, 6514
LONGEST_NAME = 80
MOST_MINUTES = 7 * 24 * 60
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - it is compared with, to warn
Problems = dict[str, Text]


def certificates_of(folder: DataFolder) -> Path:
    """Return where the certificate lies that the desk makes for its listener."""
    return folder.root / "listening"


def _syslog(folder: DataFolder, config: Mapping[str, Any], _cursor: dict[str, Any]) -> Feed:
    return SyslogListener(config, certificates_of(folder))


def _follow(_folder: DataFolder, config: Mapping[str, Any], cursor: dict[str, Any]) -> Feed:
    return Follow(config, cursor)


def _drop(_folder: DataFolder, config: Mapping[str, Any], cursor: dict[str, Any]) -> Feed:
    return DropFolder(config, cursor)


def _journald(_folder: DataFolder, _config: Mapping[str, Any], cursor: dict[str, Any]) -> Feed:
    return JournalFollow(cursor)


def _winevent(_folder: DataFolder, _config: Mapping[str, Any], cursor: dict[str, Any]) -> Feed:
    return WinEventFollow(cursor)


_KINDS: Mapping[str, Callable[[DataFolder, Mapping[str, Any], dict[str, Any]], Feed]] = {
    "syslog": _syslog, "follow": _follow, "drop": _drop, "journald": _journald, "winevent": _winevent,
}  # fmt: skip
TITLES: Mapping[str, Text] = {
    "syslog": text("Syslog listener"),
    "follow": text("Followed files"),
    "drop": text("Drop folder"),
    "journald": text("systemd journal"),
    "winevent": text("Windows event log"),
}


def make(folder: DataFolder, kind: str, config: Mapping[str, Any], cursor: dict[str, Any]) -> Feed:
    """Return a source of a kind, ready to be started; ``cursor`` is how far it was read."""
    return _KINDS[kind](folder, config, cursor)


def place(kind: str, config: Mapping[str, Any]) -> str:
    """Return where a source is configured to listen, or which path it reads; empty for a log of the system."""
    if kind != "syslog":
        return str(config.get("path", ""))
    bind, port = str(config.get("bind", "127.0.0.1")), int(config.get("port", PORT))
    ports = {"tcp": port, "udp": port, "tls": int(config.get("tls_port", TLS_PORT))}
    return ", ".join(f"{name.upper()} {shown(bind, number)}" for name, number in ports.items() if config.get(name))


def problems(kind: str, name: str, config: Mapping[str, Any]) -> Problems:
    """Return what is wrong, by the name of the word it is wrong in; empty where all is well."""
    found: Problems = {}
    if not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        found["name"] = text("Give it a name of at most %(number)s characters.", number=LONGEST_NAME)
    silent = config.get("silent")
    if silent is not None and not 0 <= int(silent) <= MOST_MINUTES:
        found["silent"] = text("Give whole minutes up to %(most)s, or 0 for never.", most=MOST_MINUTES)
    if config.get("zone") and not is_zone(str(config["zone"])):
        found["zone"] = text("There is no such time zone.")
    return found | _WRONG[kind](config)


def _wrong_syslog(config: Mapping[str, Any]) -> Problems:
    found: Problems = {}
    if not any(config.get(name) for name in ("udp", "tcp", "tls")):
        found["tcp"] = text("Choose at least one of UDP, TCP and TLS.")
    for name, usual in (("port", PORT), ("tls_port", TLS_PORT)):
        if not 0 <= int(config.get(name, usual)) <= 65_535:
            found[name] = text("A port is a number from 1 to 65535.")
    tcp, tls = int(config.get("port", PORT)), int(config.get("tls_port", TLS_PORT))
    if config.get("tcp") and config.get("tls") and tcp == tls != 0:
        found.setdefault("tls_port", text("TCP and TLS cannot share port %(port)s.", port=tls))
    if not _is_address(str(config.get("bind", ""))):
        found["bind"] = text("Give an address of this computer, such as 127.0.0.1 or 0.0.0.0 for all of them.")
    wrong = [one for one in config.get("allow", ()) if not _is_network(one)]
    if wrong:
        found["allow"] = text("This is no network: %(words)s", words=wrong[0])
    for name in ("certificate", "key", "clients"):
        if config.get(name) and not Path(str(config[name])).is_file():
            found[name] = text("There is no file %(path)s.", path=str(config[name]))
    return found


def _wrong_follow(config: Mapping[str, Any]) -> Problems:
    path = str(config.get("path", ""))
    if not Path(path).is_absolute():
        return {"path": text("Give the whole path of a file, a folder or a pattern such as /var/log/*.log.")}
    return {}


def _wrong_drop(config: Mapping[str, Any]) -> Problems:
    path = Path(str(config.get("path", "")))
    if not path.is_absolute() or not path.is_dir():
        return {"path": text("There is no folder %(path)s.", path=str(path))}
    return {}


def _nothing_wrong(_config: Mapping[str, Any]) -> Problems:
    return {}


_WRONG: Mapping[str, Callable[[Mapping[str, Any]], Problems]] = {
    "syslog": _wrong_syslog, "follow": _wrong_follow, "drop": _wrong_drop, "journald": _nothing_wrong,
    "winevent": _nothing_wrong,
}  # fmt: skip


def _is_address(words: str) -> bool:
    try:
        ipaddress.ip_address(words)
    except ValueError:
        return False
    return True


def _is_network(words: str) -> bool:
    try:
        ipaddress.ip_network(words, strict=False)
    except ValueError:
        return False
    return True


def warning(kind: str, config: Mapping[str, Any]) -> Text | None:
    """Return what a person should know about a configuration that is right."""
    if kind == "syslog" and config.get("bind") in EVERYWHERE and not config.get("allow"):
        return text("Any computer that reaches this one can send messages: limit it to networks you know.")
    return None
