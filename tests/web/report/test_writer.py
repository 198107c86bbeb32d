from __future__ import annotations

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.text import text
from tests.web import sample
from tests.web.report.conftest import writer


def test_times_are_those_of_the_site(desk: Desk, db: Connection) -> None:
    one = writer(desk, db)
    assert one.stamp(sample.NOW) == "2026-11-22 14:37:00 UTC+8"
    assert one.moment(sample.NOW + 1_500) == "2026-11-22 14:37:00.001"


def test_sentences_are_in_the_readers_language(desk: Desk, db: Connection) -> None:
    assert writer(desk, db, "zh").say(text("Findings")) == "发现"


def test_a_rule_that_is_gone_is_called_by_its_id(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    assert writer(desk, db).rule_title("guess") == "Password guessed"
    assert writer(desk, db).rule_title("gone") == "gone"
