from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.database import writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.beside import grams
from desktop_app.core.events.search import Search
from desktop_app.core.events.segment import beside
from desktop_app.core.events.terms.compiler import pattern
from desktop_app.core.events.terms.query import parse
from desktop_app.core.spans import RARE, Coded, Spans
from tests.core.events.made import START, Store, batch

TEXTS = st.text(st.sampled_from('abcdeABCDE ÄäßKſ重庆*?\\"1'), max_size=40)


def holds(table: grams.Table, runs: list[int]) -> bool:
    return all(table[number & (len(table) - 1)] for number in runs)


@given(TEXTS, st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_whatever_a_search_finds_in_a_text_is_in_its_set(text: str, start: int, size: int, wild: bool) -> None:  # noqa: FBT001 - drawn
    table = grams.folded(grams.table_of(grams.texts_of([text], [None])))
    wanted = text[start : start + size]
    for spelled in (wanted, wanted.swapcase(), wanted.upper(), wanted.lower()):
        if re.search(pattern(spelled, wild=wild), text, re.DOTALL):
            assert holds(table, grams.runs_of(spelled, wild=wild))


def test_a_text_that_is_absent_is_mostly_not_in_the_set() -> None:
    raw = [f"pump {number} of line 7" for number in range(1000)]
    table = grams.folded(grams.table_of(grams.texts_of(raw, [None] * 1000)))
    assert len(table) < 1 << grams.BITS
    assert not holds(table, grams.runs_of("sqlmap"))
    assert holds(table, grams.runs_of("PUMP 999 of"))


def test_a_long_text_is_marked_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"{number:x}-" for number in range(2000))
    whole = grams.table_of(grams.texts_of([text], [None]))
    monkeypatch.setattr(grams, "_CHUNK", 64)
    assert np.array_equal(grams.table_of(grams.texts_of([text], [None])), whole)


def test_short_texts_wildcards_and_letters_of_several_spellings_ask_nothing() -> None:
    assert grams.runs_of("abcd") == []
    assert grams.runs_of("abc*abc", wild=True) == []
    assert grams.runs_of("ÄÖÜÄÖÜ") == []
    assert len(grams.runs_of("abc*abcde", wild=True)) == 1
    assert len(grams.runs_of("重庆")) == 2


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", True),
        ("abc", True),
        ("level:error", True),
        ("abcde", ("|", [grams.runs_of("abcde")])),
        ("level:error abcde", ("&", [("|", [grams.runs_of("abcde")])])),
        ("NOT abcde", True),
        ("abcde or abc", True),
        ("x" * 300, True),
    ],
)
def test_a_query_asks_for_its_words(query: str, asked: grams.Asked) -> None:
    assert _flat(grams.asked_of(parse(query).root)) == _flat(asked)


def _flat(asked: grams.Asked) -> grams.Asked:
    while isinstance(asked, tuple) and len(asked[1]) == 1:
        asked = asked[1][0]
    return asked


def test_texts_are_taken_from_bytes_wherever_they_lie() -> None:
    lines = Spans.of(["alpha record", "beta record", "gamma record"])
    grown = Spans(np.concatenate((lines.buffer, Spans.of(["decoded message"]).buffer)), lines.start, lines.length)
    for raw, message, present, absent in (
        (lines, Coded.constant(None, 3), "alpha", "delta"),
        (lines.take(np.array([1])), lines.take(np.array([1])), "beta record", "gamma"),
        (lines, grown, "decoded", "encoded"),
        (lines, Spans.of(["other words", None, None]), "other words", "these words"),
        (lines, ["listed words", None, None], "listed", "listing"),
    ):
        table = grams.table_of(grams.texts_of(raw, message))
        assert holds(table, grams.runs_of(present))
        assert not holds(table, grams.runs_of(absent))


def test_records_of_one_log_source_among_others_are_marked_without_those_in_between() -> None:
    raw = Spans.of([word * 30 for word in ("first run ", "other log ") * 500])
    for taken in (np.arange(0, 1000, 2), np.array([0, 2, 999])):
        part = raw.take(taken)
        table = grams.table_of(grams.texts_of(part, Coded(["said of it", None], np.zeros(len(part), np.int32))))
        assert holds(table, grams.runs_of("first run"))
        assert holds(table, grams.runs_of("said of it"))
    assert not holds(grams.table_of(grams.texts_of(raw.take(np.arange(0, 1000, 2)), [])), grams.runs_of("other log"))


