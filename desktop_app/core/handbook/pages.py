"""Handbook pages as files: Markdown with a few lines of YAML before it, from folders of ours and of the site.

A page's language is said by its front matter, by its name (``pumps.zh.md``) or by the folder it lies in (``zh/``);
without any of these it is for every reader. Whatever a site puts there is input: bounded, and never followed outside.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.text import Text, text

MAX_BYTES = 200_000  # of one page; a long guide has 15,000
MAX_FILES = 2_000  # of one folder
MAX_ENTRIES = 20_000  # that are looked at, so that a wrong folder (a whole disk) costs no minutes
LONGEST_TITLE = 200
LANGUAGES = ("en", "zh")
SECTIONS: Mapping[str, Text] = {
    "start": text("First steps"),
    "attacks": text("Attacks and misuse"),
    "faults": text("Faults"),
    "practice": text("Good practice"),
    "cookbook": text("Cookbook"),
    "site": text("This site"),
}
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_UNFIT = re.compile(r"[^\w-]+")


class PageBroken(Exception):
    """A file that cannot be a page, with one sentence that says why."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language.

    ``language`` is empty where the page is for every reader. ``rules`` names rules by id or by Sigma name, ``tags``
    Sigma tags whose rules the page explains. ``chapter`` names the one rule that the page continues. ``extends``: it
    is put below the page of the same id instead of taking its place. ``path`` is relative to ``root``, with ``/``.
    """

    id: str
    language: str
    title: str
    short: str
    summary: str
    section: str
    order: int
    rules: tuple[str, ...]
    tags: tuple[str, ...]
    chapter: str
    extends: bool
    body: str
    digest: str
    root: Path
    path: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found in a folder: its pages, and (path, sentence) of each file that is none."""

    pages: tuple[Page, ...] = ()
    troubles: tuple[tuple[str, Text], ...] = ()


def _split(content: str) -> tuple[Mapping[str, Any], str]:
    found = _FRONT.match(content)
    if found is None:
        return {}, content
    if not found[1].strip():
        return {}, content[found.end() :]
    try:
        return parse_yaml(found[1]), content[found.end() :]
    except RuleProblem:
        raise PageBroken(text("The lines between the two --- at its beginning are not names with values.")) from None


def _words(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value] if value else []
    return tuple(str(one).strip().lower() for one in listed)


def _line(value: object) -> str:
    return " ".join(str(value).split())[:LONGEST_TITLE] if value else ""


def _order(value: object) -> int:
    return value if isinstance(value, int) else 1000


def _named(path: str) -> tuple[str, str]:
    """Return (id, language) as the path says them; the language is empty where it says none."""
    parts = path.removesuffix(".md").split("/")
    language = ""
    if parts[0] in LANGUAGES and len(parts) > 1:
        language = parts.pop(0)
    stem, dot, ending = parts[-1].rpartition(".")
    if dot and ending in LANGUAGES:
        language, parts[-1] = ending, stem
    return _UNFIT.sub("-", "-".join(parts)).strip("-").lower(), language


def parse_page(content: str, root: Path, path: str, section: str) -> Page:
    """Read one page; PageBroken says what is wrong. ``section`` is where pages of this folder go that name none."""
    front, body = _split(content.replace("\r\n", "\n"))
    page_id, language = _named(path)
    heading = _HEADING.match(body)
    if heading and _line(front.get("title") or heading[1]) == _line(heading[1]):
        body = body[heading.end() :]
    said, wanted = front.get("language", language), str(front.get("section", section))
    return Page(
        id=_UNFIT.sub("-", str(front.get("id") or page_id)).strip("-").lower() or "page",
        language=said if said in LANGUAGES else "",
        title=_line(front.get("title")) or _line(heading[1] if heading else "") or path,
        short=_line(front.get("short")),
        summary=_line(front.get("summary")),
        section=wanted if wanted in SECTIONS else section,
        order=_order(front.get("order")),
        rules=_words(front.get("rules")),
        tags=_words(front.get("tags")),
        chapter=_line(front.get("chapter")).lower(),
        extends=bool(front.get("extends")),
        body=body,
        digest=hashlib.sha256(f"{path}\0{content}".encode("utf-8", "surrogatepass")).hexdigest(),
        root=root,
        path=path,
    )


@lru_cache(maxsize=4096)
def _read(root: Path, path: str, section: str, _modified: int, size: int) -> Page | Text:
    """Read one file, once for each time that it changes."""
    if size > MAX_BYTES:
        return text("It has %(size)s bytes; a page may have %(limit)s.", size=size, limit=MAX_BYTES)
    try:
        with (root / path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        return parse_page(content.decode("utf-8-sig"), root, path, section)
    except UnicodeDecodeError:
        return text("It is not UTF-8 text.")
    except OSError as error:
        return text("It cannot be read: %(detail)s", detail=error.strerror or str(error))
    except PageBroken as problem:
        return problem.reason


def _found(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the Markdown files below a folder, in a fixed order; links that lead outside are passed over."""
    seen, inside = 0, root.resolve()
    for place, folders, names in os.walk(root):  # does not follow links to folders
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > MAX_ENTRIES:
                return
            file = Path(place, name)
            wanted = name.lower().endswith(".md") and not name.startswith(".") and file.is_file()
            if wanted and file.resolve().is_relative_to(inside):
                yield file.relative_to(root).as_posix(), file.stat()


def read_folder(root: Path, section: str = "site") -> Folder:
    """Read a folder; a file is read again only when its time or size has changed."""
    pages: dict[tuple[str, str, bool], Page] = {}
    troubles: list[tuple[str, Text]] = []
    for number, (path, stat) in enumerate(_found(root), start=1):
        if number > MAX_FILES:
            troubles.append((root.name, text("Only the first %(limit)s pages were read.", limit=MAX_FILES)))
            break
        page = _read(root, path, section, stat.st_mtime_ns, stat.st_size)
        if isinstance(page, Text):
            troubles.append((path, page))
            continue
        first = pages.setdefault((page.id, page.language, page.extends), page)
        if first is not page:
            troubles.append((path, text("%(path)s has the same id.", path=first.path)))
    return Folder(tuple(pages.values()), tuple(troubles))


@lru_cache(maxsize=64)
def shipped(root: Path) -> Folder:
    """Read a folder that ships with the program, and so never changes while it runs."""
    return read_folder(root, "practice")
