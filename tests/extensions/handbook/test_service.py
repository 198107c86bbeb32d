"""Links, images, the index, a search."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Question
from desktop_app.core.rules import catalogue
from desktop_app.extensions.handbook import service, store
from desktop_app.extensions.handbook.service import Handbook, Labels, health, search_palette
from tests.extensions.handbook.conftest import Write

PNG = b"\x89PNG\r\n\x1a\n"
IMPORTED = """title: Odd thing from elsewhere
id: 11111111-2222-3333-4444-555555555555
description: It looks for the frobnicator.
tags: [attack.t1110.001]
logsource: {product: linux}
detection: {words: ['frobnicator'], condition: words}
"""


def drawn(book: Handbook, page_id: str) -> str:
    return book.parts(book.library.entries[page_id].pages, Labels())[0].rendered.html


@pytest.fixture
def book(desk: Desk, db: Connection) -> Handbook:
    return Handbook(desk, db, "en")


def test_links_of_our_own_kinds_lead_into_the_program(desk: Desk, db: Connection, write: Write) -> None:
    write("a.md", "[g](password-guessing.md) [r](rule:ssh_password_guessing) [s](<search:EventID:4625 -user.name:x>)"
                  " [gone](no-such-page.md) [up](../../etc/passwd) [abs](/settings/)")  # fmt: skip
    said = drawn(Handbook(desk, db, "en"), "a")
    assert 'href="/handbook/guides/password-guessing"' in said
    assert 'href="/handbook/rules/4daea440-f40e-4e3d-9585-50351449ac70"' in said
    assert 'href="/logs/?q=EventID%3A4625+-user.name%3Ax"' in said
    assert said.count('class="refused"') == 3


def test_images_are_served_from_the_pages_folder_alone(
    desk: Desk, db: Connection, write: Write, tmp_path: Path
) -> None:
    write("line3/a.md", "![i](pump.png) ![up](../up.png) ![out](../../watchdesk.db) ![esc](../../../secret.png)")
    for place in ("handbook/line3/pump.png", "handbook/up.png", "../secret.png"):
        (desk.folder.root / place).write_bytes(PNG)
    said = drawn(Handbook(desk, db, "en"), "line3-a")
    assert 'src="/handbook/files/0/line3/pump.png"' in said
    assert 'src="/handbook/files/0/line3/../up.png"' in said
    assert said.count("<img") == 2


NOT_IMAGES = ("../watchdesk.db", "../../x.png", "/etc/passwd", "a.md", "a\0.png", "no.png", "big.png", "link.png", "")


def test_no_other_file_is_given_out(
    desk: Desk, db: Connection, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write("a.md", "A").parent
    (tmp_path / "x.png").write_bytes(PNG)
    (root / "a.png").write_bytes(PNG)
    (root / "big.png").write_bytes(PNG * 10)
    (root / "link.png").symlink_to(tmp_path / "x.png")
    monkeypatch.setattr(service, "IMAGE_BYTES", 20)
    book = Handbook(desk, db, "en")
    assert [path for path in NOT_IMAGES if book.image(0, path) is not None] == []
    assert book.image(0, "a.png") == (root / "a.png", "image/png")
    assert book.image(7, "a.png") is None


def test_a_page_is_found_by_the_names_of_its_techniques(desk: Desk, db: Connection, book: Handbook) -> None:
    english = [one.key for one in book.search("brute force")[0]]
    chinese = [one.key for one in Handbook(desk, db, "zh").search("暴力破解")[0]]
    for found in (english, chinese):
        assert "guide/password-guessing" in found
        assert [one for one in found if one.startswith("rule/")]


def test_a_search_finds_guides_and_rules_in_both_languages(desk: Desk, db: Connection, book: Handbook) -> None:
    english = [one.key for one in book.search("password guessing")[0]]
    assert english[0] == "guide/password-guessing"
    assert any(key.startswith("rule/") for key in english)
    chinese = Handbook(desk, db, "zh").search("密码猜测")[0]
    assert (chinese[0].key, chinese[0].language) == ("guide/password-guessing", "zh")


def test_where_no_page_has_all_words_those_with_some_are_told_as_such(book: Handbook) -> None:
    hits, every = book.search("password frobnicator")
    assert hits
    assert not every
    assert book.search("frobnicator") == ([], True)


def test_the_index_follows_the_sites_pages(desk: Desk, db: Connection, write: Write) -> None:
    file = write("pumps.md", "# Pumps\n\nThe frobnicator of line 3.")
    assert [one.key for one in Handbook(desk, db, "en").search("frobnicator")[0]] == ["guide/pumps"]
    assert [one.key for one in Handbook(desk, db, "zh").search("frobnicator")[0]] == ["guide/pumps"]
    file.unlink()
    assert Handbook(desk, db, "en").search("frobnicator")[0] == []


def test_the_index_follows_the_rules(desk: Desk, db: Connection, book: Handbook, tmp_path: Path) -> None:
    assert book.search("frobnicator")[0] == []
    (tmp_path / "pack.yml").write_text(IMPORTED, encoding="utf-8")
    catalogue.import_rules(db, tmp_path / "pack.yml")
    hit = Handbook(desk, db, "zh").search("frobnicator")[0][0]
    assert (hit.origin, "".join(hit.title)) == ("imported", "Odd thing from elsewhere")


def test_nothing_is_written_while_nothing_changes(book: Handbook, monkeypatch: pytest.MonkeyPatch) -> None:
    book.refresh()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(store, "rebuild", never)
    book.refresh()


def test_an_imported_rule_is_explained_by_its_technique(db: Connection, book: Handbook, tmp_path: Path) -> None:
    (tmp_path / "pack.yml").write_text(IMPORTED, encoding="utf-8")
    catalogue.import_rules(db, tmp_path / "pack.yml")
    found = catalogue.rule(db, "11111111-2222-3333-4444-555555555555")
    assert found is not None
    assert [one.page.id for one in book.library.guides(found)] == ["password-guessing"]


def test_the_command_palette_finds_guides_by_their_titles(desk: Desk, db: Connection) -> None:
    found = search_palette(desk, db, Question("password guess", "password guess", "en"))
    assert (found[0].title, found[0].values) == ("Password guessing", {"page_id": "password-guessing"})
    assert found[-1].values == {"q": "password guess"}
    assert search_palette(desk, db, Question("密码", "密码", "zh"))[0].title == "密码猜测"


def test_health_names_the_pages_that_cannot_be_read(desk: Desk, write: Write) -> None:
    write("bad.md", "---\n- no\n---\n")
    assert [str(one.subject) for one in health(desk)] == ["Handbook page bad.md"]
