"""The handbook's tables: an index of words over every page, which can be made again at any time."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

handbook = Migrations("handbook")

_V1 = (
    # One row a page and language; handbook_words has its words under the same number.
    """CREATE TABLE handbook_pages (
        id INTEGER PRIMARY KEY, "key" TEXT NOT NULL, language TEXT NOT NULL, origin TEXT NOT NULL, digest TEXT NOT NULL,
        UNIQUE ("key", language)) STRICT""",
    """CREATE VIRTUAL TABLE handbook_words USING fts5(
        title, keywords, words, tokenize = "porter unicode61 remove_diacritics 2")""",
    # The digest of all that the index was made of, so that most searches need not look at any page.
    "CREATE TABLE handbook_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)


@handbook(name="1_index")
def _index(db: Database) -> None:
    for statement in _V1:
        db.execute(statement)
