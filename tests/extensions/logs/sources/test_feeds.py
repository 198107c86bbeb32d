from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs.sources.feeds import make, place, problems, warning

FINE: dict[str, Any] = {"tcp": True, "bind": "127.0.0.1", "port": 5514}


def test_a_right_configuration_has_no_problems(folder: DataFolder) -> None:
    assert problems("syslog", "Firewall", {**FINE, "allow": ["10.0.0.0/8"], "silent": 0, "zone": "UTC"}) == {}
    assert not make(folder, "syslog", FINE, {}).gapless


@pytest.mark.parametrize(
    ("word", "config"),
    [
        ("tcp", {"tcp": False}), ("port", {"port": 70_000}), ("tls_port", {"tls_port": -1}),
        ("tls_port", {"tls": True, "tcp": True, "port": 6514, "tls_port": 6514}), ("bind", {"bind": "here"}),
        ("allow", {"allow": ["10.0.0.0/8", "all"]}), ("certificate", {"certificate": "/no/such/file"}),
        ("silent", {"silent": -5}), ("zone", {"zone": "Mars/Olympus"}),
    ],
)  # fmt: skip
def test_each_wrong_word_is_named(word: str, config: dict[str, Any]) -> None:
    assert list(problems("syslog", "x", {**FINE, **config})) == [word]


def test_a_source_needs_a_name() -> None:
    assert list(problems("syslog", " ", FINE)) == ["name"]
    assert list(problems("syslog", "a\nb", FINE)) == ["name"]


def test_listening_everywhere_is_warned_of_unless_networks_are_named() -> None:
    assert warning("syslog", FINE) is None
    assert warning("syslog", {**FINE, "bind": "0.0.0.0"}) is not None
    assert warning("syslog", {**FINE, "bind": "::", "allow": ["10.0.0.0/8"]}) is None


@pytest.mark.parametrize(
    ("kind", "config", "said"),
    [
        ("syslog", {"udp": True, "tcp": True}, "TCP 127.0.0.1:5514, UDP 127.0.0.1:5514"),
        ("syslog", {"tls": True, "bind": "::", "tls_port": 443}, "TLS [::]:443"),
        ("follow", {"path": "/var/log/syslog"}, "/var/log/syslog"),
        ("journald", {}, ""),
    ],
)
def test_where_a_source_reads_is_told_from_its_configuration(kind: str, config: dict[str, Any], said: str) -> None:
    assert place(kind, config) == said
