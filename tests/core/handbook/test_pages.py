"""Pages as files: front matter, languages, ids, and files that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.core.handbook.pages import MAX_BYTES, PageBroken, parse_page, read_folder, shipped

ROOT = Path("site")


def write(root: Path, name: str, body: str = "# A page\n\nWords.\n") -> Path:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(body, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("pumps.md", ("pumps", "")),
        ("pumps.zh.md", ("pumps", "zh")),
        ("en/pumps.md", ("pumps", "en")),
        ("line3/Pump station.md", ("line3-pump-station", "")),
        ("zh/三号线/泵站.md", ("三号线-泵站", "zh")),
        ("v1.2.md", ("v1-2", "")),
    ],
)
def test_a_path_names_the_page_and_its_language(path: str, named: tuple[str, str]) -> None:
    page = parse_page("", ROOT, path, "site")
    assert (page.id, page.language) == named


def test_front_matter_says_what_a_page_is() -> None:
    page = parse_page(
        "---\r\ntitle:  Pump   station\r\nsection: faults\r\nrules: [SSH_Guessing]\r\n"
        "tags: attack.t1110\r\nlanguage: zh\r\nextends: true\r\norder: 3\r\n---\r\nWords.\r\n",
        ROOT,
        "a.md",
        "site",
    )
    assert (page.title, page.section, page.language, page.order) == ("Pump station", "faults", "zh", 3)
    assert (page.rules, page.tags, page.extends) == (("ssh_guessing",), ("attack.t1110",), True)
    assert page.body == "Words.\n"


def test_without_front_matter_the_first_heading_is_the_title_and_stands_once() -> None:
    page = parse_page("# Pump station #\n\nWords.\n", ROOT, "a.md", "site")
    assert page.title == "Pump station"
    assert page.body.strip() == "Words."


def test_a_page_without_any_title_is_called_by_its_path() -> None:
    assert parse_page("Words.", ROOT, "line3/a.md", "site").title == "line3/a.md"


@pytest.mark.parametrize("front", ["title: [", "- a\n- b", "title: &a [*a, *a]", "<<: {a: b}"])
def test_front_matter_that_is_no_mapping_breaks_the_page_alone(front: str, tmp_path: Path) -> None:
    with pytest.raises(PageBroken):
        parse_page(f"---\n{front}\n---\nWords.", ROOT, "a.md", "site")
    write(tmp_path, "a.md", f"---\n{front}\n---\nWords.")
    write(tmp_path, "b.md")
    found = read_folder(tmp_path)
    assert [page.id for page in found.pages] == ["b"]
    assert [path for path, _ in found.troubles] == ["a.md"]


def test_values_of_the_wrong_kind_are_taken_as_not_said() -> None:
    page = parse_page("---\nsection: 7\norder: soon\nrules: 5\nlanguage: [zh]\n---\n", ROOT, "a.md", "site")
    assert (page.section, page.order, page.rules, page.language) == ("site", 1000, ("5",), "")


def test_files_that_are_no_text_or_too_large_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, "good.md")
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe\x00")
    write(tmp_path, "large.md", "x" * (MAX_BYTES + 1))
    write(tmp_path, ".hidden.md")
    write(tmp_path, "notes.txt")
    found = read_folder(tmp_path)
    assert [page.id for page in found.pages] == ["good"]
    assert {path: str(why) for path, why in found.troubles} == {
        "bytes.md": "It is not UTF-8 text.",
        "large.md": "It has 200001 bytes; a page may have 200000.",
    }


def test_two_files_of_one_id_are_told(tmp_path: Path) -> None:
    write(tmp_path, "a.zh.md")
    write(tmp_path, "zh/a.md")
    found = read_folder(tmp_path)
    assert len(found.pages) == 1
    assert [str(why) for _, why in found.troubles] == ["a.zh.md has the same id."]


def test_links_that_lead_outside_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path, "outside/secret.md")
    inside = tmp_path / "site"
    write(inside, "a.md")
    (inside / "b.md").symlink_to(secret)
    (inside / "folder").symlink_to(secret.parent)
    assert [page.id for page in read_folder(inside).pages] == ["a"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = write(tmp_path, "a.md", "# One\n")
    assert read_folder(tmp_path).pages[0].title == "One"
    file.write_text("# Two\n", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert read_folder(tmp_path).pages[0].title == "Two"


def test_a_shipped_page_without_a_section_is_good_practice(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    assert [page.section for page in shipped(tmp_path).pages] == ["practice"]


def test_a_section_that_is_no_word_is_passed_over() -> None:
    assert parse_page("---\nsection: [attacks]\n---\nWords", Path(), "a.md", "site").section == "site"
