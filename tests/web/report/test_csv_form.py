from __future__ import annotations

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core import triage
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.web.i18n import Language
from desktop_app.web.report import csv_form
from tests.web.report.conftest import gathered, writer

NUMBER = re.compile(r"-|[+-]?\d+([.,]\d+)?")


def written(desk: Desk, db: Connection, language: Language = "en", *, mark: bool = True, most: int = 500) -> bytes:
    target = io.BytesIO()
    csv_form.write(writer(desk, db, language), gathered(desk, db, most=most), target, mark=mark)
    return target.getvalue()


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_line_a_finding_under_a_head(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    head, first, *others = read(written(desk, db))
    assert head[:6] == ["Finding", "Severity", "Status", "Verdict", "Title", "Asset"]
    assert first[:6] == ["WD-1", "Critical", "New", "", "38 failed sign-ins, then a success", "OPC-GW-02"]
    assert len(others) == len(made) - 1
    assert {len(line) for line in (head, first, *others)} == {len(csv_form.COLUMNS)}


def test_the_mark_for_excel_can_be_left_away(desk: Desk, db: Connection) -> None:
    assert written(desk, db).startswith(b"\xef\xbb\xbf")
    assert not written(desk, db, mark=False).startswith(b"\xef\xbb\xbf")


def test_chinese_is_chinese(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    head, first, *_ = read(written(desk, db, "zh"))
    assert first[1] == "严重"
    assert first[4] == "38 次登录失败后登录成功"
    assert "资产" in head


def test_what_is_left_out_is_said(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    assert read(written(desk, db, most=2))[-1][0] == "2 of 5 findings are listed."


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_no_cell_is_ever_a_formula(cells: list[str]) -> None:
    [line] = csv.reader(io.StringIO(csv_form._line(cells).decode(), newline=""))
    for cell in line:
        begins = cell.lstrip()[:1]
        assert begins not in set("=+-@＝＋－＠") or NUMBER.fullmatch(cell), repr(cell)
        assert cell[:1] not in {"\t", "\r", "\n"}


@given(st.sampled_from(["=", "+", "-", "@", "\t=", " =", "\r\n@", "＝", "－"]), st.text())
def test_what_begins_like_a_formula_is_text(sign: str, rest: str) -> None:
    [line] = csv.reader(io.StringIO(csv_form._line([sign + rest]).decode("utf-8", "surrogatepass"), newline=""))
    assert line[0].startswith("'") or NUMBER.fullmatch(line[0])


def test_what_an_attacker_wrote_into_a_log_or_a_note_stays_text(
    desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    with writing(db):
        db.execute("UPDATE assets SET name = '=HYPERLINK(\"http://evil\",\"x\")' WHERE name = 'OPC-GW-02'")
    triage.note(db, made["guess/OPC-GW-02"], '@SUM(1+1)*cmd|"/C calc"!A0')
    first = read(written(desk, db))[1]
    assert first[5].startswith("'=HYPERLINK")
    assert first[13].startswith("'@SUM")