def test_records_in_any_order_have_one_set() -> None:
    raw = Spans.of(["delta goes first", "alpha comes next", None, "the third is gamma"])
    table = grams.table_of(grams.texts_of(raw, []))
    turned = grams.table_of(grams.texts_of(raw.take(np.array([3, 1, 2, 0])), []))
    assert holds(turned, grams.runs_of("third is gamma"))
    assert np.array_equal(table, turned)


def test_a_text_without_bytes_of_its_own_is_marked_all_the_same() -> None:
    assert holds(grams.table_of(grams.texts_of(["a\ud800 sqlmap"], [None])), grams.runs_of("sqlmap"))


def test_segments_without_a_word_are_not_opened(store: Store) -> None:
    first = store.add(batch([{"raw": "sqlmap came by"}]))
    store.add(batch([{"raw": "nobody came by", "time": START}]))
    found = store.events._plan(store.db, Search("sqlmap")).segments
    assert [one.id for one in found] == first
    assert store.events.count(store.db, Search("SQLMAP")) == 1
    assert store.events.count(store.db, Search("came by")) == 2
    assert store.events.count(store.db, Search("qzxwvq")) == 0


def test_what_segments_surely_do_not_hold_is_said_of_all_of_them_together(store: Store) -> None:
    store.add(batch([{"raw": "sqlmap came by"}]))
    store.add(batch([{"raw": "nobody came by", "time": START}]))
    both = catalogue.live(store.db)
    may_hold = grams.may_hold(store.folder.segments, both)
    assert [may_hold(one) for one in ("sqlmap", "NOBODY", "qzxwvq", "abc", "")] == [True, True, False, True, True]
    beside(store.folder.segments / both[0].path).unlink()
    assert grams.may_hold(store.folder.segments, both)("qzxwvq")


@pytest.mark.parametrize("said", ["raw", "message"])
def test_of_letters_whose_lower_case_is_ascii_it_is_known_whether_there_are_any(store: Store, said: str) -> None:
    store.add(batch([{"raw": "kelvin, Émile, 中文"}]))
    store.add(batch([{"raw": "kelvin", said: "\u212aelvin", "time": START}]))
    without, one = sorted(catalogue.live(store.db), key=lambda segment: segment.id)
    assert not any(map(grams.may_hold(store.folder.segments, [without]), RARE))
    assert all(map(grams.may_hold(store.folder.segments, [without, one]), RARE))
    beside(store.folder.segments / without.path).unlink()
    assert all(map(grams.may_hold(store.folder.segments, [without]), RARE))


def test_a_histogram_spans_what_was_asked_also_where_nothing_is_found(store: Store) -> None:
    store.add(batch([{"raw": "nobody came by"}, {"raw": "somebody came by"}]))
    everything, nothing = (store.events.histogram(store.db, Search(query)) for query in ("", "sqlmap"))
    assert (nothing.start, nothing.step, nothing.levels) == (everything.start, everything.step, {})


def _set_of(store: Store) -> Path:
    (found,) = store.folder.segments.rglob("*.grams")
    return found


@pytest.mark.parametrize("damage", ["gone", "short", "flipped", "of another"])
def test_a_set_that_is_not_what_was_written_hides_nothing(store: Store, damage: str) -> None:
    store.add(batch([{"raw": "sqlmap came by"}]))
    path = _set_of(store)
    data = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "short":
        path.write_bytes(data[:-1])
    elif damage == "flipped":
        path.write_bytes(data[:80] + bytes(len(data) - 80))
    else:
        data[12] ^= 1
        path.write_bytes(data)
    assert store.events.count(store.db, Search("sqlmap")) == 1


def test_a_set_goes_with_its_segment(store: Store) -> None:
    ids = store.add(batch([{"raw": "sqlmap came by"}]))
    path = _set_of(store)
    assert catalogue.sweep(store.folder, store.db) == 0
    assert path.exists()
    with writing(store.db):
        gone = catalogue.remove(store.db, ids)
    catalogue.discard(store.folder, store.db, gone)
    assert not path.exists()
    assert beside(store.folder.segments / gone[0]) == path
