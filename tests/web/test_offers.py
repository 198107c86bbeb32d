from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask import Flask

from desktop_app.core import settings
from desktop_app.core.cases import cases as core_cases
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Action, Hit, Question
from desktop_app.core.matching import fold
from desktop_app.core.text import text
from desktop_app.web import offers


def ask(words: str) -> Question:
    return Question(fold(words), words, "en")


def titles(app: Flask, desk: Desk, words: str) -> list[str]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return [str(one.action.title) for one in offers.actions(desk, ask(words))]


def test_without_words_every_page_and_action_is_offered(app: Flask, desk: Desk) -> None:
    found = titles(app, desk, "")
    assert found[:2] == ["Overview", "Findings"]
    assert "Undo the last decision" in found


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("appearance dark", "Appearance: dark"),
        ("appdark", "Appearance: dark"),
        ("night", "Appearance: dark"),
        ("撤销", "Undo the last decision"),
        ("sz", "Settings"),
    ],
)
def test_an_action_is_found_by_its_name_in_either_language_or_by_further_words(
    app: Flask, desk: Desk, words: str, title: str
) -> None:
    assert title in titles(app, desk, words)


def test_an_action_that_no_room_serves_is_not_offered(app: Flask, desk: Desk) -> None:
    missing = replace(desk.extensions[0], actions=(Action(text("Fly"), "logs.fly"),))
    assert titles(app, replace(desk, extensions=(missing,)), "fly") == []


def test_settings_are_found_by_name_and_by_what_they_explain(app: Flask) -> None:
    with app.test_request_context():
        by_name = list(offers.settings(settings.CORE, ask("time zone")))
        by_help = list(offers.settings(settings.CORE, ask("speech input")))
    assert [one.values for one in by_name] == [{"_anchor": "set-site_zone"}]
    assert [one.values for one in by_help] == [{"_anchor": "set-keys"}]
    assert by_help[0].score < by_name[0].score


def test_findings_are_named_by_the_fact_they_state(
    app: Flask, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    with app.test_request_context():
        found = list(offers.findings(desk, db, ask("security log")))
    assert [(one.title, one.detail) for one in found] == [("The security log was cleared", "WD-2 · ENG-WS-04")]
    assert found[0].values == {"finding_id": made["cleared/ENG-WS-04"]}


def test_extensions_add_what_they_find(app: Flask, desk: Desk, db: Connection) -> None:
    def search(asked_desk: Desk, asked_db: Connection, question: Question) -> Sequence[Hit]:
        return [Hit(text("Jobs"), f"Page about {question.written}", "jobs.index", 50)]

    searching = replace(desk, extensions=(replace(desk.extensions[0], search=search),))
    with app.test_request_context():
        assert [one.title for one in offers.hits(searching, db, ask("Quiz"))] == ["Page about Quiz"]
        assert offers.hits(searching, db, ask("")) == []


def test_cases_are_found_where_there_is_a_page_for_them(app: Flask, db: Connection) -> None:
    core_cases.create(db, "Historian guessed")
    with app.test_request_context():
        unserved = "cases.detail" not in app.view_functions
        assert unserved == (list(offers.cases(db, ask("historian"))) == [])
        app.view_functions.setdefault("cases.detail", lambda: "")
        found = list(offers.cases(db, ask("historian")))
    said = [(one.title, str(one.detail), one.values) for one in found]
    assert said == [("Historian guessed", "Open case", {"case_id": 1})]


def test_an_action_is_known_by_each_word_of_its_names_in_every_language_and_by_initials() -> None:
    known = offers.known_by(next(one for one in offers.ACTIONS if one.value == ("theme", "dark")))
    assert all(f" {word}" in known for word in ("appearance", "dark", "night", "theme", "ad"))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in known)
