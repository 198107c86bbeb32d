"""Finding findings by anything they are called: number, asset, values, the title of their rule in any language."""

from __future__ import annotations

from typing import Any

import orjson

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows
from desktop_app.core.findings import FindingRow
from desktop_app.core.rules.finder import RuleNames

_WORD = """(f.rule_id IN (SELECT value FROM json_each(?)) OR a.name LIKE ? ESCAPE '\\'
    OR f."values" LIKE ? ESCAPE '\\' OR 'WD-' || f.id LIKE ? ESCAPE '\\')"""


def _like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def find(db: Connection, names: RuleNames, asked: str, limit: int) -> list[FindingRow]:
    """Return the findings that hold every one of some folded words; what waits and presses most comes first."""
    words = asked.split()
    if not words:
        return []
    params: list[Any] = []
    for word in words:
        anywhere = f"%{_like(word)}%"
        params += [orjson.dumps(names.about(db, word)).decode(), anywhere, anywhere, f"{_like(word)}%"]
    found = rows(
        db,
        f"SELECT f.id FROM findings f JOIN assets a ON a.id = f.asset_id WHERE {' AND '.join([_WORD] * len(words))}"
        " ORDER BY lower('WD-' || f.id) = ? DESC, f.status = 'new' DESC, f.severity DESC, f.last_seen DESC LIMIT ?",
        [*params, asked, limit],
    )
    return findings.some(db, [row["id"] for row in found])
