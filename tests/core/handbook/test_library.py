"""The handbook of a desk: languages, the site's pages beside ours, and what explains which rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection, connect, writing
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension
from desktop_app.core.handbook.library import Entry, Library, library, rule_name
from desktop_app.core.handbook.pages import Folder, parse_page
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules.catalogue import OURS, RuleRow
from desktop_app.core.settings import HANDBOOK_FOLDER, store
from desktop_app.core.text import text

OUR_ROOT, SITE_ROOT = Path("ours"), Path("site")


def folder(root: Path, **pages: str) -> Folder:
    """Pages by name; two underscores stand for the dot before a language."""
    made = [parse_page(body, root, f"{name.replace('__', '.')}.md", "practice" if root == OUR_ROOT else "site")
            for name, body in pages.items()]  # fmt: skip
    return Folder(tuple(made))


def shelf(language: str, ours: dict[str, str], site: dict[str, str] | None = None) -> Library:
    return Library([folder(OUR_ROOT, **ours)], [(SITE_ROOT, folder(SITE_ROOT, **site or {}))], language)


def rule(*, pack: str = OURS, tags: tuple[str, ...] = (), body: str = "name: guess\n") -> RuleRow:
    return RuleRow("1-2", "sigma", pack, "a.yml", "1", "A rule", "high", "", "", "", "", tags, True, "ready", None, 0,
                   body)  # fmt: skip


def titles(entries: list[Entry]) -> list[str]:
    return [one.page.title for one in entries]


def test_a_reader_gets_their_language_and_else_the_other_one() -> None:
    pages = {"a__en": "# One", "a__zh": "# 一", "b__en": "# Two"}
    assert titles(list(shelf("en", pages).entries.values())) == ["One", "Two"]
    chinese = list(shelf("zh", pages).entries.values())
    assert [(one.page.title, one.foreign) for one in chinese] == [("Two", True), ("一", False)]


def test_a_page_of_the_site_takes_the_place_of_ours() -> None:
    found = shelf("en", {"a__en": "# Ours"}, {"a": "# The site's"})
    assert titles(list(found.entries.values())) == ["The site's"]


def test_a_page_of_the_site_that_extends_ours_stands_below_it() -> None:
    found = shelf("en", {"a__en": "# Ours"}, {"a": "---\nextends: true\nrules: [guess]\n---\nMore."})
    entry = found.entries["a"]
    assert [page.body.strip() for page in entry.pages] == ["", "More."]
    assert entry.page.title == "Ours"
    assert titles(found.guides(rule())) == ["Ours"]


def test_sections_stand_in_their_order_and_pages_in_theirs() -> None:
    pages = {
        "a__en": "---\nsection: practice\norder: 2\n---\n# Later",
        "b__en": "---\nsection: practice\norder: 1\n---\n# Sooner",
        "c__en": "---\nsection: start\n---\n# First",
    }
    found = [(str(title), titles(entries)) for title, entries in shelf("en", pages).sections()]
    assert found == [("First steps", ["First"]), ("Good practice", ["Sooner", "Later"])]


def test_a_rule_of_ours_is_explained_by_the_guides_that_name_it() -> None:
    found = shelf("en", {"a__en": "---\nrules: [guess]\n---\n# A", "b__en": "---\ntags: [attack.t1]\n---\n# B"})
    assert titles(found.guides(rule(tags=("attack.t1",)))) == ["A"]


def test_an_imported_rule_is_explained_by_what_its_tags_say_but_never_by_its_name() -> None:
    found = shelf("en", {"a__en": "---\nrules: [guess]\n---\n# A", "b__en": "---\ntags: [attack.t1110]\n---\n# B"})
    imported = rule(pack="sigma", tags=("attack.T1110.001", "attack.t11105"))
    assert titles(found.guides(imported)) == ["B"]
    assert found.guides(rule(pack="sigma", tags=("attack.t11105",))) == []


def test_a_page_may_name_any_rule_by_its_id() -> None:
    found = shelf("en", {}, {"a": "---\nrules: [1-2]\n---\n# A"})
    assert titles(found.guides(rule(pack="sigma"))) == ["A"]


def test_chapters_continue_a_rule_and_are_no_guides() -> None:
    found = shelf("zh", {"a__en": "---\nchapter: guess\n---\nEnglish", "a__zh": "---\nchapter: guess\n---\n中文"},
                  {"b": "---\nchapter: 1-2\n---\nThe site's"})  # fmt: skip
    assert [page.body.strip() for page in found.chapters(rule())] == ["中文", "The site's"]
    assert found.entries == {}


@pytest.mark.parametrize(("body", "name"), [("title: a\nname: b_c\nid: d", "b_c"), ("title: a\n  name: b", "")])
def test_the_name_of_a_rule_is_read_from_its_text(body: str, name: str) -> None:
    assert rule_name(body) == name


class TestOfADesk:
    @pytest.fixture
    def desk(self, folder: DataFolder, tmp_path: Path) -> Desk:
        ours = tmp_path / "shipped"
        ours.mkdir()
        (ours / "a.en.md").write_text("# Ours", encoding="utf-8")
        return Desk(
            folder, (Extension(id="x", title=text("X"), version="1", handbook=ours, settings=(HANDBOOK_FOLDER,)),)
        )

    @pytest.fixture
    def db(self, desk: Desk) -> Connection:
        return connect(desk.folder)

    def test_the_folder_in_the_data_folder_is_read_where_it_is_there(self, desk: Desk, db: Connection) -> None:
        assert list(library(desk, db, "en").entries) == ["a"]
        own = desk.folder.root / "handbook"
        own.mkdir()
        (own / "b.md").write_text("# B", encoding="utf-8")
        assert list(library(desk, db, "en").entries) == ["a", "b"]
        assert library(desk, db, "en").troubles() == []

    def test_a_chosen_folder_is_read_too_and_said_where_it_is_missing(
        self, desk: Desk, db: Connection, tmp_path: Path
    ) -> None:
        chosen = tmp_path / "share"
        with writing(db):
            store(db, {HANDBOOK_FOLDER.key: str(chosen)})
        assert [str(why) for _, why in library(desk, db, "en").troubles()] == ["There is no such folder."]
        chosen.mkdir()
        (chosen / "c.md").write_text("# C", encoding="utf-8")
        assert list(library(desk, db, "en").entries) == ["a", "c"]
