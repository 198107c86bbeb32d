"""The pages of the handbook: contents, guides, rules, search, and the images of a site's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, g, make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from desktop_app.core.extension import Hit as Answer
from desktop_app.core.handbook.library import Entry
from desktop_app.core.operations import BOOLEAN, Call, Operation, Parameter, any_string, array, record, string
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.catalogue import OURS, RuleRow
from desktop_app.core.rules.references import named, techniques
from desktop_app.core.rules.texts import finding_texts
from desktop_app.core.text import Text, text
from desktop_app.extensions.handbook import store
from desktop_app.extensions.handbook.forms import read_query
from desktop_app.extensions.handbook.model import Heading, Hit, Origin
from desktop_app.extensions.handbook.service import Handbook, Labels, Part, headings_of
from desktop_app.web import context
from desktop_app.web.errors import NotFound
from desktop_app.web.palette import draw_later

blueprint = Blueprint("handbook", __name__, url_prefix="/handbook")

PALETTE = 4  # pages shown in the command palette
ORIGINS: dict[Origin, Text] = {
    Origin.SITE: text("This site"),
    Origin.GUIDE: text("Guide"),
    Origin.RULE: text("Rule"),
    Origin.IMPORTED: text("Imported rule"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the contents."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as a list names it, with the number of its findings."""

    rule: RuleRow
    name: str
    findings: int

    @property
    def url(self) -> str:
        """The address of its page."""
        return url_for("handbook.rule", rule_id=self.rule.id)


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the answer to a search."""

    hit: Hit
    kind: Text
    url: str


class Contents:
    """What stands at the left of every page; read only when a page is drawn."""

    @cached_property
    def sections(self) -> list[tuple[str, list[Link]]]:
        """The guides by section."""
        here = request.path
        return [
            (context.render_text(title), [_guide_link(one, here) for one in entries])
            for title, entries in handbook().library.sections()
        ]

    @cached_property
    def rules(self) -> int:
        """How many rules there are."""
        return len(store.rule_versions(context.db()))


def handbook() -> Handbook:
    """Return the handbook of this request."""
    if "handbook" not in g:
        g.handbook = Handbook(context.desk(), context.db(), context.language())
    found: Handbook = g.handbook
    return found


@blueprint.context_processor
def contents() -> dict[str, Contents]:
    """Give every page of the handbook its contents."""
    return {"contents": Contents()}


def _guide_link(entry: Entry, here: str = "") -> Link:
    url = url_for("handbook.guide", page_id=entry.page.id)
    return Link(entry.page.title, url, url == here)


def _labels() -> Labels:
    return Labels(
        run=context.render_text(text("Search the logs")),
        refused=context.render_text(text("This address was taken out: the handbook leads only to pages and the web.")),
    )


def _lines(rules: Sequence[RuleRow]) -> list[RuleLine]:
    counts = store.finding_counts(context.db(), [one.id for one in rules])
    return [RuleLine(one, _name(one), counts.get(one.id, 0)) for one in rules]


def _name(rule: RuleRow) -> str:
    return finding_texts(rule.body, {}, context.language()).name or rule.title


@blueprint.get("/")
def index() -> str:
    """What there is to read, and what of the site's own pages could not be read."""
    book = handbook()
    sections = [(title, entries) for title, entries in book.library.sections() if entries]
    site = [root for root, _ in book.library.site]
    return render_template(
        "handbook/index.html", sections=sections, troubles=book.library.troubles(), site=site, query=""
    )


@blueprint.get("/guides/<page_id>")
def guide(page_id: str) -> str:
    """One guide."""
    book = handbook()
    entry = book.library.entries.get(page_id.lower())
    if entry is None:
        raise NotFound(
            text("There is no such page in the handbook."),
            why=text("It may have been one of the site's own, and its file is gone."),
            fix=text("Look for it with the search of the handbook."),
        )
    parts = book.parts(entry.pages, _labels())
    lines = _lines(book.rules_of(entry))
    order = list(book.library.entries.values())
    place = order.index(entry)
    return render_template(
        "handbook/guide.html",
        entry=entry,
        parts=_drawn(parts),
        headings=headings_of(parts),
        rules=lines,
        findings=sum(one.findings for one in lines),
        before=_guide_link(order[place - 1]) if place else None,
        after=_guide_link(order[place + 1]) if place + 1 < len(order) else None,
        query="",
    )


def _drawn(parts: Sequence[Part]) -> list[tuple[Part, Markup]]:
    # The renderer lets no HTML of a page through and judges every address.
    return [(part, Markup(part.rendered.html)) for part in parts]  # noqa: S704 - see above


@blueprint.get("/rules/")
def rules() -> str:
    """Every rule of ours by the guide that explains it, and how many rules each imported pack has."""
    book, db = handbook(), context.db()
    ours = [one for rule_id in book.names.values() if (one := catalogue.rule(db, rule_id)) is not None]
    groups: dict[str, list[RuleRow]] = {}
    for one in sorted(ours, key=lambda rule: -rule.severity):
        guides = book.library.guides(one)
        groups.setdefault(guides[0].page.id if guides else "", []).append(one)
    order = [*book.library.entries, ""]
    return render_template(
        "handbook/rules.html",
        groups=[(book.library.entries.get(key), _lines(groups[key])) for key in order if key in groups],
        packs=[one for one in catalogue.packs(db) if one["name"] != OURS],
        query="",
    )


