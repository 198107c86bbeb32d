"""The tables that every desk has had since the first version."""

from __future__ import annotations

import hashlib
import sqlite3

from desktop_app.core.first_tables import FIRST_TABLES


def test_what_has_shipped_is_not_changed() -> None:
    # A desk of the first version was made by these very statements, and every later migration builds on them.
    digest = hashlib.sha256("\n".join(FIRST_TABLES).encode()).hexdigest()
    assert digest == "3ee0b5f0b9c8d20e03558881c4632ccf07638fb0d1384f2e4888014d1e9a990c"


def test_every_table_checks_the_types_of_its_values() -> None:
    db = sqlite3.connect(":memory:")
    for statement in FIRST_TABLES:
        db.execute(statement)
    tables = db.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'")
    assert [name for name, strict in tables if not strict] == []
