"""All SQL of the handbook: the index of words, and how many findings a rule has.

SQLite's full-text search cuts words at spaces, and Chinese has none: an invisible space is put between Han letters, so
that each is a word, and a Chinese word is sought as a phrase of its letters. Words of two letters are found like any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import orjson

from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.extensions.handbook.model import Document, Hit, Origin

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BETWEEN = "\u200b"  # no letter for the tokenizer, no width for a reader
_OPEN, _CLOSE = "\ue000", "\ue001"  # around what matched; private letters, taken out of whatever is indexed
_HAN_LETTER = re.compile(f"([{_HAN}])")
_RUNS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")
_TOKEN = re.compile(r"\w")
_OURS_TO_USE = str.maketrans("", "", _BETWEEN + _OPEN + _CLOSE + "\x00")
MOST_WORDS = 20
SNIPPET_TOKENS = {"en": 28, "zh": 60}  # a Han letter is a token
# A column's weight for the rank: title, keywords, words. A lower rank is a better one. Imported rules stand below all
# that was written for the handbook: there are thousands of them, and their titles are all words.
_RANK = "bm25(handbook_words, 10.0, 4.0, 1.0)"
_BOOST = "CASE p.origin WHEN 'site' THEN 2.2 WHEN 'guide' THEN 2.0 ELSE 1.0 END"


def spaced(words: str) -> str:
    """Return words as they are indexed: every Han letter a word of its own."""
    return _HAN_LETTER.sub(rf"{_BETWEEN}\1{_BETWEEN}", words.translate(_OURS_TO_USE))


def match_expression(query: str, *, every: bool = True) -> str:
    """Return what FTS5 is asked for a reader's words: all of them (or any), the last Latin one as a beginning.

    Empty where nothing in it can be a word. Whatever the reader writes stands in quotes, so nothing is an operator.
    """
    runs = [run.strip() for word in query.translate(_OURS_TO_USE).split()[:MOST_WORDS] for run in _RUNS.findall(word)]
    wanted = [run for run in runs if _TOKEN.search(run)]
    quoted = ['"' + spaced(run).replace('"', '""') + '"' for run in wanted]
    if wanted and not _HAN_LETTER.search(wanted[-1]) and wanted[-1][-1].isalnum():
        quoted[-1] += "*"
    return (" AND " if every else " OR ").join(quoted)


def signature(db: Connection) -> str | None:
    """Return the digest of what the index was made of; None where there is none yet."""
    found = value(db, "SELECT value FROM handbook_state WHERE name = 'signature'")
    return None if found is None else str(found)


def digests(db: Connection) -> dict[tuple[str, str], str]:
    """Return the digest of each indexed page by key and language."""
    found = rows(db, 'SELECT "key", language, digest FROM handbook_pages')
    return {(row["key"], row["language"]): row["digest"] for row in found}


def rebuild(db: Connection, changed: Iterable[Document], gone: Iterable[tuple[str, str]], made_of: str) -> None:
    """Bring the index to what it is made of now: pages that changed are read again, those that are gone go."""
    with writing(db):
        for key, language in gone:
            _forget(db, key, language)
        for one in changed:
            _forget(db, one.key, one.language)
            _keep(db, one)
        db.execute(
            "INSERT INTO handbook_state (name, value) VALUES ('signature', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (made_of,),
        )


def _forget(db: Connection, key: str, language: str) -> None:
    found = value(db, 'SELECT id FROM handbook_pages WHERE "key" = ? AND language = ?', [key, language])
    if found is not None:
        db.execute("DELETE FROM handbook_words WHERE rowid = ?", (found,))
        db.execute("DELETE FROM handbook_pages WHERE id = ?", (found,))


def _keep(db: Connection, one: Document) -> None:
    made = db.execute(
        'INSERT INTO handbook_pages ("key", language, origin, digest) VALUES (?, ?, ?, ?)',
        (one.key, one.language, one.origin, one.digest),
    )
    db.execute(
        "INSERT INTO handbook_words (rowid, title, keywords, words) VALUES (?, ?, ?, ?)",
        (made.lastrowid, spaced(one.title), spaced(one.keywords), spaced(one.words)),
    )


def search(db: Connection, expression: str, language: str, limit: int) -> list[Hit]:
    """Return the best pages for an FTS5 expression, each once: in the reader's language where it is found there."""
    if not expression:
        return []
    found = rows(
        db,
        'SELECT p."key", p.language, p.origin,'
        f" highlight(handbook_words, 0, '{_OPEN}', '{_CLOSE}') AS title,"
        f" snippet(handbook_words, 2, '{_OPEN}', '{_CLOSE}', '…', {SNIPPET_TOKENS.get(language, 28)}) AS snippet"
        " FROM handbook_words JOIN handbook_pages p ON p.id = handbook_words.rowid"
        " WHERE handbook_words MATCH ?"
        f" ORDER BY p.origin = 'imported', p.language NOT IN ('', ?), {_RANK} * {_BOOST}, p.\"key\" LIMIT ?",
        [expression, language, 3 * limit],
    )
    best: dict[str, Hit] = {}
    for row in found:
        hit = Hit(row["key"], row["language"], Origin(row["origin"]), _parts(row["title"]), _parts(row["snippet"]))
        best.setdefault(hit.key, hit)
    return list(best.values())[:limit]


def _parts(marked: str) -> tuple[str, ...]:
    """Cut what FTS5 marked: plain, marked, plain, ..."""
    return tuple(re.split(f"[{_OPEN}{_CLOSE}]", marked.replace(_BETWEEN, "")))


def finding_counts(db: Connection, rule_ids: Sequence[str]) -> Mapping[str, int]:
    """Return how many findings each of these rules has; those without are not named."""
    found = rows(
        db,
        "SELECT rule_id, COUNT(*) AS n FROM findings WHERE rule_id IN (SELECT value FROM json_each(?))"
        " GROUP BY rule_id",
        [orjson.dumps(list(rule_ids)).decode()],
    )
    return {row["rule_id"]: row["n"] for row in found}


def named_rules(db: Connection, pack: str) -> list[tuple[str, str]]:
    """Return (id, text) of every rule of a pack, by title."""
    found = rows(db, "SELECT id, body FROM rules WHERE pack = ? ORDER BY title, id", [pack])
    return [(row["id"], row["body"]) for row in found]


def rule_versions(db: Connection) -> list[tuple[str, str, str]]:
    """Return (id, version, pack) of every rule."""
    return [(row["id"], row["version"], row["pack"]) for row in rows(db, "SELECT id, version, pack FROM rules")]


def rule_bodies(db: Connection, rule_ids: Sequence[str]) -> list[dict[str, str]]:
    """Return id, title, tags (JSON) and text of these rules."""
    return rows(
        db,
        "SELECT id, title, tags, body FROM rules WHERE id IN (SELECT value FROM json_each(?))",
        [orjson.dumps(list(rule_ids)).decode()],
    )


def packs_signature(db: Connection) -> str:
    """Return what changes whenever a pack of rules does."""
    return str(value(db, "SELECT COALESCE(group_concat(name || sha256 || imported, '|'), '') FROM rule_packs"))
