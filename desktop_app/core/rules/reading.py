"""Rule files -> rows of the catalogue: every document of every file gets one, what is wrong with it included."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.core.rules.packs import RuleFile
from desktop_app.core.sigma.documents import Document, documents, read_text
from desktop_app.core.sigma.errors import RuleBroken, RuleProblem
from desktop_app.core.sigma.site import NOTHING_ADDED, Site
from desktop_app.core.text import Text, text

LEVELS = ("informational", "low", "medium", "high", "critical")
Known = Mapping[str, Mapping[str, Any]]
NOTHING_KNOWN: Known = {}
DEFAULT_LEVEL = "low"  # a rule without a level shall not shout
# Rules without an id of their own are known by pack and path under this name space.
_NAMESPACE = uuid.UUID("6e1d3f0a-58a4-4c62-9d0c-3d2c7b7f7a11")


@dataclass(frozen=True, slots=True)
class _Ground:
    """What rules are read on."""

    known: Known
    site: Site


@dataclass(frozen=True, slots=True)
class ReadRule:
    """One rule as it goes into the catalogue. ``compiled`` is None unless it is ready; ``site``: see Site.key."""

    id: str
    path: str
    version: str
    title: str
    level: str
    status: str
    source: tuple[str, str, str]
    tags: tuple[str, ...]
    body: str
    state: str
    reason: Text | None
    compiled: Mapping[str, Any] | None
    site: str = ""

    @property
    def form(self) -> str:
        """The key of its compiled form."""
        return form_of(self.version, self.site)


def form_of(version: str, site: str) -> str:
    """Return the key of a compiled rule: its version, and what the site adds to it where that touches it."""
    return f"{version}-{site}" if site else version


def version_of(body: str) -> str:
    """Return a rule's version: the first 12 hex digits of the SHA-256 of its text."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _source(data: Mapping[str, Any]) -> tuple[str, str, str]:
    named = data.get("logsource")
    words = named if isinstance(named, dict) else {}
    return _word(words.get("product")), _word(words.get("category")), _word(words.get("service"))


def _without_id(pack: str, path: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{pack}/{path}"))


def _id(data: Mapping[str, Any], pack: str, path: str) -> str:
    try:
        return str(uuid.UUID(str(data["id"])))
    except (KeyError, ValueError):
        return _without_id(pack, path)


def compiled_for(data: Mapping[str, Any], site: Site) -> tuple[Mapping[str, Any] | None, str, Text | None]:
    """Compile a rule for a site: the result or None, its state and the reason."""
    from desktop_app.core.sigma.rule import compile_rule  # pySigma takes its time, and is rarely needed

    try:
        return compile_rule(data, site), "ready", None
    except RuleProblem as problem:
        return None, problem.state, problem.reason


def _rule(document: Document, pack: str, path: str, ground: _Ground) -> ReadRule:
    data, version = document.data, version_of(document.text)
    site = ground.site.key(_source(data), document.text)
    before = ground.known.get(form_of(version, site))
    compiled, state, reason = compiled_for(data, ground.site) if before is None else (before, "ready", None)
    level = _word(data.get("level")).lower()
    return ReadRule(
        id=_id(data, pack, path),
        path=path,
        version=version,
        title=str(data.get("title") or path)[:500],
        level=level if level in LEVELS else DEFAULT_LEVEL,
        status=_word(data.get("status")),
        source=_source(data),
        tags=_words(data.get("tags")),
        body=document.text,
        state=state,
        reason=reason,
        compiled=compiled,
        site=site,
    )


def read_document(pack: str, path: str, document: Document, site: Site) -> ReadRule:
    """Return the row of the one rule of a file, whose text has been taken apart already."""
    return _rule(document, pack, path, _Ground(NOTHING_KNOWN, site))


def unusable(pack: str, path: str, reason: Text, body: str = "") -> ReadRule:
    """Return the row of something that cannot be a rule, known by its place, with the reason."""
    identity = _without_id(pack, path)
    words = ("", "", "")
    return ReadRule(identity, path, version_of(body), path, DEFAULT_LEVEL, "", words, (), body, "broken", reason, None)


def _of_file(pack: str, file: RuleFile, ground: _Ground) -> Iterator[ReadRule]:
    if isinstance(file.content, RuleBroken):
        yield unusable(pack, file.path, file.content.reason)
        return
    try:
        body = read_text(file.content)
    except RuleBroken as problem:
        yield unusable(pack, file.path, problem.reason)
        return
    found = list(documents(body))
    if not found:
        yield unusable(pack, file.path, text("The file is empty."), body)
    for number, one in enumerate(found, start=1):
        path = file.path if len(found) == 1 else f"{file.path}#{number}"
        if isinstance(one, Document):
            yield _rule(one, pack, path, ground)
        else:
            yield unusable(pack, path, one.reason, body if len(found) == 1 else "")


def read_rules(
    pack: str, files: Iterable[RuleFile], known: Known = NOTHING_KNOWN, site: Site = NOTHING_ADDED
) -> Iterator[ReadRule]:
    """Yield every rule of a pack; of two with one id, the second is broken and says so.

    ``known``: compiled rules by form, so that what was read before is not compiled again; ``site``: what is added to
    them here.
    """
    ground = _Ground(known, site)
    seen: dict[str, str] = {}
    for file in files:
        for rule in _of_file(pack, file, ground):
            first = seen.setdefault(rule.id, rule.path)
            if first == rule.path:
                yield rule
            else:
                reason = text("The rule has the same id as %(path)s.", path=first)
                yield unusable(pack, rule.path, reason, rule.body)
