from __future__ import annotations

import pytest

from desktop_app.core.events.answers import adding
from desktop_app.core.events.answers.tables import Table, table
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms import questions
from tests.core.events.answers.test_remembered import read
from tests.core.events.made import HOUR, START, Store

PLAIN = (
    "count by user.name", "count by source.ip top 2", "count by level", "count, count by host", "distinct user.name",
    "count, distinct source.ip, count user.name", "count by absent", "distinct absent", "count by HOST top 1",
)  # fmt: skip
OTHER = (
    "count",
    "count by host, level",
    "sum size by host",
    "count by host every 1h",
    "distinct host by level",
    "p95 size",
)
SEARCHES = (Search(), Search(start=START + 3 * HOUR), Search("user.name:a"), Search("nowhere"))


def fill(store: Store) -> None:
    for first in (0, 4, 8):
        rows = [
            {"time": START + (first + n) * HOUR, "host": f"h{n % 2}", "level": ["error", None][n % 2],
             "fields": {"user.name": ["a", "b", None, "administrator"][n], "source.ip": f"10.0.0.{n * first % 5}"}}
            for n in range(4)
        ]  # fmt: skip
        store.add(rows)


def by_reading(store: Store, search: Search, question: questions.Question) -> Table:
    made = store.events._plan(store.db, search, also=question.fields)
    return table(store.events.engine, store.db, made, question, step=None)


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("asked", PLAIN)
def test_an_answer_from_tallies_is_that_of_reading_the_events(store: Store, asked: str, search: Search) -> None:
    fill(store)
    question = questions.parse(asked)
    assert adding.asks_plainly(question)
    assert store.events.table(store.db, search, question) == by_reading(store, search, question)


def test_plain_questions_about_whole_segments_open_none(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    with read(monkeypatch) as files:
        found = store.events.table(store.db, Search(), questions.parse("count by user.name"))
    assert [one.values for one in found.lines] == [("a",), ("administrator",), ("b",), (None,)]
    assert files == []


@pytest.mark.parametrize("asked", OTHER)
def test_other_questions_are_answered_by_reading(asked: str) -> None:
    assert not adding.asks_plainly(questions.parse(asked))


def test_values_that_are_more_than_are_kept_are_counted_by_reading(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.core.events.answers.facets.LARGEST", 1)
    store.add([{"fields": {"a": one}} for one in "xyz"])
    found = store.events.table(store.db, Search(), questions.parse("distinct a"))
    assert found.total == (3,)


def test_what_is_missing_is_told_by_reading(store: Store) -> None:
    fill(store)
    (bad,) = store.add([{"host": "h1"}])
    store.path(bad).unlink()
    found = store.events.table(store.db, Search(), questions.parse("count by host"))
    assert [one.segment.id for one in found.missing] == [bad]
    assert [one.numbers for one in found.lines] == [(6,), (6,)]
