from __future__ import annotations

import sqlite3

import pytest
from flask import Flask

from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import Severity
from desktop_app.core.text import text
from desktop_app.web import context
from tests.web import sample


def test_a_request_has_one_connection_and_closes_it(app: Flask) -> None:
    with app.test_request_context():
        held = context.db()
        assert context.db() is held
    with pytest.raises(sqlite3.ProgrammingError):
        held.execute("SELECT 1")


def test_the_language_is_the_readers_unless_it_is_set(app: Flask, desk: Desk) -> None:
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
    with app.test_request_context(headers=chinese):
        assert context.language() == "zh"
    with desk.connection() as db, writing(db):
        db.execute("INSERT INTO settings VALUES ('language', 'en', 0)")
    with app.test_request_context(headers=chinese):
        assert context.language() == "en"


def test_a_moment_tells_its_offset_when_it_is_pointed_at(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        drawn = str(context.clock(sample.NOW))
    assert ">today 14:37:00</time>" in drawn
    assert 'title="2026-11-22 14:37:00 UTC+8"' in drawn
    assert 'datetime="2026-11-22T14:37:00.000+08:00"' in drawn


def test_a_moment_that_never_came_is_a_dash(app: Flask) -> None:
    with app.test_request_context():
        assert str(context.clock(None)) == str(context.ago(None)) == "&ndash;"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (12_345, "12.3 KB"), (456_000_000, "456 MB"), (5e12, "5,000 GB")],
)
def test_sizes_are_told_in_the_unit_that_suits(count: int, said: str) -> None:
    assert context.size(count) == said


def test_thousands_stand_apart() -> None:
    assert context.number(1_284_906) == "1,284,906"


def test_every_severity_has_a_word_beside_its_colour(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert [context.severity(one) for one in Severity] == ["Informational", "Low", "Medium", "High", "Critical"]


def test_sentences_are_rendered_with_their_values(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert context.render_text(text("Undone: %(summary)s", summary=text("Added a note"))) == "Undone: Added a note"
