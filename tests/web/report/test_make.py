from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from desktop_app.core import report_files
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import claims
from desktop_app.core.printing import CannotPrint, no_engine
from desktop_app.web.report import make, template
from desktop_app.web.report.choice import FORMATS, Choice
from tests.web import sample
from tests.web.report.conftest import EVERYTHING

HEADS = {"html": b"<!doctype html>", "pdf": b"%PDF", "csv": b"\xef\xbb\xbfFinding,",
         "json": b'{"schema":"watchdesk-report"',
         "sarif": b'{"$schema":"https://json.schemastore.org/sarif-2.1.0.json"'}  # fmt: skip


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_written_and_frozen(desk: Desk, db: Connection, made: dict[str, int], name: str) -> None:
    assert made
    frozen, told = make.freeze(desk, db, replace(EVERYTHING, format=name), "en")
    content = report_files.checked(desk, frozen).read_bytes()
    assert content.startswith(HEADS[name])
    assert (frozen.format, frozen.findings, frozen.left_out) == (name, 5, 0)
    assert frozen.path.endswith(make.SUFFIXES[name])
    assert told.fault == ()
    assert list(desk.folder.reports.iterdir()) == [desk.folder.reports / frozen.path]


@pytest.mark.parametrize("name", ["html", "csv", "json", "sarif"])
def test_the_same_choice_of_the_same_moment_has_the_same_bytes(
    desk: Desk, db: Connection, made: dict[str, int], tmp_path: Path, name: str
) -> None:
    assert made
    for number in range(2):
        make.write(desk, db, replace(EVERYTHING, format=name), "zh", tmp_path / str(number))
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()


def test_where_nothing_prints_a_pdf_is_refused_and_nothing_is_left(desk: Desk, db: Connection) -> None:
    with pytest.raises(CannotPrint):
        make.freeze(replace(desk, printer=no_engine), db, Choice(format="pdf"), "en")
    assert list(desk.folder.reports.iterdir()) == []
    assert report_files.listing(db) == []


def test_the_language_is_the_one_asked_for_else_the_desks_else_the_readers(db: Connection) -> None:
    assert make.language_of(db, Choice(), "zh") == "zh"
    assert make.language_of(db, Choice(language="en"), "zh") == "en"
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('language', 'zh', 0)")
    assert make.language_of(db, Choice()) == "zh"


def test_a_sites_template_is_used_and_a_faulty_one_replaced_by_ours(desk: Desk, db: Connection, tmp_path: Path) -> None:
    place = template.write_copy(desk.folder)
    (place / "report.html").write_text("<p>Ours alone</p>")
    target = tmp_path / "out.html"
    assert make.write(desk, db, EVERYTHING, "en", target).fault == ()
    assert "<p>Ours alone</p>" in target.read_text()
    assert make.write(desk, db, replace(EVERYTHING, plain=True), "en", target).fault == ()
    assert "<h1>Report of findings</h1>" in target.read_text()
    (place / "report.html").write_text("{% nonsense %}")
    fault = make.write(desk, db, EVERYTHING, "en", target).fault
    assert str(fault[0]) == "The template report.html has a fault in line 1."
    assert "<h1>Report of findings</h1>" in target.read_text()


def test_a_preview_tells_its_first_findings_and_keeps_nothing(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    assert make.preview(desk, db, EVERYTHING, "en", 2).count("<article") == 2
    assert report_files.listing(db) == []


@pytest.fixture
def big(desk: Desk, db: Connection) -> int:
    """How many findings a big desk has."""
    sample.fill(desk)
    count = 10_000
    with writing(db):
        claims.apply(db, sample._claim(replace(sample.MADE[4], asset="HOST-0")), "logs", 0)
        number = db.execute("SELECT MAX(id) FROM findings").fetchone()[0]
        columns = "extension, rule_id, rule_version, asset_id, severity, count, first_seen, last_seen, created, changed"
        db.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            f" INSERT INTO findings (fingerprint, {columns}) SELECT 'big' || i, {columns} FROM n"
            " CROSS JOIN findings WHERE id = ?",
            (count - 6, number),
        )
    return count


def test_a_big_desk_is_told_in_part_and_says_so(desk: Desk, db: Connection, big: int, tmp_path: Path) -> None:
    made = make.write(desk, db, EVERYTHING, "en", tmp_path / "big.html")
    told = (tmp_path / "big.html").read_text()
    assert (made.data.total, made.data.left_out) == (big, big - 500)
    assert "500 of 10,000 findings are told below, the most severe first; the others are counted only." in told
    assert told.count("<article") == 500


def test_memory_stays_flat_on_a_big_desk(desk: Desk, db: Connection, big: int, tmp_path: Path) -> None:
    target = tmp_path / "big"
    make.write(
        desk, db, replace(EVERYTHING, format="json", severities=("critical",)), "en", target
    )  # what is kept for ever
    tracemalloc.start()
    made = make.write(desk, db, replace(EVERYTHING, format="json"), "en", target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.data.left_out == 0
    assert target.stat().st_size > big * 100
    assert peak < 8_000_000
    assert len(orjson.loads(target.read_bytes())["findings"]) == big
