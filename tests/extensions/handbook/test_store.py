"""The index of words: Chinese and English, ranks, snippets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.database import Connection
from desktop_app.extensions.handbook import store
from desktop_app.extensions.handbook.model import Document, Origin


def document(key: str, title: str, words: str = "", *, language: str = "en", origin: Origin = Origin.GUIDE) -> Document:
    return Document(key, language, origin, "1", title, "", words)


def found(db: Connection, query: str, language: str = "en") -> list[str]:
    return [one.key for one in store.search(db, store.match_expression(query), language, 20)]


@pytest.fixture
def filled(db: Connection) -> Connection:
    pages = [
        document("guide/a", "密码猜测", "大量登录失败，来自同一个地址。使用 systemctl 重启服务。", language="zh"),
        document("guide/a", "Password guessing", "Many failed sign-ins. Restart with systemctl.", language="en"),
        document("guide/b", "Disk faults", "The password is mentioned once. EXT4-fs error, event 4625.", language="en"),
        document("guide/b", "磁盘故障", "数据库地址，密与码分开写。", language="zh"),
        document("rule/1", "Guessing of passwords", "Words.", language="", origin=Origin.IMPORTED),
    ]
    store.rebuild(db, pages, [], "x")
    return db


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("密码", ["guide/a"]),
        ("登录失败", ["guide/a"]),
        ("失败", ["guide/a"]),
        ("据库", ["guide/b"]),
        ("数据 地址", ["guide/b"]),
        ("重启 systemctl", ["guide/a"]),
        ("重启systemctl", ["guide/a"]),
        ("码密", []),
    ],
)
def test_chinese_words_of_any_length_are_found(filled: Connection, query: str, keys: list[str]) -> None:
    assert found(filled, query, "zh") == keys


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("passwords guess", ["guide/a", "rule/1"]),
        ("EXT4-fs", ["guide/b"]),
        ("4625", ["guide/b"]),
        ("fault", ["guide/b"]),
        ("system", ["guide/a"]),
        ("nothing at all", []),
        ("", []),
        ('"', []),
        ("AND", []),
    ],
)
def test_english_words_are_found_by_their_stem_and_the_last_by_its_beginning(
    filled: Connection, query: str, keys: list[str]
) -> None:
    assert found(filled, query) == keys


def test_a_title_ranks_before_a_mention_and_ours_before_what_was_imported(filled: Connection) -> None:
    assert found(filled, "password") == ["guide/a", "guide/b", "rule/1"]


def test_each_page_stands_once_in_the_language_of_the_reader(filled: Connection) -> None:
    hits = store.search(filled, store.match_expression("systemctl"), "zh", 20)
    assert [(one.key, one.language) for one in hits] == [("guide/a", "zh")]


def test_what_matched_is_marked_and_nothing_is_added(filled: Connection) -> None:
    hit = store.search(filled, store.match_expression("登录失败"), "zh", 20)[0]
    assert hit.snippet[:3] == ("大量", "登录失败", "，来自同一个地址。使用 systemctl 重启服务。")
    assert hit.title == ("密码猜测",)


def test_pages_that_changed_are_read_again_and_those_that_are_gone_go(filled: Connection) -> None:
    store.rebuild(filled, [document("guide/a", "Clock", language="en")], [("guide/a", "zh"), ("rule/1", "")], "y")
    assert found(filled, "guessing") == []
    assert found(filled, "clock") == ["guide/a"]
    assert store.digests(filled).keys() == {("guide/a", "en"), ("guide/b", "en"), ("guide/b", "zh")}
    assert store.signature(filled) == "y"


@given(st.text(max_size=60))
def test_whatever_a_reader_writes_is_words_and_no_grammar(query: str) -> None:
    import sqlite3

    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE VIRTUAL TABLE w USING fts5(a, tokenize = 'porter unicode61 remove_diacritics 2')")
    for every in (True, False):
        expression = store.match_expression(query, every=every)
        if expression:
            # A word of the grammar would be an error here, or find what nobody wrote.
            assert raw.execute("SELECT * FROM w WHERE w MATCH ?", (expression,)).fetchall() == []
    raw.close()
