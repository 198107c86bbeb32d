from __future__ import annotations

import numpy as np

from desktop_app.core.text import ntext, text
from desktop_app.extensions.logs.model import Reading, RecordBatch


def test_a_note_about_a_number_adds_to_the_number_said_before() -> None:
    reading = Reading(name="a.log")
    for num in (1, 41):
        reading.note(ntext("%(num)s line was cut", "%(num)s lines were cut", num=num))
    assert [str(note) for note in reading.notes] == ["42 lines were cut"]


def test_a_note_without_a_number_is_said_once() -> None:
    reading = Reading(name="a.log")
    reading.note(text("Kept as plain lines"))
    reading.note(text("Kept as plain lines"))
    assert len(reading.notes) == 1


def test_notes_about_different_things_stand_beside_each_other() -> None:
    reading = Reading(name="a.log")
    for name in ("a", "b"):
        reading.note(ntext("%(num)s line of %(name)s", "%(num)s lines of %(name)s", num=2, name=name))
    assert [str(note) for note in reading.notes] == ["2 lines of a", "2 lines of b"]


def test_a_record_batch_is_as_long_as_its_records() -> None:
    assert len(RecordBatch(["a", "b"], np.array([1, 2], np.int64), 4)) == 2
