from __future__ import annotations

import pytest

from desktop_app.core.events.answers.tables import Line, Table
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms.questions import parse
from tests.core.events.made import ACCESS, HOUR, SECOND, START, Store, batch

MINUTE = 60 * SECOND


def fill(store: Store) -> None:
    store.add([{"time": START + n * MINUTE, "level": ["error", None][n % 2], "host": f"h{n % 3}",
                "fields": {"size": str(n), "user": "a" if n % 4 else None}} for n in range(60)])  # fmt: skip
    store.add(batch([{"time": START + HOUR + n, "host": "web", "fields": {"Size": one}}
                     for n, one in enumerate(["1e3", "-", "nan", "inf", "0.5"])], ACCESS))  # fmt: skip


def ask(store: Store, words: str, query: str = "", **times: int) -> Table:
    return store.events.table(store.db, Search(query, **times), parse(words))


def test_events_are_counted_by_value_the_commonest_first(store: Store) -> None:
    fill(store)
    made = ask(store, "count by host")
    assert made.lines == tuple(
        Line((name,), None, (n,)) for name, n in (("h0", 20), ("h1", 20), ("h2", 20), ("web", 5))
    )
    assert (made.total, made.events, made.more) == ((65,), 65, False)
    assert ask(store, "count by host top 2").more
    assert len(ask(store, "count by host top 2").lines) == 2


def test_events_without_the_field_are_a_line_of_their_own(store: Store) -> None:
    fill(store)
    assert ask(store, "count by user").lines == (Line(("a",), None, (45,)), Line((None,), None, (20,)))
    assert ask(store, "count by absent").lines == (Line((None,), None, (65,)),)
    assert ask(store, "count by level").lines[0] == Line(("none",), None, (35,))


def test_numbers_are_worked_out_of_what_is_one_and_say_on_how_many_they_rest(store: Store) -> None:
    fill(store)
    made = ask(store, "sum size, min size, max size, avg size, p50 size", "host:web")
    assert made.total == (1000.5, 0.5, 1000, 500.25, 500.25)
    assert (made.used, made.events) == ((2, 2, 2, 2, 2), 5)
    assert ask(store, "median size, p99 size", "-host:web").total == (29.5, pytest.approx(58.41))
    assert ask(store, "sum user").total == (None,)


def test_distinct_values_and_the_events_that_have_a_field_are_counted(store: Store) -> None:
    fill(store)
    assert ask(store, "distinct host, count user, count").total == (4, 45, 65)


def test_spans_of_time_are_in_order_and_of_the_length_asked_for(store: Store) -> None:
    fill(store)
    made = ask(store, "count every 30m", "-host:web")
    assert made.lines == (Line((), START, (30,)), Line((), START + 30 * MINUTE, (30,)))
    by = ask(store, "count by host every 1h")
    assert [(one.values, one.start, one.numbers) for one in by.lines][-1] == (("web",), START + HOUR, (5,))
    assert (len(by.lines), by.step, by.total) == (4, HOUR, (65,))


def test_a_span_that_suits_is_chosen_where_none_is_named(store: Store) -> None:
    fill(store)
    made = ask(store, "count by time")
    assert made.step == 2 * MINUTE
    assert sum(int(one.numbers[0] or 0) for one in made.lines) == 65


def test_first_and_last_are_the_times_of_events(store: Store) -> None:
    fill(store)
    assert ask(store, "first, last, max time", "host:h0").total == (START, START + 57 * MINUTE, START + 57 * MINUTE)


def test_the_question_keeps_to_the_search_and_its_times(store: Store) -> None:
    fill(store)
    made = ask(store, "count by host", "level:error", start=START, end=START + 6 * MINUTE)
    assert made.lines == tuple(Line((name,), None, (1,)) for name in ("h0", "h1", "h2"))


def test_an_empty_result_has_no_lines(store: Store) -> None:
    for words in ("count by host", "count", "sum x by time"):
        made = ask(store, words)
        assert (made.lines, made.events) == ((), 0)


def test_hostile_names_and_values_stay_values(store: Store) -> None:
    name, value = "a\"; DROP--'", "<script>'\"\x1b[31m"
    store.add([{"fields": {name: value}}] * 3)
    question = parse('count by "' + name.replace('"', '\\"') + '"')
    assert store.events.table(store.db, Search(), question).lines == (Line((value,), None, (3,)),)


def test_a_broken_segment_is_named_beside_the_rest(store: Store) -> None:
    (broken,) = store.add([{"host": "x"}])
    store.add([{"host": "y"}])
    store.path(broken).write_bytes(b"nothing")
    made = ask(store, "count by host")
    assert made.lines == (Line(("y",), None, (1,)),)
    assert [one.segment.id for one in made.missing] == [broken]


def test_the_statistics_of_a_field_tell_presence_values_numbers_and_times(store: Store) -> None:
    fill(store)
    found = store.events.statistics(store.db, Search(), "SIZE", limit=100)
    assert (found.events, found.present, found.numbers, found.distinct) == (65, 65, 62, 65)
    assert (found.least, found.most) == (0, 1000)
    assert dict(found.percentiles)[0.5] == pytest.approx(29.5)
    assert (found.first, found.last) == (START, START + HOUR + 4)
    user = store.events.statistics(store.db, Search(), "user")
    assert (user.present, user.distinct, user.top, user.numbers, user.percentiles) == (45, 1, (("a", 45),), 0, ())


def test_distinct_values_are_counted_exactly_though_few_are_listed(store: Store) -> None:
    for first in (0, 500):
        store.add([{"fields": {"user.name": f"u{(first + n) % 777}", "level": "x"}} for n in range(500)])
    found = store.events.statistics(store.db, Search(), "user.name", limit=3)
    assert (found.present, found.distinct) == (1000, 777)
    assert found.top == (("u0", 2), ("u1", 2), ("u10", 2))


def test_the_statistics_of_a_field_that_nobody_has_are_empty(store: Store) -> None:
    fill(store)
    none = store.events.statistics(store.db, Search(), "absent")
    assert (none.events, none.present, none.top, none.first) == (65, 0, (), None)
    level = store.events.statistics(store.db, Search("host:web"), "level")
    assert (level.events, level.present) == (5, 0)
