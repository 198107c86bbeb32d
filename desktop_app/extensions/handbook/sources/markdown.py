"""Markdown -> safe HTML. What is read here may come from anybody: no HTML passes, and every address is judged.

CommonMark with tables. Addresses that a page may use: those of the web (marked, opened in the person's own browser),
``#heading``, other pages (``password-guessing.md``), ``rule:name``, ``search:query``, and images of its own folder.
A fenced block of the kind ``search`` holds a query of the log search and gets a link that runs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from desktop_app.extensions.handbook.model import Heading, Rendered

# The words before a block of commands, by the kind that its fence names: names of programs, the same in any language.
_CAPTIONS = {
    "bash": "Linux",
    "sh": "Linux",
    "powershell": "Windows PowerShell",
    "cmd": "Windows",
    "sql": "SQL",
    "yaml": "YAML",
}
_SPACES = re.compile(r"\s+")
_UNFIT = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link of a page leads. ``outside``: it is opened in the person's own browser."""

    url: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Addresses:
    """How addresses are judged: each answers None for what a page may not use. ``run`` is the label of a query."""

    link: Callable[[str], Target | None]
    image: Callable[[str], str | None]
    search: Callable[[str], str]
    run: str
    refused: str


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 30}).enable("table")
    # Addresses are judged below, where the kinds of our own are known.
    setattr(made, "validateLink", _judged_later)  # noqa: B010 - the way that the library documents, which mypy refuses
    return made


def _judged_later(_address: str) -> bool:
    return True


def render(body: str, addresses: Addresses) -> Rendered:
    """Render a page."""
    tokens = _parser().parse(body)
    headings = _name_headings(tokens)
    pieces: list[str] = []
    for token in tokens:
        if token.type == "inline":
            token.children = _judged(token.children or [], addresses, {one.anchor for one in headings})
            pieces.append(_plain(token.children))
        elif token.type in {"fence", "code_block"}:
            pieces.append(token.content)
            _draw_code(token, addresses)
    html = _parser().renderer.render(tokens, _parser().options, {})
    return Rendered(html, headings, _SPACES.sub(" ", " ".join(pieces)).strip())


def _plain(children: Sequence[Token]) -> str:
    return "".join(" " if one.type in {"softbreak", "hardbreak"} else one.content for one in children)


def anchor(words: str) -> str:
    """Return the anchor of a heading: a name that no other part of the page can have."""
    return "s-" + (_UNFIT.sub("-", words.lower()).strip("-") or "part")


def _name_headings(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Let headings begin below the page's own, and give each an anchor."""
    found: list[Heading] = []
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        level = min(max(int(token.tag[1]), 2), 4)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            words = _plain(tokens[place + 1].children or [])
            name, number = anchor(words), 2
            while name in taken:
                name, number = f"{anchor(words)}-{number}", number + 1
            taken.add(name)
            token.attrSet("id", name)
            if level < 4:
                found.append(Heading(level, name, words))
    return tuple(found)


def _judged(children: Sequence[Token], addresses: Addresses, anchors: set[str]) -> list[Token]:
    """Judge the links and images of one run of text."""
    kept: list[Token] = []
    for token in children:
        if token.type == "image":
            kept.append(_image(token, addresses))
            continue
        if token.type == "link_open":
            _judge_link(token, addresses, anchors)
        elif token.type == "link_close":
            token.tag = next(one.tag for one in reversed(kept) if one.type == "link_open")
        kept.append(token)
    return kept


def _judge_link(token: Token, addresses: Addresses, anchors: set[str]) -> None:
    href = str(token.attrGet("href") or "")
    if href.startswith("#"):
        target: Target | None = Target("#" + _anchor_of(href[1:], anchors))
    else:
        target = addresses.link(href)
    if target is None:
        token.tag, token.attrs = "span", {"class": "refused", "title": addresses.refused}
        return
    attrs: dict[str, Any] = {"href": target.url}
    token.attrs = attrs | ({"class": "out", "target": "_blank", "rel": "noopener noreferrer"} if target.outside else {})


def _anchor_of(named: str, anchors: set[str]) -> str:
    from urllib.parse import unquote

    return named if named in anchors else anchor(unquote(named))


def _image(token: Token, addresses: Addresses) -> Token:
    """Keep an image of the page's own folder; of any other, its words."""
    address = addresses.image(str(token.attrGet("src") or ""))
    words = _plain(token.children or [])
    if address is None:
        return Token("text", "", 0, content=words)
    title = token.attrGet("title")
    token.attrs = {"src": address, "alt": "", "loading": "lazy"}
    if title:
        token.attrSet("title", str(title))
    token.content = words
    return token


def _draw_code(token: Token, addresses: Addresses) -> None:
    """Draw a block of commands with a caption that says for which system it is; a query with the link that runs it."""
    kind = token.info.strip().split(" ")[0].lower() if token.info else ""
    code = f"<pre><code>{escape(token.content.rstrip())}</code></pre>"
    if kind == "search":
        url = escape(addresses.search(" ".join(token.content.split())))
        drawn = f'<div class="recipe">{code}<a class="btn sm" href="{url}">{escape(addresses.run)}</a></div>\n'
    elif kind in _CAPTIONS:
        drawn = f'<figure class="code"><figcaption>{_CAPTIONS[kind]}</figcaption>{code}</figure>\n'
    else:
        drawn = f'<figure class="code">{code}</figure>\n'
    token.type, token.content = "html_block", drawn
