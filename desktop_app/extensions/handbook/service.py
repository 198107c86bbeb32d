"""What the handbook does: its contents, a guide, a rule's page, a search, an export."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit

import orjson

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Health, Question
from desktop_app.core.extension import Hit as PaletteHit
from desktop_app.core.handbook.library import Entry, Library, library, rule_name
from desktop_app.core.handbook.pages import LANGUAGES, Page
from desktop_app.core.matching import Name, best
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.catalogue import OURS, RuleRow
from desktop_app.core.rules.reading import version_of
from desktop_app.core.rules.references import known_as
from desktop_app.core.rules.standing import standing_texts
from desktop_app.core.rules.texts import Texts
from desktop_app.core.rules.words import Language
from desktop_app.core.text import Text, text
from desktop_app.extensions.handbook import store
from desktop_app.extensions.handbook.model import Document, Heading, Hit, Origin, Rendered
from desktop_app.extensions.handbook.sources.imported import about
from desktop_app.extensions.handbook.sources.markdown import Addresses, Target, render
from desktop_app.web.i18n import translator

INDEX_VERSION = "2"  # to be raised when the index holds other words of the same pages
MOST_HITS = 60
IMAGE_BYTES = 10_000_000
IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
_WEB = ("http", "https")
GUIDES = text("Handbook")


@dataclass(frozen=True, slots=True)
class Labels:
    """The words that stand in a rendered page but come from no page."""

    run: str = "Search"
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A page as it is drawn; ``site``: it is one of the site's own."""

    page: Page
    rendered: Rendered
    site: bool


class Handbook:
    """The handbook of a desk for one reader and one request."""

    def __init__(self, desk: Desk, db: Connection, language: Language) -> None:
        self.db = db
        self.desk = desk
        self.language = language
        self.library: Library = library(desk, db, language)
        self._names: dict[str, str] | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """The ids of our own rules by their Sigma names."""
        if self._names is None:
            self._names = {rule_name(body): rule_id for rule_id, body in store.named_rules(self.db, OURS)}
        return self._names

    # --- pages -------------------------------------------------------------------------------------------------------

    def parts(self, pages: Sequence[Page], labels: Labels) -> list[Part]:
        """Render pages one below the other."""
        return [Part(page, render(page.body, self._addresses(page, labels)), self._is_site(page)) for page in pages]

    def _is_site(self, page: Page) -> bool:
        return any(page.root == root for root, _ in self.library.site)

    def rules_of(self, entry: Entry) -> list[RuleRow]:
        """Return the rules that a guide explains, in the order of its pages."""
        ids = (self.names.get(one, one) for page in entry.pages for one in page.rules)
        found = (catalogue.rule(self.db, one) for one in dict.fromkeys(ids))
        return [one for one in found if one is not None]

    def texts(self, rule: RuleRow, say: Callable[[Text], str]) -> Texts:
        """Return what a rule says of itself, with plain words for values."""
        return standing_texts(rule.body, self.language, say)

    def _addresses(self, page: Page, labels: Labels) -> Addresses:
        return Addresses(
            link=self._link,
            image=lambda src: self._image(page, src),
            search=search_url,
            run=labels.run,
            refused=labels.refused,
        )

    def _link(self, href: str) -> Target | None:
        """Judge the address of a link: the web's, another page's, a rule's, a search's; no other leads anywhere."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        if parts.scheme in _WEB and parts.netloc:
            return Target(href, outside=True)
        if parts.scheme == "search":
            return Target(search_url(unquote(href.partition(":")[2])))
        if parts.scheme == "rule":
            rule_id = self.names.get(parts.path.lower(), parts.path)
            return Target(f"/handbook/rules/{quote(rule_id, safe='')}")
        if parts.scheme or parts.netloc or not parts.path.endswith(".md"):
            return None
        wanted = unquote(parts.path).rpartition("/")[2].removesuffix(".md").lower()
        return Target(f"/handbook/guides/{quote(wanted, safe='')}") if wanted in self.library.entries else None

    def _image(self, page: Page, src: str) -> str | None:
        """Return where an image of a site's page is served; an address of another place leads nowhere."""
        parts = urlsplit(src)
        shelf = next((number for number, (root, _) in enumerate(self.library.site) if root == page.root), None)
        if shelf is None or parts.scheme or parts.netloc or parts.path.startswith(("/", "\\")):
            return None
        inside = (Path(page.path).parent / unquote(parts.path)).as_posix()
        return f"/handbook/files/{shelf}/{quote(inside)}" if self.image(shelf, inside) else None

    def image(self, shelf: int, path: str) -> tuple[Path, str] | None:
        """Return an image of a site's folder and its type; None for what is none, lies outside or is too large."""
        kind = IMAGES.get(Path(path).suffix.lower())
        if kind is None or not 0 <= shelf < len(self.library.site) or "\0" in path:
            return None
        root = self.library.site[shelf][0].resolve()
        file = (root / path).resolve()
        if not file.is_relative_to(root) or not file.is_file() or file.stat().st_size > IMAGE_BYTES:
            return None
        return file, kind

    # --- search ------------------------------------------------------------------------------------------------------

    def search(self, query: str, limit: int = MOST_HITS) -> tuple[list[Hit], bool]:
        """Return the best pages for a reader's words, and whether all words were found together in one."""
        self.refresh()
        for every in (True, False):
            expression = store.match_expression(query, every=every)
            hits = store.search(self.db, expression, self.language, limit)
            if hits:
                return hits, every
        return [], True

    def refresh(self) -> None:
        """Make the index anew where what it is made of has changed; most searches find that nothing has."""
        pages = [(page.digest, str(page.root)) for page in self.library.every]
        made_of = hashlib.sha256(orjson.dumps([INDEX_VERSION, pages, store.packs_signature(self.db)])).hexdigest()
        if store.signature(self.db) == made_of:
            return
        known, wanted = store.digests(self.db), self._wanted()
        changed = [key for key, digest in wanted.items() if known.get(key) != digest]
        documents = [*self._guides(changed), *self._rules(changed)]
        store.rebuild(self.db, documents, [key for key in known if key not in wanted], made_of)

    def _every_entry(self) -> dict[tuple[str, str], Entry]:
        """Return the guides of both languages, by (id, language of the page)."""
        others = (library(self.desk, self.db, one) for one in LANGUAGES if one != self.language)
        return {
            (entry.page.id, entry.page.language): entry
            for one in (self.library, *others)
            for entry in one.entries.values()
            if not entry.foreign
        }

    def _wanted(self) -> dict[tuple[str, str], str]:
        """Return the digest of every page that should be in the index, by key and language."""
        wanted = {(f"guide/{page_id}", language): _digest(entry.pages)
                  for (page_id, language), entry in self._every_entry().items()}  # fmt: skip
        for rule_id, version, pack in store.rule_versions(self.db):
            for language in LANGUAGES if pack == OURS else ("",):
                wanted[f"rule/{rule_id}", language] = version + INDEX_VERSION
        return wanted

    def _guides(self, changed: Sequence[tuple[str, str]]) -> list[Document]:
        wanted = set(changed)
        return [
            self._guide(entry)
            for (page_id, language), entry in self._every_entry().items()
            if (f"guide/{page_id}", language) in wanted
        ]

    def _guide(self, entry: Entry) -> Document:
        parts = self.parts(entry.pages, Labels())
        headings = (one.words for part in parts for one in part.rendered.headings)
        names = _techniques([tag for page in entry.pages for tag in page.tags], entry.page.language)
        return Document(
            key=f"guide/{entry.page.id}",
            language=entry.page.language,
            origin=Origin.SITE if any(part.site for part in parts) else Origin.GUIDE,
            digest=_digest(entry.pages),
            title=entry.page.title,
            keywords=" · ".join([entry.page.short, entry.page.summary, *headings, *names]),
            words=" ".join(part.rendered.words for part in parts),
        )

    def _rules(self, changed: Sequence[tuple[str, str]]) -> list[Document]:
        languages: dict[str, list[str]] = {}
        for key, language in changed:
            if key.startswith("rule/"):
                languages.setdefault(key.removeprefix("rule/"), []).append(language)
        return [
            _rule(row, language)
            for row in store.rule_bodies(self.db, list(languages))
            for language in languages[row["id"]]
        ]


