"""The template that a site may put in the place of ours: a folder of its desk with templates, style, words and a logo.

Only plain files that lie in that folder itself are read, each with a limit. What they are drawn with has no way out
(``render``), and they are drawn in a process of their own with limits of time and memory.
"""

from __future__ import annotations

import stat
from base64 import b64encode
from pathlib import Path

from desktop_app.core.errors import UsageError, system_says
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import Text, text
from desktop_app.web.report import render
from desktop_app.web.report.render import Own

NAME = "report-template"
STYLE, WORDS = "style.css", "cover.txt"
LOGOS = {"logo.png": "image/png", "logo.jpg": "image/jpeg"}
LARGEST = {".html": 200_000, ".css": 200_000, ".txt": 20_000, ".png": 1_000_000, ".jpg": 1_000_000}
_BEGINS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff"}
OURS_ALONE = "page.html"


class TemplateFault(UsageError):
    """A file of the site's template cannot be used; the sentence names the file, and the line where there is one."""


def place(folder: DataFolder) -> Path:
    """Return where a site's template lies."""
    return folder.root / NAME


def names() -> list[str]:
    """Return the templates that a site may change: ours but the frame of the page."""
    return sorted(one.name for one in render.folder().glob("*.html") if one.name != OURS_ALONE)


def files() -> list[str]:
    """Return every name that a file of a template may have."""
    return [*names(), STYLE, WORDS, *LOGOS]


def exists(folder: DataFolder) -> bool:
    """Say whether a site has a template of its own."""
    return place(folder).is_dir() and not place(folder).is_symlink()


def write_copy(folder: DataFolder) -> Path:
    """Write a copy of ours to start from; refuses where there is one, so that nobody's work is overwritten."""
    target = place(folder)
    if target.exists() or target.is_symlink():
        raise UsageError(
            text("There is a template of your own already: %(path)s", path=str(target)),
            fix=text("Edit it, or move that folder away first."),
        )
    target.mkdir(mode=0o700)
    for name in names():
        (target / name).write_text((render.folder() / name).read_text(encoding="utf-8"), encoding="utf-8")
    (target / STYLE).write_text("/* Added behind the style of every report. */\n", encoding="utf-8")
    (target / WORDS).write_text("", encoding="utf-8")
    return target


def load(folder: DataFolder) -> Own:
    """Read a site's template; TemplateFault names a file that cannot be used."""
    return load_from(place(folder))


def load_from(here: Path) -> Own:
    """Read the template that lies in a folder; TemplateFault as above."""
    templates = {name: _text(here / name) for name in names() if _there(here / name)}
    style = _text(here / STYLE) if _there(here / STYLE) else ""
    if "<" in style:
        raise _fault(STYLE, text("A style sheet holds no “<”."))
    cover = _text(here / WORDS).strip() if _there(here / WORDS) else ""
    return Own(templates, style, cover, next((_logo(here / one) for one in LOGOS if _there(here / one)), ""))


def _there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _bytes(path: Path) -> bytes:
    """Read a plain file of the folder: no link, no device, and not past its limit."""
    most = LARGEST[path.suffix]
    try:
        if path.parent.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
            raise _fault(path.name, text("It is no plain file of this folder."))
        with path.open("rb") as file:
            found = file.read(most + 1)
    except OSError as error:
        said = system_says(error)
        raise _fault(path.name, said) from error
    if len(found) > most:
        raise _fault(path.name, text("It is larger than %(size)s KB.", size=most // 1000))
    return found


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(path.name, text("It is not written in UTF-8.")) from error


def _logo(path: Path) -> str:
    """Return a picture as a data address, known by its first bytes and not by its name alone."""
    content = _bytes(path)
    if not content.startswith(_BEGINS[path.suffix]):
        raise _fault(path.name, text("It is no picture of that kind."))
    return f"data:{LOGOS[path.name]};base64,{b64encode(content).decode()}"


def _fault(name: str, why: Text) -> TemplateFault:
    return TemplateFault(text("The template file %(name)s cannot be used.", name=name), why=why)
