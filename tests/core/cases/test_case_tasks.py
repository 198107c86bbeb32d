"""What is to be done in a case."""

from __future__ import annotations

import pytest

from desktop_app.core import undo
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError


@pytest.fixture
def case_id(db: Connection) -> int:
    made, _ = cases.create(db, "Night")
    for words in ("one", "two", "three"):
        case_tasks.add(db, made, words)
    return made


def words(db: Connection, case_id: int) -> list[str]:
    return [one.text for one in case_tasks.listing(db, case_id)]


def test_tasks_stand_in_the_order_they_were_added(db: Connection, case_id: int) -> None:
    assert words(db, case_id) == ["one", "two", "three"]


def test_a_task_moves_up_and_down_and_back_by_undo(desk: Desk, db: Connection, case_id: int) -> None:
    first = case_tasks.listing(db, case_id)[0]
    case_tasks.move(db, first.id, 1)
    assert words(db, case_id) == ["two", "one", "three"]
    case_tasks.move(db, first.id, -1)
    assert words(db, case_id) == ["one", "two", "three"]
    undo.undo(desk, db)
    assert words(db, case_id) == ["two", "one", "three"]
    with pytest.raises(UsageError, match="end of the list"):
        case_tasks.move(db, case_tasks.listing(db, case_id)[0].id, -1)


def test_a_ticked_task_counts_as_done(desk: Desk, db: Connection, case_id: int) -> None:
    first = case_tasks.listing(db, case_id)[0]
    case_tasks.tick(db, first.id, done=True)
    assert case_tasks.listing(db, case_id)[0].done is not None
    [one] = cases.listing(db)
    assert (one.tasks, one.tasks_done) == (3, 1)
    undo.undo(desk, db)
    assert case_tasks.listing(db, case_id)[0].done is None


def test_a_removed_task_comes_back_to_its_place(desk: Desk, db: Connection, case_id: int) -> None:
    case_tasks.remove(db, case_tasks.listing(db, case_id)[1].id)
    assert words(db, case_id) == ["one", "three"]
    undo.undo(desk, db)
    assert words(db, case_id) == ["one", "two", "three"]


def test_a_task_without_words_or_case_is_refused(db: Connection, case_id: int) -> None:
    with pytest.raises(UsageError, match="empty"):
        case_tasks.add(db, case_id, " \n ")
    with pytest.raises(UsageError, match="no such case"):
        case_tasks.add(db, case_id + 1, "x")
    with pytest.raises(UsageError, match="no such task"):
        case_tasks.tick(db, 4711, done=True)
