from __future__ import annotations

from flask import Flask

from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.web import notices


def test_a_sentence_waits_and_is_said_once(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        notices.say(text("Nothing was changed."))
        assert notices.waiting() == [notices.Notice("Nothing was changed.", "done")]
    with app.test_request_context():
        assert notices.waiting() == []


def test_a_decision_brings_its_way_back(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        notices.decided(Decision(7, text("Added a note")), finding=3)
        assert notices.waiting() == [notices.Notice("Added a note", "done", 7, 3)]


def test_better_words_than_the_decisions_own_can_be_given(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        notices.decided(Decision(7, text("Confirmed 1 finding")), text("Confirmed “%(title)s”", title="x"))
        assert [one.sentence for one in notices.waiting()] == ["Confirmed “x”"]