def _digest(pages: Sequence[Page]) -> str:
    return INDEX_VERSION + "+".join(page.digest for page in pages)


def _techniques(tags: Sequence[str], language: str) -> list[str]:
    """Return what the techniques of tags are called, so that a person finds a page by the name that is known to them.

    Of a page for readers of every language, in each.
    """
    spoken = [one for one in LANGUAGES if language in (one, "")]
    names = [translator(one).say(name) for one in spoken for name in known_as(tags)]
    return list(dict.fromkeys(names))


def _rule(row: Mapping[str, str], language: str) -> Document:
    key, digest = f"rule/{row['id']}", version_of(row["body"]) + INDEX_VERSION
    named = [str(one) for one in orjson.loads(row["tags"])]
    tags = " · ".join([*named, *_techniques(named, language)])
    if not language:
        return Document(key, "", Origin.IMPORTED, digest, row["title"], tags, about(row["body"]))
    spoken: Language = "zh" if language == "zh" else "en"
    texts = standing_texts(row["body"], spoken, translator(spoken).say)
    told = [texts.title, texts.why, texts.how, texts.check, *(f"{step} {more}" for step, more in texts.todo)]
    words = " ".join([*told, texts.false_alarms])
    return Document(key, language, Origin.RULE, digest, texts.name or row["title"], tags, words)


def search_url(query: str) -> str:
    """Return the address that runs a query in the log search."""
    return "/logs/?" + urlencode({"q": query})


def headings_of(parts: Sequence[Part]) -> list[Heading]:
    """Return the headings of a drawn page for its table of contents."""
    return [one for part in parts for one in part.rendered.headings]


def search_palette(desk: Desk, db: Connection, question: Question) -> list[PaletteHit]:
    """Return the guides whose titles answer the command palette, and the search of the handbook for the words."""
    entries = library(desk, db, question.language).entries.values()
    scored = [(best(question.words, Name.of(one.page.title), Name.of(one.page.short)), one.page) for one in entries]
    found = sorted((one for one in scored if one[0]), key=lambda one: -one[0])[: question.limit]
    pages = [
        PaletteHit(GUIDES, page.title, "handbook.guide", score, {"page_id": page.id}, icon="handbook")
        for score, page in found
    ]
    title = text("Search the handbook for “%(words)s”", words=question.written)
    return [*pages, PaletteHit(GUIDES, title, "handbook.search", 0.5, {"q": question.written}, icon="handbook")]


def health(desk: Desk) -> tuple[Health, ...]:
    """Say which of the site's own pages cannot be read."""
    with desk.connection() as db:
        book = library(desk, db, "en")
        return tuple(Health(text("Handbook page %(path)s", path=path), reason) for path, reason in book.troubles())
