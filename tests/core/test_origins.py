from __future__ import annotations

import pytest

from desktop_app.core.database import Connection, value, writing
from desktop_app.core.origins import WATCHED
from tests.core.helpers import add_segment


@pytest.mark.parametrize(
    ("options", "number"),
    [('{"live":4,"day":"2026-01-01"}', 4), ('{"paths":[],"drop":5}', 5), ('{"paths":["/x"]}', None), ("{}", None)],
)
def test_an_import_is_owed_to_the_source_that_its_options_name(db: Connection, options: str, number: int) -> None:
    add_segment(db, 1)
    with writing(db):
        db.execute("UPDATE imports SET options = ?", (options,))
    assert value(db, f"SELECT {WATCHED} FROM imports i") == number
