from __future__ import annotations

from desktop_app.extensions.handbook.forms import LONGEST_QUERY, read_query


def test_spaces_are_one_and_what_is_too_long_is_cut() -> None:
    assert read_query({"q": "  two \n words "}) == "two words"
    assert read_query({}) == ""
    assert len(read_query({"q": "x" * 9999})) == LONGEST_QUERY
