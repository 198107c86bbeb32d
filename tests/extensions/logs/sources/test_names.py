from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.extensions.logs.sources.names import is_host, shown, stem


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("auth.log", "auth.log"),
        ("host/var/log/auth.log.1", "auth.log"),
        ("auth.log.12.gz", "auth.log"),
        ("messages-20261120.xz", "messages"),
        ("app-2026-11-20.log", "app-2026-11-20.log"),
        ("C:\\logs\\u_ex.log", "u_ex.log"),
        (".1", ".1"),
    ],
)
def test_the_stem_is_the_name_without_what_rotation_and_packing_add(name: str, expected: str) -> None:
    assert stem(name) == expected


def test_a_path_that_is_not_utf8_is_shown_with_its_odd_bytes_spelt_out() -> None:
    assert shown(Path(os.fsdecode("日志/bad".encode() + b"\xff.log"))) == "日志/bad\\xff.log"


def test_a_machine_is_named_by_one_word() -> None:
    assert all(is_host(one) for one in ("web01", "10.0.0.7", "gw.example.org", "泵站"))
    assert not any(is_host(one) for one in ("", "two words", "a\x00b", "x" * 254))
