from __future__ import annotations

from desktop_app.core.crashes import KEPT, notes, write_note
from desktop_app.core.paths import DataFolder


def test_a_note_says_where_it_happened(folder: DataFolder) -> None:
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as error:
        path = write_note(folder, error)
    assert "ZeroDivisionError" in path.read_text(encoding="utf-8")
    assert "test_crashes.py" in path.read_text(encoding="utf-8")


def test_only_the_newest_notes_are_kept(folder: DataFolder) -> None:
    for number in range(KEPT + 5):
        write_note(folder, ValueError(str(number)))
    kept = notes(folder)
    assert len(kept) == KEPT
    assert f"{KEPT + 4}" in kept[0].read_text(encoding="utf-8")
