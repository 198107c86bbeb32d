from __future__ import annotations

from desktop_app.core.database import Connection, rows


def test_the_tables_carry_the_name_of_the_extension(db: Connection) -> None:
    named = {row["name"] for row in rows(db, "SELECT name FROM sqlite_master WHERE name LIKE 'handbook%'")}
    assert {"handbook_pages", "handbook_words", "handbook_state"} <= named
