from __future__ import annotations

from desktop_app.core.backup.errors import damaged
from desktop_app.core.text import text


def test_a_damaged_backup_is_told_with_what_is_safe_and_what_to_do() -> None:
    told = str(damaged(text("Its end is missing.")))
    assert told == (
        "This backup is damaged. Its end is missing. Use another copy of it, or an older backup."
        " The present desk was not touched."
    )
