"""What a decision about rules asks of stored events: which rules are to be judged anew, and whether others are too.

Beside ``changes``, and without its parser: every command may undo, and loads this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows

_MATTERS = ("version", "site", "enabled")
# Keys of the document itself, which stand at the beginning of a line; a rule written as JSON counts as one of each.
_FILTER = re.compile(r"""(?m)\A\s*\{|^["']?filter["']?\s*:""")
_FAMILY = re.compile(r"""(?m)\A\s*\{|^["']?(?:filter|correlation)["']?\s*:""")


def of_decision(db: Connection, undo_id: int, *, undone: bool = False) -> dict[str, str]:
    """Return the rules that a decision changed: ids with the texts that they had before, empty where they had none.

    ``undone``: with the texts that they have now, because it is about to be taken back.
    """
    [found] = rows(db, "SELECT kind, before FROM undo WHERE id = ?", [undo_id])
    parts = orjson.loads(found["before"]) if found["kind"] == undo.ROWS else []
    told = [one for one in parts if one["table"] == "rules"]
    before = {row["id"]: row for one in told for row in one["rows"]}
    present = _present(db, {*before, *(key for one in told for key in one["keys"])})
    known = present if undone else before
    ids = [one for one in sorted(before.keys() | present.keys()) if not _same(before.get(one), present.get(one))]
    return {one: known.get(one, {}).get("body", "") for one in ids}


def _present(db: Connection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    listed = orjson.dumps(list(ids)).decode()
    found = rows(
        db,
        f"SELECT id, body, state, {', '.join(_MATTERS)} FROM rules WHERE id IN (SELECT value FROM json_each(?))",
        [listed],
    )
    return {row["id"]: row for row in found}


def _same(before: Mapping[str, Any] | None, present: Mapping[str, Any] | None) -> bool:
    """Say whether a rule that was told whole finds what it found: it was only moved, or did not run and does not."""
    if before is not None and "body" not in before:
        return False
    was, runs = ([one[name] for name in _MATTERS] if one is not None and one["state"] == "ready" else None
                 for one in (before, present))  # fmt: skip
    return was == runs


def beyond(db: Connection, former: Mapping[str, str]) -> bool:
    """Say whether changes of rules by id, each with its former text, may change what is found by others too.

    A filter narrows the rules that it names. What a correlation counted is silent, and may not be once that is gone.
    """
    present = [row["body"] for row in _present(db, former).values()]
    return any(map(_FAMILY.search, former.values())) or any(map(_FILTER.search, present))
