from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from desktop_app.core.backup import sealing
from desktop_app.core.backup.errors import BackupUnusable, WrongPassphrase
from desktop_app.core.backup.sealing import HEADER, TAG, Opener, Sealer

CHUNK = 1000
WORDS = "电池 staple"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", CHUNK)
    monkeypatch.setattr(sealing, "MEMORY", 64)
    monkeypatch.setattr(sealing, "PASSES", 1)


def sealed(content: bytes) -> bytes:
    file = io.BytesIO()
    with Sealer(file, WORDS) as sealer:
        for start in range(0, len(content), 700):
            sealer.write(content[start : start + 700])
    return file.getvalue()


def opened(raw: bytes, words: str = WORDS) -> bytes:
    with io.BufferedReader(Opener(io.BytesIO(raw), words)) as file:
        return file.read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_was_sealed_comes_back(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content


def test_any_place_can_be_read_by_itself() -> None:
    content = os.urandom(5 * CHUNK)
    with io.BufferedReader(Opener(io.BytesIO(sealed(content)), WORDS)) as file:
        file.seek(-1500, os.SEEK_END)
        assert file.read(1000) == content[-1500:-500]
        file.seek(10)
        assert file.tell() == 10
        assert file.read(3000) == content[10:3010]


def test_nothing_of_the_content_can_be_seen() -> None:
    assert b"secret" not in sealed(b"secret" * 500)


def test_the_same_content_is_sealed_differently_each_time() -> None:
    assert sealed(b"x" * 100) != sealed(b"x" * 100)


def test_other_words_open_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"x" * 5000), "电池 Staple")


@pytest.mark.parametrize("keep", [HEADER - 1, HEADER, HEADER + TAG - 1, HEADER + CHUNK + TAG, -1])
def test_a_file_that_lost_its_end_does_not_open(keep: int) -> None:
    raw = sealed(b"x" * 2500)
    with pytest.raises(BackupUnusable):
        opened(raw[:keep])


def test_chunks_that_were_changed_exchanged_or_added_are_noticed() -> None:
    raw = sealed(os.urandom(3500))
    step = CHUNK + TAG
    first, second = raw[HEADER : HEADER + step], raw[HEADER + step : HEADER + 2 * step]
    rest = raw[HEADER + 2 * step :]
    changed = bytearray(raw)
    changed[HEADER + step + 5] ^= 1
    for wrong in (
        bytes(changed),
        raw[:HEADER] + first + first + rest,
        raw[:HEADER] + second + first + rest,
        raw + rest,
    ):
        with pytest.raises(BackupUnusable):
            opened(wrong)


def test_a_header_that_asks_for_all_memory_is_refused_at_once() -> None:
    raw = bytearray(sealed(b"x"))
    raw[HEADER - 12 : HEADER - 8] = (1 << 31).to_bytes(4, "big")
    with pytest.raises(BackupUnusable, match="no Watchdesk writes"):
        opened(bytes(raw))


def test_a_sealed_file_is_known_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(sealed(b"x"))
    with path.open("rb") as file:
        assert sealing.is_sealed(file)
        assert file.tell() == 0
    assert not sealing.is_sealed(io.BytesIO(b"PK\x03\x04"))
