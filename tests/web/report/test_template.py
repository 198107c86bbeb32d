from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.web.report import render, template
from desktop_app.web.report.template import TemplateFault

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def place(desk: Desk) -> Path:
    return template.write_copy(desk.folder)


def test_a_copy_of_ours_is_written_to_start_from(desk: Desk, place: Path) -> None:
    assert (place / "cover.html").read_text() == (render.folder() / "cover.html").read_text()
    assert not (place / template.OURS_ALONE).exists()
    own = template.load(desk.folder)
    assert set(own.templates) == set(template.names())
    assert own.logo == own.cover == ""


def test_nobodys_work_is_overwritten(desk: Desk, place: Path) -> None:
    (place / "cover.html").write_text("mine")
    with pytest.raises(UsageError, match="already"):
        template.write_copy(desk.folder)
    assert (place / "cover.html").read_text() == "mine"


def test_a_site_needs_only_the_files_that_it_changes(desk: Desk) -> None:
    template.place(desk.folder).mkdir()
    (template.place(desk.folder) / "cover.txt").write_text("  Internal\nuse only ", encoding="utf-8")
    own = template.load(desk.folder)
    assert (own.templates, own.cover) == ({}, "Internal\nuse only")


def test_a_logo_is_a_picture_by_its_bytes(desk: Desk, place: Path) -> None:
    (place / "logo.png").write_bytes(PNG)
    assert template.load(desk.folder).logo.startswith("data:image/png;base64,iVBOR")
    (place / "logo.png").write_bytes(b"<svg onload=alert(1)>")
    with pytest.raises(TemplateFault, match=r"logo.png cannot be used. It is no picture"):
        template.load(desk.folder)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("style.css", b"</style><script>", "holds no"),
        ("cover.html", b"\xff\xfe\x00", "not written in UTF-8"),
        ("cover.html", b"x" * 200_001, "larger than 200 KB"),
        ("logo.png", PNG + b"0" * 1_000_000, "larger than 1000 KB"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(desk: Desk, place: Path, name: str, content: bytes, why: str) -> None:
    (place / name).write_bytes(content)
    with pytest.raises(TemplateFault, match=f"{name} cannot be used.*{why}"):
        template.load(desk.folder)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_nothing_outside_of_the_folder_is_read(desk: Desk, place: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (place / "cover.html").unlink()
    (place / "cover.html").symlink_to(secret)
    with pytest.raises(TemplateFault, match="no plain file of this folder"):
        template.load(desk.folder)
    (place / "cover.html").unlink()
    os.mkfifo(place / "cover.html")
    with pytest.raises(TemplateFault, match="no plain file of this folder"):
        template.load(desk.folder)


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
def test_a_folder_that_is_a_link_is_none(desk: Desk, tmp_path: Path) -> None:
    template.place(desk.folder).symlink_to(tmp_path)
    assert not template.exists(desk.folder)
