from __future__ import annotations

from desktop_app.core import audit
from desktop_app.core.database import Connection, writing
from desktop_app.core.text import text


def test_acts_are_told_newest_first_with_who_and_on_what(db: Connection) -> None:
    with writing(db):
        audit.record(db, text("First %(n)s", n=1), "a")
        audit.record(db, text("Second"), "b")
    told = audit.entries(db)
    assert [(str(one.action), one.subject) for one in told] == [("Second", "b"), ("First 1", "a")]
    assert told[0].actor == audit.actor()


def test_the_account_has_a_name_even_where_the_system_knows_none() -> None:
    assert audit.actor()
