"""The command palette: one field for every page, action, finding, setting and whatever an extension can find.

The answers are links and buttons, so that they work on a page of their own without scripts too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from desktop_app.core.extension import Hit, Question
from desktop_app.core.matching import fold
from desktop_app.core.text import Text
from desktop_app.web import offers
from desktop_app.web.context import db, desk, language, render_text

blueprint = Blueprint("palette", __name__, url_prefix="/palette")

LONGEST = 200
SHOWN = 5  # answers of one group; without a question everything that can be done is shown


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as it is drawn. ``post``: a button that sends ``value`` (name and what it is) instead of a link.

    ``names``: by what the page itself finds it, each with a space before it; said where nothing was asked yet.
    """

    title: str
    url: str
    icon: str
    detail: str = ""
    post: bool = False
    value: tuple[str, str] | None = None
    names: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one kind, the best first."""

    title: str
    lines: tuple[Line, ...]


def question(limit: int = SHOWN) -> Question:
    """Return what this request asks."""
    written = request.args.get("q", "").strip()[:LONGEST]
    return Question(fold(written), written, language(), limit)


def answers(asked: Question) -> list[Group]:
    """Return the answers by group; the group with the best answer comes first."""
    scored: dict[str, list[tuple[float, Line]]] = {}
    for offer in offers.actions(desk(), asked):
        one = offer.action
        group = offers.DOINGS if one.post else offers.PAGES
        names = "" if asked.words else offers.known_by(one)
        line = Line(
            render_text(one.title), url_for(one.endpoint), one.icon, post=one.post, value=one.value, names=names
        )
        scored.setdefault(render_text(group), []).append((offer.score, line))
    for hit in offers.hits(desk(), db(), asked):
        scored.setdefault(render_text(hit.group), []).append((hit.score, _line(hit)))
    limit = asked.limit if asked.words else None
    drawn = [(title, sorted(some, key=lambda pair: -pair[0])[:limit]) for title, some in scored.items()]
    drawn.sort(key=lambda named: -named[1][0][0])
    return [Group(title, tuple(line for _, line in some)) for title, some in drawn]


def _said(words: Text | str) -> str:
    return words if isinstance(words, str) else render_text(words)


def _line(hit: Hit) -> Line:
    return Line(_said(hit.title), url_for(hit.endpoint, **hit.values), hit.icon, _said(hit.detail))


def draw_later(hits: Iterable[Hit]) -> str:
    """Draw the answers that an extension took longer for, as its page for ``search_later`` returns them."""
    named: dict[str, list[Line]] = {}
    for hit in hits:
        named.setdefault(render_text(hit.group), []).append(_line(hit))
    return _draw([Group(title, tuple(lines)) for title, lines in named.items()], "later")


def _draw(groups: Sequence[Group], part: str) -> str:
    return render_template("palette/answers.html", groups=groups, part=part)


@blueprint.get("/")
def index() -> str:
    """Show the palette as a page: where it leads without scripts."""
    asked = question()
    return render_template("palette/index.html", asked=asked, groups=answers(asked), part="page")


@blueprint.get("/answers")
def some_answers() -> str:
    """Draw the answers alone, for the palette that opens above a page."""
    return _draw(answers(question()), "now")
