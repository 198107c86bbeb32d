from __future__ import annotations

import re

import duckdb

from desktop_app.core.events.answers.masks import MASK, literal, merged, pattern


def mask(message: str | None, raw: str = "") -> str:
    row = (
        duckdb.connect()
        .execute(
            f"SELECT {MASK} FROM (SELECT ?::VARCHAR AS message, NULL::INTEGER AS message_at, ?::VARCHAR AS raw)",
            [message, raw],
        )
        .fetchone()
    )
    return str(row and row[0])


def test_words_with_digits_are_left_out() -> None:
    assert (
        mask("Failed password for root from 10.0.0.1 port 22 ssh2") == "Failed password for root from <*> port <*> <*>"
    )
    assert mask("GET /a/b7/c HTTP/1.1 key=v1 (0xff)") == "GET /a/<*>/c HTTP/<*> key=<*> (<*>)"
    assert mask("10.0.0.1:443 -> 10.0.0.2:80") == "<*> -> <*>"
    assert mask(None, "plain line") == "plain line"
    assert mask("<b>'\"\x1b") == "<b>'\"\x1b"


def test_a_word_that_differs_in_many_masks_is_left_out_too() -> None:
    users = [f"session opened for user {name}" for name in ("root", "bob", "eve", "mallory")]
    found = merged([*users, "session closed for user root", "started"])
    assert {found[one] for one in users} == {"session opened for user <*>"}
    assert found["session closed for user root"] == "session closed for user root"
    assert found["started"] == "started"


def test_two_varying_words_are_left_out_one_after_the_other() -> None:
    masks = [f"file {a} copied by {b}" for a in ("one", "two", "three", "four") for b in ("ann", "bob", "cid", "dan")]
    assert set(merged(masks).values()) == {"file <*> copied by <*>"}


def test_what_says_nothing_any_more_is_not_made() -> None:
    masks = [f"a {word}" for word in ("b", "c", "d", "e")]
    assert merged(masks) == {one: one for one in masks}


def test_a_template_finds_its_masks() -> None:
    assert re.fullmatch(pattern("user <*> (x.y)"), "user bob (x.y)")
    assert re.fullmatch(pattern("user <*> (x.y)"), "user <*> (x.y)")
    assert not re.fullmatch(pattern("user <*> (x.y)"), "user bob eve (x.y)")
    assert literal("a <*> longer piece<*>") == " longer piece"
