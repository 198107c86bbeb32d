from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.printing import CannotPrint, no_engine


def test_where_nothing_prints_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(CannotPrint, match=r"no engine that prints pages\. Make the report as HTML"):
        no_engine(tmp_path / "a.html", tmp_path / "a.pdf")


def test_a_desk_prints_only_where_it_was_given_an_engine(desk: Desk) -> None:
    assert desk.printer is no_engine
