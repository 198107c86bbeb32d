"""The engine itself, in a process of its own; pypdf reads back what it printed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop_app.core import reports
from desktop_app.core.errors import WatchdeskError
from desktop_app.core.paths import DataFolder
from desktop_app.shell import printing_qt
from desktop_app.shell.printing import print_pdf
from desktop_app.web.report import model, render
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.writer import site_zone
from tests.web import sample

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt prints on Linux alone")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """The report of the made-up desk in Chinese."""
    place = tmp_path_factory.mktemp("printed")
    desk = sample.new_desk(DataFolder(place / "desk"))
    sample.fill(desk)
    with desk.connection() as db:
        choice, zone = Choice(), site_zone(db)
        data = reports.gather(desk, db, choice.scope(zone, desk.clock()), zone)
        told = model.build(desk, db, choice, "zh", data)
        (place / "a.html").write_text(render.page(told), encoding="utf-8")
    print_pdf(place / "a.html", place / "a.pdf")
    return PdfReader(place / "a.pdf")


def words(printed: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in printed.pages).split())


def test_chinese_can_be_read_back_as_it_was_written(printed: PdfReader) -> None:
    told = words(printed)
    assert "38次登录失败后登录成功" in told
    assert "请将该会话视为恶意" in told
    assert not any(0x2E80 <= ord(one) < 0x2FE0 for one in told)


def test_every_page_after_the_cover_has_its_head_and_number(printed: PdfReader) -> None:
    count = len(printed.pages)
    pages = ["".join(page.extract_text().split()) for page in printed.pages]
    assert all(f"{number}/{count}" in page for number, page in enumerate(pages, 1))
    assert all("2026-11-2214:37:00UTC+8" in page for page in pages[1:])


def test_bookmarks_lead_to_the_findings(printed: PdfReader) -> None:
    findings = next(one for one in printed.outline if isinstance(one, list))
    assert findings[0].title == "38 次登录失败后登录成功"  # type: ignore[union-attr]
    assert "38次" in "".join(printed.pages[printed.get_destination_page_number(findings[0])].extract_text().split())  # type: ignore[arg-type,index]


def test_links_inside_the_report_work_in_the_pdf(printed: PdfReader) -> None:
    links = [link.get_object() for page in printed.pages for link in page.get("/Annots", [])]
    assert len([link for link in links if link["/Subtype"] == "/Link"]) >= 8


def test_nothing_is_fetched_and_no_script_runs(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    (tmp_path / "a.html").write_text(
        "<html lang=en><title>x</title><p id=p>plain</p><script>document.body.textContent='SCRIPT'</script>"
        "<iframe src='secret.txt'></iframe><img src='http://127.0.0.1:9/'></html>"
    )
    print_pdf(tmp_path / "a.html", tmp_path / "a.pdf")
    told = PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    assert "plain" in told
    assert "SCRIPT" not in told
    assert "SECRET" not in told


def test_a_page_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WatchdeskError, match="could not be printed to PDF"):
        print_pdf(tmp_path / "none.html", tmp_path / "a.pdf")


def test_the_process_needs_no_display() -> None:
    env = {"DISPLAY": ":99"}
    printing_qt.prepare(env)
    assert env["QT_QPA_PLATFORM"] == "offscreen"
