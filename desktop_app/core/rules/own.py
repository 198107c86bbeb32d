"""The site's own rules: checked while they are written, saved with a way back, compared with what they were."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.rules import catalogue, changes
from desktop_app.core.rules.cache import folder_of, remember
from desktop_app.core.rules.catalogue import SITE
from desktop_app.core.rules.packs import RuleFile
from desktop_app.core.rules.reading import LEVELS, ReadRule, read_document, read_rules
from desktop_app.core.rules.site import read_site
from desktop_app.core.rules.words import Language, condition
from desktop_app.core.sigma.documents import MAX_BYTES, Document, documents
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

NEW = """title: What the events show, in a few words
status: experimental
description: Why this matters here.
author:
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\example.exe'
    condition: selection
falsepositives:
    - Nothing known
level: medium
"""
# A check takes up to 4 us a byte, so a quarter of a second for this; the largest rule of SigmaHQ has 60 KB.
LIVE_BYTES = 64_000
_QUOTED = re.compile(r"['\"“]([^'\"”]{2,80})['\"”]")
_TOPICS = ("condition", "timeframe", "timespan", "detection", "logsource", "correlation", "level", "status", "tags",
           "date", "modified", "author", "id", "title")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, or worth a thought (``error`` False), with its place from 1; 0 where that is not known."""

    reason: Text
    line: int = 0
    column: int = 0
    error: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``rule`` is there where the text is one rule, usable or not."""

    problems: tuple[Problem, ...]
    rule: ReadRule | None = None

    @property
    def usable(self) -> bool:
        """Whether it can be saved and run."""
        return self.rule is not None and not any(one.error for one in self.problems)

    def words(self, language: Language) -> str:
        """Say when it fires; empty while that cannot be told."""
        compiled = self.rule.compiled if self.rule is not None else None
        return "" if compiled is None else condition(compiled, language)


def live_check(db: Connection, body: str, rule_id: str | None = None) -> Checked:
    """Check a text that is being written, unless that would hold the page up: a long one is only said to be long."""
    size = _size(body)
    if LIVE_BYTES < size <= MAX_BYTES:
        said = text("This text is not checked while it is written: it has %(size)s bytes, more than %(limit)s. It is"
                    " checked whole when you try or save it.", size=size, limit=LIVE_BYTES)  # fmt: skip
        return Checked((Problem(said, error=False),))
    return check(db, body, rule_id)


def _size(body: str) -> int:
    return len(body.encode("utf-8", "surrogatepass"))


def check(db: Connection, body: str, rule_id: str | None = None) -> Checked:
    """Check the text of one rule; ``rule_id`` is the rule that it is a new version of."""
    body = body.replace("\r\n", "\n")
    if _size(body) > MAX_BYTES:
        return Checked((Problem(text("A rule may have %(limit)s bytes.", limit=MAX_BYTES)),))
    found = list(documents(body))
    if not found:
        return Checked((Problem(text("Nothing is written yet.")),))
    if len(found) > 1:
        second = next((one.line for one in found[1:] if isinstance(one, Document)), 0)
        return Checked((Problem(text("Write one rule at a time; import a file to bring in several."), second, 1),))
    if isinstance(found[0], RuleBroken):
        return Checked((Problem(found[0].reason, found[0].line, found[0].column),))
    read = read_document(SITE, "rule.yml", found[0], read_site(db))
    return Checked(tuple(_problems(db, body, found[0].data, read, rule_id)), read)


def _problems(
    db: Connection, body: str, data: Mapping[str, Any], read: ReadRule, rule_id: str | None
) -> Iterator[Problem]:
    if read.reason is not None:
        yield Problem(read.reason, *_place(body, str(read.reason)))
    if not str(data.get("title") or "").strip():
        yield Problem(text("The rule needs a title."), 1, 1)
    named = str(data["id"]) if data.get("id") else None
    if rule_id is not None and named != rule_id:
        yield Problem(text("The id of a rule that exists cannot change; copy the rule instead."), *_key(body, "id"))
    elif rule_id is None and named is not None and catalogue.rule(db, read.id) is not None:
        yield Problem(text("Another rule has this id. Leave the line out: a new one is made."), *_key(body, "id"))
    if "filter" not in data and str(data.get("level") or "").lower() not in LEVELS:
        yield Problem(text("No level is given that is known: it counts as low."), *_key(body, "level"), error=False)
    if read.compiled is not None and read.compiled.get("tree") is True:
        yield Problem(text("The rule matches every event of its log source."), *_key(body, "condition"), error=False)


def _key(body: str, name: str) -> tuple[int, int]:
    """Return where a name with a value begins, (1, 1) where it is not written."""
    found = re.search(rf"(?m)^[ \t]*({re.escape(name)})[ \t]*:", body)
    if found is None:
        return 1, 1
    return body.count("\n", 0, found.start(1)) + 1, found.start(1) - body.rfind("\n", 0, found.start(1))


def _place(body: str, reason: str) -> tuple[int, int]:
    """Return where a complaint of the parser, which names no place, most likely points."""
    for word in _QUOTED.findall(reason):
        at = body.find(word)
        if at >= 0:
            return body.count("\n", 0, at) + 1, at - body.rfind("\n", 0, at)
    lower = reason.lower()
    return next((_key(body, one) for one in _TOPICS if one in lower and _key(body, one) != (1, 1)), (1, 1))


def copy_of(body: str) -> str:
    """Return the text of a copy: without the id, saying what it was made from."""
    found = re.search(r"(?m)^id:[ \t]*(\S+)[ \t]*\n", body)
    if found is None:
        return body
    rest = body[: found.start()] + body[found.end() :]
    if re.search(r"(?m)^related:", rest):
        return rest
    title = re.search(r"(?m)^title:.*\n", rest)
    at = title.end() if title else 0
    return f"{rest[:at]}related:\n    - id: {found[1]}\n      type: derived\n{rest[at:]}"


def save(db: Connection, body: str, rule_id: str | None = None) -> tuple[str, Decision | None]:
    """Save a rule of the site's own, journaled; returns its id, and None where nothing is another.

    UsageError where the text is no usable rule or ``rule_id`` is none of the site's.
    """
    body = body.replace("\r\n", "\n").rstrip() + "\n"
    stored = catalogue.rule(db, rule_id) if rule_id is not None else None
    if rule_id is not None and (stored is None or stored.pack != SITE):
        raise UsageError(text("This is no rule of your own."), fix=text("Make a copy of it and change that."))
    checked = check(db, body, rule_id)
    if not checked.usable:
        raise UsageError(text("The rule cannot be saved yet."), why=next(one.reason for one in checked.problems))
    if rule_id is None and not re.search(r"(?m)^id:", body):
        title = re.search(r"(?m)^title:.*\n", body)
        at = title.end() if title else 0
        body = f"{body[:at]}id: {uuid.uuid4()}\n{body[at:]}"
    file = RuleFile(stored.path if stored else "rule.yml", body.encode())
    read = next(read_rules(SITE, [file], site=read_site(db)))
    return read.id, _store(db, read, stored.path if stored else f"{_slug(read.title)}-{read.id[:8]}.yml")


def _slug(title: str) -> str:
    return re.sub(r"[^\w]+", "_", title.lower()).strip("_")[:60] or "rule"


def _store(db: Connection, read: ReadRule, path: str) -> Decision | None:
    with writing(db):
        standing = changes.Standing(db, SITE, [read.id])
        known = catalogue.rule(db, read.id)
        catalogue.store_rule(db, SITE, replace(read, path=path))
        _touch_pack(db)
        said = text("Saved the rule %(rule)s", rule=read.title)
        decision = standing.journal(db, said if known else text("Wrote the rule %(rule)s", rule=read.title))
    if read.compiled is not None:
        remember(folder_of(db), {read.form: read.compiled})
    return decision


def _touch_pack(db: Connection) -> None:
    db.execute(
        "INSERT INTO rule_packs (name, path, sha256, imported) VALUES (?, '', '', ?)"
        " ON CONFLICT (name) DO UPDATE SET imported = excluded.imported",
        (SITE, now()),
    )


def remove(db: Connection, rule_id: str) -> Decision | None:
    """Remove a rule of the site's own, journaled; what it found stays."""
    stored = catalogue.rule(db, rule_id)
    if stored is None or stored.pack != SITE:
        raise UsageError(text("This is no rule of your own."), fix=text("Switch it off instead."))
    with writing(db):
        standing = changes.Standing(db, SITE, [rule_id])
        db.execute("DELETE FROM rules WHERE id = ?", (rule_id,))
        return standing.journal(db, text("Removed the rule %(rule)s", rule=stored.title))


# --- what a rule was --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """A text that a rule had. ``actor``: who replaced it, None where the program did."""

    id: int
    rule_id: str
    version: str
    pack: str
    title: str
    body: str
    since: Micros
    until: Micros
    actor: str | None


def versions(db: Connection, rule_id: str) -> list[Version]:
    """Return what a rule was before, the newest first; the last twenty are kept."""
    found = rows(
        db,
        "SELECT id, rule_id, version, pack, title, body, since, until, actor FROM rule_versions WHERE rule_id = ?"
        " ORDER BY id DESC",
        [rule_id],
    )
    return [Version(**row) for row in found]


def go_back(db: Connection, version_id: int) -> tuple[str, Decision | None]:
    """Let a rule of the site's own be what it was; returns its id and the decision."""
    found = rows(db, "SELECT rule_id, body FROM rule_versions WHERE id = ?", [version_id])
    if not found:
        raise UsageError(text("This version is not kept any more."), why=text("The newest twenty of a rule are."))
    return save(db, found[0]["body"], found[0]["rule_id"])
