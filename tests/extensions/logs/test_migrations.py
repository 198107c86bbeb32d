from __future__ import annotations

from desktop_app.core.database import rows
from desktop_app.core.desk import Desk


def test_the_tables_carry_the_name_of_the_extension(desk: Desk) -> None:
    with desk.connection() as db:
        named = {row["name"] for row in rows(db, "SELECT name FROM sqlite_master WHERE name LIKE 'logs%'")}
    assert {"logs_live", "logs_gaps"} <= named
