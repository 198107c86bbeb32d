from __future__ import annotations

import zlib
from pathlib import Path

from pypdf import PdfReader

from desktop_app.shell import pdf

HTML = """<!doctype html><html lang="zh-CN"><head><title>周报 · 冷轧</title><meta name="author" content="M. Chen">
</head><body><h1>Cover</h1><section id="one"><h2>面板</h2><article id="WD-1"><h3>A &amp; B</h3></article></section>
<section id="two"><h2>Two</h2></section></body></html>"""
CMAP = b"""1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <2FAF> <0002> <0041> endbfchar
1 beginbfrange <0003> <0004> <2F00> endbfrange
1 beginbfrange <0005> <0006> <0061> endbfrange"""


def made(path: Path, anchors: str = "/one [4 0 R /XYZ 0 700 0] /WD-1 [4 0 R /XYZ 0 600 0]") -> bytes:
    """Write a PDF of one page as Chromium would, with a table from glyphs to letters."""
    table = zlib.compress(CMAP)
    objects = [
        b"<</Producer (test)>>",
        b"<</Type /Catalog\n/Pages 3 0 R\n/Dests 5 0 R>>",
        b"<</Type /Pages\n/Count 1\n/Kids [4 0 R]>>",
        b"<</Type /Page\n/Parent 3 0 R\n/MediaBox [0 0 595 842]\n/Resources <</Font <</F1 6 0 R>>>>>>",
        b"<<" + anchors.encode() + b">>",
        b"<</Type /Font\n/Subtype /Type1\n/BaseFont /Helvetica\n/ToUnicode 7 0 R>>",
        b"<</Filter /FlateDecode\n/Length %d>>\nstream\n%s\nendstream" % (len(table), table),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 8\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size 8\n/Root 2 0 R\n/Info 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(out)
    return bytes(out)


def finished(tmp_path: Path, html: str = HTML) -> PdfReader:
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    made(tmp_path / "a.pdf")
    pdf.finish(tmp_path / "a.html", tmp_path / "a.pdf")
    return PdfReader(tmp_path / "a.pdf", strict=True)


def test_bookmarks_are_the_headings_that_can_be_jumped_to(tmp_path: Path) -> None:
    reader = finished(tmp_path)
    [top, below] = reader.outline
    assert top.title == "面板"  # type: ignore[union-attr]
    assert [one.title for one in below] == ["A & B"]  # type: ignore[union-attr]
    assert reader.get_destination_page_number(top) == 0  # type: ignore[arg-type]


def test_title_author_and_language_are_those_of_the_html(tmp_path: Path) -> None:
    reader = finished(tmp_path)
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("周报 · 冷轧", "M. Chen")
    assert reader.metadata.producer == "test"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"  # type: ignore[index]


def test_letters_are_written_as_people_type_them(tmp_path: Path) -> None:
    font = finished(tmp_path).pages[0]["/Resources"]["/Font"]["/F1"]  # type: ignore[index]
    table = font["/ToUnicode"].get_data()
    assert b"<0001> <9762> <0002> <0041>" in table
    assert b"<0003> <0004> [<4E00> <4E28>]" in table
    assert b"<0005> <0006> <0061>" in table


def test_what_was_printed_stays_byte_for_byte_and_is_added_to_once(tmp_path: Path) -> None:
    before = made(tmp_path / "b.pdf")
    finished(tmp_path)
    once = (tmp_path / "a.pdf").read_bytes()
    assert once.startswith(before)
    pdf.finish(tmp_path / "a.html", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == once


def test_without_anchors_there_are_no_bookmarks(tmp_path: Path) -> None:
    assert finished(tmp_path, "<html lang=en><title>x</title><h2>No anchor</h2></html>").outline == []


def test_a_file_of_another_build_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HTML, encoding="utf-8")
    for content in (b"", b"%PDF-1.7\nstartxref\n9\n%%EOF\n", b"%PDF-1.4\nxref\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"):
        (tmp_path / "a.pdf").write_bytes(content)
        pdf.finish(tmp_path / "a.html", tmp_path / "a.pdf")
        assert (tmp_path / "a.pdf").read_bytes() == content


def test_every_radical_that_looks_like_a_letter_becomes_it() -> None:
    assert pdf._letter(b"2ED3") == b"957F"
    assert pdf._letter(b"2FA8") == b"9580"
    assert pdf._letter(b"0041") == b"0041"
    assert pdf._letter(b"D840DC00") == b"D840DC00"
