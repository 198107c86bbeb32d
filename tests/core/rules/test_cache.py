from __future__ import annotations

import pytest

from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import cache


def test_what_was_written_is_read_back(folder: DataFolder) -> None:
    cache.write(folder, {"v1": {"kind": "plain", "tree": ["a", "F", "eq", "x", False]}})
    assert cache.read(folder) == {"v1": {"kind": "plain", "tree": ["a", "F", "eq", "x", False]}}
    assert list(folder.cache.iterdir()) == [cache.path_of(folder)]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"v": 3}', b"\xff\xfe"])
def test_a_damaged_cache_is_no_cache(folder: DataFolder, content: bytes) -> None:
    cache.path_of(folder).write_bytes(content)
    assert cache.read(folder) == {}


def test_a_cache_that_cannot_be_written_does_not_stop_the_work(folder: DataFolder) -> None:
    folder.cache.rmdir()
    folder.cache.write_bytes(b"a file stands there")
    cache.write(folder, {"v1": {}})
    assert cache.read(folder) == {}


def test_each_version_of_the_engine_has_its_own_file(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write(folder, {"v1": {}})
    monkeypatch.setattr(cache, "ENGINE", cache.ENGINE + 1)
    assert cache.read(folder) == {}