@blueprint.get("/rules/<rule_id>")
def rule(rule_id: str) -> str:
    """The page of one rule."""
    book, say = handbook(), context.render_text
    found = catalogue.rule(context.db(), rule_id)
    if found is None:
        raise NotFound(
            text("There is no such rule."),
            why=text("The pack it came with may have been replaced."),
            fix=text("Look for it with the search of the handbook."),
        )
    texts = book.texts(found, say)
    parts = book.parts(book.library.chapters(found), _labels())
    return render_template(
        "handbook/rule.html",
        rule=found,
        texts=texts,
        findings=store.finding_counts(context.db(), [found.id]).get(found.id, 0),
        guides=[_guide_link(one) for one in book.library.guides(found)],
        chapters=_drawn(parts),
        headings=_rule_headings(texts, headings_of(parts)),
        references=[named(one) for one in texts.references],
        techniques=techniques(found.tags),
        query="",
    )


def _rule_headings(texts: object, more: Sequence[Heading]) -> list[Heading]:
    own = [(name, title) for name, title in RULE_PARTS.items() if getattr(texts, name)]
    return [*(Heading(2, f"r-{name}", context.render_text(title)) for name, title in own), *more]


# The parts of a rule's page, by the names of its texts.
RULE_PARTS: dict[str, Text] = {
    "why": text("What it means"),
    "how": text("How it comes about"),
    "condition": text("When it fires"),
    "check": text("How to check it"),
    "todo": text("What to do"),
    "false_alarms": text("When it is a false alarm"),
    "references": text("References"),
}


@blueprint.app_context_processor
def rule_parts() -> dict[str, dict[str, Text]]:
    """Name the parts of a rule's page for its template."""
    return {"RULE_PARTS": RULE_PARTS}


@blueprint.get("/search")
def search() -> str:
    """The answer to a search; htmx asks for the list alone."""
    query = read_query(request.args)
    hits, every = handbook().search(query) if query else ([], True)
    found = [Found(one, ORIGINS[one.origin], _url(one)) for one in hits]
    part = request.headers.get("HX-Target") == "found"
    return render_template(
        "handbook/_found.html" if part else "handbook/search.html", found=found, every=every, query=query
    )


def _place(hit: Hit) -> tuple[str, dict[str, str]]:
    kind, _, name = hit.key.partition("/")
    return ("handbook.guide", {"page_id": name}) if kind == "guide" else ("handbook.rule", {"rule_id": name})


def _url(hit: Hit) -> str:
    endpoint, values = _place(hit)
    return url_for(endpoint, **values)  # type: ignore[arg-type] # every value is a part of the path


@blueprint.get("/palette")
def palette() -> str:
    """The best pages with all words that were typed into the command palette."""
    query = read_query(request.args)
    hits, every = handbook().search(query, PALETTE) if query else ([], True)
    return draw_later(_answer(one) for one in hits if every)


def _answer(hit: Hit) -> Answer:
    endpoint, values = _place(hit)
    return Answer(text("Handbook"), "".join(hit.title), endpoint, 0.0, values, ORIGINS[hit.origin], "handbook")


@blueprint.get("/files/<int:shelf>/<path:path>")
def file(shelf: int, path: str) -> ResponseReturnValue:
    """An image of a site's page."""
    found = handbook().image(shelf, path)
    if found is None:
        raise NotFound(
            text("There is no such image."), fix=text("Images lie in the folder of the site's own handbook pages.")
        )
    place, kind = found
    answer = make_response(send_file(place, mimetype=kind))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return answer


# --- the API ---------------------------------------------------------------------------------------------------------

_GUIDE = record(id=any_string(), title=any_string(), section=any_string(), rules=array(any_string()))
_HIT = record(key=any_string(), title=any_string(), snippet=any_string(), language=any_string())


def _guide_json(entry: Entry) -> dict[str, object]:
    page = entry.page
    return {"id": page.id, "title": page.title, "section": page.section, "rules": sorted(entry.rules)}


def _list_guides(call: Call) -> object:
    book = Handbook(call.desk, call.db, call.language)
    return {"guides": [_guide_json(one) for one in book.library.entries.values()]}


def _get_guide(call: Call) -> object:
    book = Handbook(call.desk, call.db, call.language)
    entry = book.library.entries.get(call.values["id"].lower())
    if entry is None:
        raise NotFound(text("There is no such page in the handbook."))
    return {"guide": _guide_json(entry), "markdown": [page.body for page in entry.pages]}


def _find(call: Call) -> object:
    hits, every = Handbook(call.desk, call.db, call.language).search(call.values["q"])
    found = [
        {"key": one.key, "title": "".join(one.title), "snippet": "".join(one.snippet), "language": one.language}
        for one in hits
    ]
    return {"every_word": every, "found": found}


OPERATIONS = (
    Operation(
        "listGuides", "GET", "/handbook/guides", "The guides, ours and the site's.", record(guides=array(_GUIDE)),
        _list_guides,
    ),
    Operation(
        "getGuide", "GET", "/handbook/guides/{id}", "One guide as Markdown, with what extends it.",
        record(guide=_GUIDE, markdown=array(any_string())), _get_guide, (Parameter("id", string(1, 200)),),
    ),
    Operation(
        "searchHandbook", "GET", "/handbook/search", "Guides and rules by their words.",
        record(every_word=BOOLEAN, found=array(_HIT)), _find, (Parameter("q", string(1, 200), required=True),),
    ),
)  # fmt: skip
