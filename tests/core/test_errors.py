from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from desktop_app.core.errors import (
    StoreError,
    UsageError,
    WatchdeskError,
    error_parts,
    system_says,
    unexpected,
    unwritable,
)
from desktop_app.core.text import text


def test_an_error_is_told_as_what_why_and_fix() -> None:
    error = UsageError(text("Not so."), why=text("Because."), fix=text("Do this."))
    assert str(error) == "Not so. Because. Do this."


def test_a_line_parts_a_name_at_the_end_of_a_sentence_from_the_advice() -> None:
    told = WatchdeskError(text("There is no file: %(path)s", path="/x/y"), fix=text("Check the spelling."))
    assert str(told) == "There is no file: /x/y. Check the spelling."


def test_a_stored_error_gives_its_sentences_back() -> None:
    error = UsageError(text("No %(x)s.", x="y"), fix=text("Do this."))
    assert [str(part) for part in error_parts(error.to_json())] == ["No y.", "Do this."]


def test_a_full_disk_is_told_in_plain_words() -> None:
    told = unexpected(OSError(errno.ENOSPC, "No space left on device"))
    assert isinstance(told, StoreError)
    assert "disk is full" in str(told)


def test_a_database_without_room_is_told_as_a_full_disk() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("PRAGMA max_page_count=1")
    with pytest.raises(sqlite3.OperationalError) as full:
        db.execute("CREATE TABLE wide (a)")
    db.close()
    assert "disk is full" in str(unexpected(full.value))
    assert "disk is full" not in str(unexpected(sqlite3.ProgrammingError("closed")))


def test_an_error_that_has_sentences_keeps_them() -> None:
    error = WatchdeskError(text("Known."))
    assert unexpected(error) is error


def test_a_fault_nobody_foresaw_still_becomes_a_sentence() -> None:
    assert "ZeroDivisionError" in str(unexpected(ZeroDivisionError("division by zero")))


def test_what_the_system_says_is_one_short_line_without_numbers_and_paths_of_its_own() -> None:
    assert (
        str(system_says(OSError(errno.EACCES, "Permission denied", "/secret"))) == "The system says: Permission denied"
    )
    assert str(system_says(ValueError("first\nsecond"))) == "The system says: first"
    assert len(str(system_says("x" * 1000))) == len("The system says: ") + 300


def test_a_place_that_cannot_be_written_is_named_with_what_to_do() -> None:
    told = [
        str(part) for part in unwritable(Path("reports"), PermissionError(errno.EACCES, "Permission denied")).parts()
    ]
    assert told[0] == "Cannot write to reports."
    assert len(told) == 3
