from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.web.report import template, trial


def test_without_a_template_there_is_nothing_to_try(desk: Desk, db: Connection) -> None:
    with pytest.raises(UsageError, match="no template of its own"):
        trial.fault(desk, db)


def test_a_copy_of_ours_can_be_used(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    template.write_copy(desk.folder)
    assert trial.fault(desk, db) == ()


def test_faults_of_templates_and_of_files_are_told(desk: Desk, db: Connection) -> None:
    place = template.write_copy(desk.folder)
    (place / "cover.html").write_text("\n{{ report.nothing.here }}")
    assert str(trial.fault(desk, db)[0]) == "The template cover.html has a fault in line 2."
    (place / "style.css").write_text("<")
    assert str(trial.fault(desk, db)[0]) == "The template file style.css cannot be used."


def test_a_template_is_tried_where_it_lies(desk: Desk, db: Connection, tmp_path: Path) -> None:
    (tmp_path / "cover.html").write_text("{% if %}")
    assert str(trial.fault_in(desk, db, tmp_path)[0]) == "The template cover.html has a fault in line 1."
    (tmp_path / "cover.html").write_text("words")
    assert trial.fault_in(desk, db, tmp_path) == ()
