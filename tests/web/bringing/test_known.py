from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.bringing.opened import NotTaken
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.handbook.library import library
from desktop_app.web import keeping
from desktop_app.web.bringing import known
from desktop_app.web.bringing.known import Files
from desktop_app.web.report import template, trial

PNG = b"\x89PNG\r\n\x1a\n0000"


@pytest.fixture
def desk(desk: Desk, tmp_path: Path) -> Desk:
    """A desk that takes files back, with one guide of its own."""
    guides = tmp_path / "guides"
    guides.mkdir()
    (guides / "pumps.md").write_text("# Pumps\nOurs.", encoding="utf-8")
    return replace(desk, extensions=(*desk.extensions, replace(keeping.extension, handbook=guides)))


def folder_of(path: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zip_of(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def files(desk: Desk, db: Connection, path: Path) -> Files:
    found = known.examine(desk, db, path)
    assert isinstance(found, Files)
    return found


def test_pages_and_their_pictures_come_to_the_handbook_and_an_undo_takes_them_back(
    desk: Desk, db: Connection, tmp_path: Path
) -> None:
    brought = files(desk, db, folder_of(tmp_path / "site", {"valves.md": "# Valves\nTurn.", "zh/valves.md": "# 阀门",
                                                             "img/valve.png": PNG, "notes.docx": "x"}))  # fmt: skip
    assert (brought.kind, dict(brought.titles)) == ("pages", {"valves.md": "Valves", "zh/valves.md": "阀门"})
    assert [str(why) for _, why in brought.left] == ["It is neither a page nor a picture."]
    done = known.take(desk, db, brought)
    assert done is not None
    assert str(done.summary) == "Took 3 files into the handbook from site"
    assert library(desk, db, "zh").entries["valves"].page.title == "阀门"
    undo.undo(desk, db, done.undo_id)
    assert "valves" not in library(desk, db, "en").entries


def test_a_page_says_where_it_goes_among_ours(desk: Desk, db: Connection, tmp_path: Path) -> None:
    pages: dict[str, bytes | str] = {
        "a.md": "---\nid: pumps\n---\n# Mine", "b.md": "---\nid: pumps\nextends: true\n---\n# More",
        "c.md": "---\nchapter: guessing\n---\n# Further", "d.md": "# Alone",
    }  # fmt: skip
    brought = files(desk, db, zip_of(tmp_path / "site.zip", pages))
    assert {name: str(note) for name, note in brought.notes.items()} == {
        "a.md": "Takes the place of our page “Pumps”.",
        "b.md": "Stands below our page “Pumps”.",
        "c.md": "Stands below the rule guessing.",
    }


@pytest.mark.parametrize(
    "given",
    [
        ("a.md", b"\xff\xfe", "It is not UTF-8 text."),
        ("a.md", b"---\n- [\n---\n", "The lines between the two --- at its beginning are not names with values."),
        ("a.md", b"x" * 200_001, "It has 200001 bytes; a page may have 200000."),
        ("a.png", b"<svg onload=alert(1)>", "It is no picture of that kind."),
        ("a.webp", b"RIFF0000WAVE", "It is no picture of that kind."),
        ("a.html", b"<script>", "It is neither a page nor a picture."),
    ],
)
def test_what_is_not_what_its_name_says_is_left(
    desk: Desk, db: Connection, tmp_path: Path, given: tuple[str, bytes, str]
) -> None:
    name, content, said = given
    brought = files(desk, db, folder_of(tmp_path / "site", {name: content, "good.md": "# Good"}))
    assert [(one, str(why)) for one, why in brought.left] == [(name, said)]
    assert list(brought.filing.files) == ["good.md"]


def test_a_template_takes_the_place_of_the_whole_and_comes_back_whole(
    desk: Desk, db: Connection, tmp_path: Path
) -> None:
    ours = template.write_copy(desk.folder)
    before = {one.name: one.read_bytes() for one in ours.iterdir()}
    brought = files(desk, db, zip_of(tmp_path / "t.zip", {"t/cover.txt": "Confidential", "t/logo.png": PNG}))
    assert (brought.kind, brought.fault) == ("template", ())
    done = known.take(desk, db, brought)
    assert done is not None
    assert sorted(one.name for one in ours.iterdir()) == ["cover.txt", "logo.png"]
    assert trial.fault(desk, db) == ()
    undo.undo(desk, db, done.undo_id)
    assert {one.name: one.read_bytes() for one in ours.iterdir()} == before


def test_one_file_of_a_template_changes_its_namesake_alone(desk: Desk, db: Connection, tmp_path: Path) -> None:
    template.write_copy(desk.folder)
    brought = files(desk, db, folder_of(tmp_path, {"cover.txt": "Confidential"}) / "cover.txt")
    assert [(one.path, one.what) for one in brought.filing.changes] == [("cover.txt", "changed")]


def test_a_template_that_cannot_be_drawn_is_not_taken(desk: Desk, db: Connection, tmp_path: Path) -> None:
    brought = files(desk, db, folder_of(tmp_path / "t", {"cover.html": "{{ report.nothing.here }}"}))
    assert str(brought.fault[0]) == "The template cover.html has a fault in line 1."
    with pytest.raises(UsageError, match="has a fault in line 1"):
        known.take(desk, db, brought)
    assert not template.exists(desk.folder)


def test_a_hostile_archive_and_what_nobody_knows_are_refused(desk: Desk, db: Connection, tmp_path: Path) -> None:
    with pytest.raises(NotTaken, match="a place outside of it"):
        known.examine(desk, db, zip_of(tmp_path / "bad.zip", {"../evil.md": "# Evil"}))
    with pytest.raises(UsageError, match="that this desk knows"):
        known.examine(desk, db, folder_of(tmp_path / "other", {"photo.raw": "x"}))


def test_rules_are_for_another_room(tmp_path: Path) -> None:
    assert known.holds_rules(folder_of(tmp_path / "rules", {"a.yml": "title: x", "README.md": "# Rules"}))
