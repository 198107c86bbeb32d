"""The plain values of a report as one self-contained HTML file: our templates, or those that a site put in their place.

Templates run in Jinja's sandbox over plain values, with files of their own folder alone. The page around them (head,
policy, style) is always ours: no script runs in a report, and it asks nothing of anything outside itself.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from desktop_app.core.paths import resource
from desktop_app.web import i18n
from desktop_app.web.context import number
from desktop_app.web.i18n import Language, Translator

LARGEST_BODY = 64 * 1024**2  # characters; 5,000 findings told in full are a third of it
MAIN = "report.html"
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


class TooLarge(Exception):
    """A template wrote more than any report is long."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a site changed: its templates by name, its style, the words on its cover, its logo as a data address."""

    templates: Mapping[str, str]
    style: str = ""
    cover: str = ""
    logo: str = ""


PLAIN = Own({})


def folder() -> Path:
    """Return the folder of our own templates."""
    return resource("ui", "templates", "report", "document")


@cache
def style() -> str:
    """Return the style sheet that every report carries inside itself."""
    return resource("ui", "static", "report.css").read_text(encoding="utf-8")


def page(report: Mapping[str, Any], own: Own = PLAIN) -> str:
    """Return the whole file. Raises jinja2.TemplateError for a faulty template, TooLarge for one that never ends."""
    environment = _environment(_language(report), own)
    written = body(environment, report, own)
    styles = "\n".join(part for part in (style(), _printed(report["cover"], report["digest"]), own.style) if part)
    frame = _environment(_language(report), PLAIN).get_template("page.html")
    return frame.render(report=report, style=styles, policy=policy(styles.encode()), body=written)


def body(environment: ImmutableSandboxedEnvironment, report: Mapping[str, Any], own: Own) -> str:
    """Return what stands between the body's tags; written piece by piece, so that its length can be watched."""
    pieces, length = [], 0
    for piece in environment.get_template(MAIN).generate(report=report, logo=own.logo, cover_text=own.cover):
        length += len(piece)
        if length > LARGEST_BODY:
            raise TooLarge
        pieces.append(piece)
    return "".join(pieces)


def policy(styles: bytes) -> str:
    """Return the content policy under which a report is shown: its own style, pictures inside it, nothing else."""
    digest = b64encode(hashlib.sha256(styles).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def policy_of(document: bytes) -> str:
    """Return the policy for a report that was frozen, by the style that it carries."""
    found = _STYLE.search(document)
    return policy(found[1] if found else b"")


def check(language: Language, own: Own, report: Mapping[str, Any]) -> None:
    """Compile every template of a site and draw the report with them; raises as ``page`` does."""
    environment = _environment(language, own)
    for name in own.templates:
        environment.get_template(name)
    body(environment, report, own)


def _language(report: Mapping[str, Any]) -> Language:
    return next((one for one, tag in i18n.TAGS.items() if tag == report["language"]), "en")


def _environment(language: Language, own: Own) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        # A site's files were read before, with their size and place checked: no path is followed from here.
        loader=ChoiceLoader([FunctionLoader(_of(own)), FileSystemLoader(str(folder()))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translate: Translator = i18n.translator(language)
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined] # added by the extension
    install(translate.gettext, translate.ngettext, newstyle=True)
    environment.filters["number"] = number
    return environment


def _of(own: Own) -> Callable[[str], tuple[str, str, None] | None]:
    """Return what finds a site's templates; their name goes with them, so that a fault can be placed."""
    return lambda name: (own.templates[name], name, None) if name in own.templates else None


# --- the printed page ------------------------------------------------------------------------------------------------


def _printed(cover: Mapping[str, Any], digest: str) -> str:
    """Return the head and foot of printed pages; they are drawn by whatever prints, so they stand in the style."""
    head = " · ".join(one for one in (cover["site"], cover["title"]) if one)
    small = "font-size:8.5pt;color:#545d6b;font-family:sans-serif"
    return (
        "@page{size:A4;margin:20mm 16mm 18mm;"
        f"@top-left{{content:{_quoted(head)};{small}}}"
        f"@top-right{{content:{_quoted(str(cover['made']))};{small}}}"
        f"@bottom-left{{content:{_quoted('SHA-256 ' + digest[:16])};{small}}}"
        f'@bottom-right{{content:counter(page) " / " counter(pages);{small}}}}}'
        "@page:first{@top-left{content:none}@top-right{content:none}}"
    )


def _quoted(words: str) -> str:
    """Return words as a CSS string; whatever is no letter or digit is written by its number."""
    safe = "".join(one if one.isalnum() or one in " -" else f"\\{ord(one):x} " for one in words)
    return f'"{safe}"'
