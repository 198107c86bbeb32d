from __future__ import annotations

import zlib

import pytest

from desktop_app.core.events.beside import dictionaries
from desktop_app.core.paths import DataFolder


def test_what_is_known_of_a_segment_grows_by_columns(folder: DataFolder) -> None:
    assert dictionaries.read(folder, "ab") == {}
    dictionaries.remember(folder, "ab", {"image": ["x", "y"]})
    dictionaries.remember(folder, "ab", {"user": ["é"]})
    assert dictionaries.read(folder, "ab") == {"image": ["x", "y"], "user": ["é"]}


def test_long_lists_and_texts_that_are_no_unicode_are_left_out(folder: DataFolder) -> None:
    dictionaries.remember(folder, "ab", {"long": ["x" * dictionaries.MOST_LETTERS, "y"], "image": ["x"]})
    assert dictionaries.read(folder, "ab") == {"image": ["x"]}
    dictionaries.remember(folder, "cd", {"image": ["\ud800"]})
    assert dictionaries.read(folder, "cd") == {}


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", zlib.compress(b"[1]"), zlib.compress(b'{"a": [1]}'), zlib.compress(b'{"a": "b"}')]
)
def test_a_damaged_file_says_nothing(folder: DataFolder, content: bytes) -> None:
    path = dictionaries.path_of(folder, "ab")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert dictionaries.read(folder, "ab") == {}


def test_a_file_that_unpacks_without_end_says_nothing(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    dictionaries.remember(folder, "ab", {"image": ["x" * 1000]})
    monkeypatch.setattr(dictionaries, "MOST_BYTES", 100)
    assert dictionaries.read(folder, "ab") == {}


def test_what_is_known_of_segments_that_are_gone_goes(folder: DataFolder) -> None:
    dictionaries.keep_only(folder, ["ab"])
    beside = folder.cache / "other.json"
    beside.parent.mkdir(exist_ok=True)
    beside.touch()
    for one in ("ab", "cd"):
        dictionaries.remember(folder, one, {"image": ["x"]})
    dictionaries.keep_only(folder, ["ab"])
    assert [one.name for one in dictionaries.home(folder).iterdir()] == ["ab"]
    assert beside.exists()
