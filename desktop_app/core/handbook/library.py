"""The handbook of a desk: the pages of all extensions, the site's own beside them, and what explains which rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from desktop_app.core import settings
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.handbook.pages import LANGUAGES, SECTIONS, Folder, Page, read_folder, shipped
from desktop_app.core.rules.catalogue import OURS, RuleRow
from desktop_app.core.settings import HANDBOOK_FOLDER
from desktop_app.core.text import Text, text

_NAME = re.compile(r"(?m)^name:[ \t]*(\w+)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as a reader finds it: ``more`` are pages that extend it; ``foreign``: it is not in their language."""

    page: Page
    more: tuple[Page, ...] = ()
    foreign: bool = False

    @property
    def pages(self) -> tuple[Page, ...]:
        """The page and what extends it."""
        return (self.page, *self.more)

    @property
    def rules(self) -> frozenset[str]:
        """The rules that it explains, by id or name."""
        return frozenset(one for page in self.pages for one in page.rules)


def rule_name(body: str) -> str:
    """Return the Sigma name that a rule's text gives it; empty where there is none."""
    found = _NAME.search(body)
    return found[1].lower() if found else ""


def site_folders(desk: Desk, db: Connection) -> tuple[Path, ...]:
    """Return the folders of the site's own pages: the one in the data folder, and the one that was chosen."""
    chosen = str(settings.get(db, HANDBOOK_FOLDER)).strip()
    own = desk.folder.root / "handbook"
    return (own, Path(chosen).expanduser()) if chosen and Path(chosen).expanduser() != own else (own,)


class Library:
    """All pages, as one language reads them. Made for one request: the site's folders are looked at anew."""

    def __init__(self, ours: Iterable[Folder], site: Sequence[tuple[Path, Folder]], language: str) -> None:
        self._ours = [page for folder in ours for page in folder.pages]
        self.site = tuple(site)
        self.language = language

    @cached_property
    def every(self) -> tuple[Page, ...]:
        """Every page in every language, the site's last."""
        return (*self._ours, *(page for _, folder in self.site for page in folder.pages))

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The guides by id, in the order of the contents; the site's take the place of ours or stand below them."""
        found: dict[str, Entry] = {}
        for page in self._preferred(one for one in self.every if not one.chapter):
            before = found.get(page.id)
            if before and page.extends:
                found[page.id] = replace(before, more=(*before.more, page))
            else:
                found[page.id] = Entry(page, (), bool(page.language) and page.language != self.language)
        return dict(sorted(found.items(), key=lambda one: _place(one[1].page)))

    def _preferred(self, pages: Iterable[Page]) -> list[Page]:
        """Drop what is there in the reader's language too, folder by folder."""
        wanted = list(pages)
        mine = {(page.root, page.id, page.extends) for page in wanted if page.language in ("", self.language)}
        best = next(one for one in LANGUAGES if one != self.language)
        return [
            page
            for page in wanted
            if page.language in ("", self.language)
            or (page.language == best and (page.root, page.id, page.extends) not in mine)
        ]

    def sections(self) -> list[tuple[Text, list[Entry]]]:
        """Return the guides by section, those without guides left out."""
        by = [(title, [one for one in self.entries.values() if one.page.section == key])
              for key, title in SECTIONS.items()]  # fmt: skip
        return [(title, entries) for title, entries in by if entries]

    def guides(self, rule: RuleRow) -> list[Entry]:
        """Return the guides that explain a rule: those that name it, else those that name what its tags say."""
        names = {rule.id, *((rule_name(rule.body),) if rule.pack == OURS else ())} - {""}
        named = [one for one in self.entries.values() if names & one.rules]
        found = named or [one for one in self.entries.values() if _tagged(one, rule.tags)]
        # What explains the kind of finding stands before what is said of every break-in.
        return sorted(found, key=lambda one: one.page.section == "start")

    def chapters(self, rule: RuleRow) -> list[Page]:
        """Return the pages that continue a rule's own page."""
        names = {rule.id, *((rule_name(rule.body),) if rule.pack == OURS else ())} - {""}
        return [page for page in self._preferred(one for one in self.every if one.chapter) if page.chapter in names]

    def troubles(self) -> list[tuple[str, Text]]:
        """Say of the site's files what could not be read."""
        return [trouble for _, folder in self.site for trouble in folder.troubles]


def _place(page: Page) -> tuple[int, int, str]:
    return list(SECTIONS).index(page.section), page.order, page.title.lower()


def _tagged(entry: Entry, tags: Iterable[str]) -> bool:
    """Say whether a tag is one of the page's, or a technique below one of them."""
    wanted = [tag for page in entry.pages for tag in page.tags]
    return any(tag.lower() == one or tag.lower().startswith(f"{one}.") for tag in tags for one in wanted)


def library(desk: Desk, db: Connection, language: str) -> Library:
    """Read the handbook of a desk for a reader's language."""
    ours = [shipped(one.handbook) for one in desk.extensions if one.handbook is not None]
    return Library(ours, [(root, _site(root, desk)) for root in site_folders(desk, db)], language)


def _site(root: Path, desk: Desk) -> Folder:
    if root.is_dir():
        return read_folder(root)
    # Nobody has to make the folder inside the data folder; one that was chosen should be there.
    missing = root.parent != desk.folder.root
    return Folder((), ((str(root), text("There is no such folder.")),) if missing else ())
