"""Finding rules by what they are called in any language, fast enough to answer while somebody types."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest

from desktop_app.core.database import Connection, rows
from desktop_app.core.matching import Name, best
from desktop_app.core.rules.catalogue import OURS
from desktop_app.core.rules.texts import names


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule by its names. ``called`` is the first of its names in each language that it speaks.

    ``said`` holds all its names folded, ``sought`` their initials too: what lacks a word is passed over at once.
    """

    id: str
    pack: str
    called: Mapping[str, str]
    names: tuple[Name, ...]
    said: str
    sought: str

    def title(self, language: str) -> str:
        """Return what it is called, in the reader's language where it speaks it."""
        return self.called.get(language) or self.called.get("en") or self.id


class RuleNames:
    """The names of all rules of one desk, read again when the catalogue has changed; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: tuple[object, ...] | None = None
        self._known: tuple[KnownRule, ...] = ()

    def all(self, db: Connection) -> tuple[KnownRule, ...]:
        """Return every rule."""
        stamp = tuple(db.execute("SELECT COUNT(*), MAX(rowid), MAX(changed) FROM rules").fetchone())
        with self._lock:
            if stamp != self._stamp:
                self._known = tuple(_known(db))
                self._stamp = stamp
            return self._known

    def find(self, db: Connection, asked: str, limit: int) -> list[tuple[float, KnownRule]]:
        """Return the rules that answer folded words best, with their scores."""
        words = asked.split()
        likely = (one for one in self.all(db) if all(word in one.sought for word in words))
        scored = ((best(asked, *one.names, loose=False), one) for one in likely)
        return nlargest(limit, (pair for pair in scored if pair[0] > 0), key=_worth)

    def about(self, db: Connection, word: str) -> list[str]:
        """Return the ids of the rules with a folded word in one of their names."""
        return [one.id for one in self.all(db) if word in one.said]


def _worth(scored: tuple[float, KnownRule]) -> tuple[float, bool, int]:
    """Of equal answers ours come first, then the shorter ones."""
    score, found = scored
    return score, found.pack == OURS, -min(len(name.folded) for name in found.names)


def _known(db: Connection) -> list[KnownRule]:
    # Only our own rules speak more than one language; reading the YAML of thousands would be felt.
    found = rows(db, "SELECT id, pack, title, CASE WHEN pack = ? THEN body ELSE '' END AS body FROM rules", [OURS])
    return [_one(row["id"], row["pack"], row["title"], names(row["body"]) if row["body"] else {}) for row in found]


def _one(rule_id: str, pack: str, title: str, told: Mapping[str, tuple[str, ...]]) -> KnownRule:
    called = {language: said[0] for language, said in told.items() if said} or {"en": title}
    said = dict.fromkeys([title, *(one for names_ in told.values() for one in names_)])
    ready = tuple(Name.of(one) for one in said)
    folded = "\n".join(one.folded for one in ready)
    return KnownRule(rule_id, pack, called, ready, folded, "\n".join((folded, *(one.initials for one in ready))))
