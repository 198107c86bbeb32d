"""The matrix of ATT&CK: what the rules of this desk look for, and what was found of it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from desktop_app.core.database import Connection, rows
from desktop_app.core.rules.attack import TACTICS, Cell, Tagged, matrix
from desktop_app.core.rules.references import is_foreign, technique_name
from desktop_app.extensions.logs.views.room import blueprint, kept_verdicts
from desktop_app.web import context

SHOWN = {"all": "all", "covered": "covered", "seen": "seen"}


@blueprint.get("/attack")
def attack() -> ResponseReturnValue:
    """Tactics by techniques: how many rules look for each, and what they found."""
    shown = request.args.get("show", "covered")
    shown = shown if shown in SHOWN else "covered"
    columns = matrix(_tagged(context.db()))
    cells = [cell for column in columns.values() for cell in column]
    return render_template(
        "logs/attack.html",
        shown=shown,
        columns=[(tactic, TACTICS[tactic], [one for one in column if _wanted(one, shown)], len(column))
                 for tactic, column in columns.items()],
        counts={name: len({one.technique.id for one in cells if _wanted(one, name)}) for name in SHOWN},
        called=technique_name,
        foreign=is_foreign,
    )  # fmt: skip


def _wanted(cell: Cell, shown: str) -> bool:
    return shown == "all" or (cell.findings > 0 if shown == "seen" else cell.rules + cell.off > 0)


def _tagged(db: Connection) -> list[Tagged]:
    found = rows(db, "SELECT rule_id, count(*) AS n, max(severity) AS severity FROM findings GROUP BY rule_id")
    seen: dict[str, dict[str, Any]] = {row["rule_id"]: row for row in found}
    none: dict[str, Any] = {"n": 0, "severity": 0}
    return [
        Tagged(one.rule.tags, one.rule.state == "ready" and one.rule.enabled, seen.get(key, none)["n"],
               seen.get(key, none)["severity"])
        for key, one in kept_verdicts().all(db).items() if one.rule.tags
    ]  # fmt: skip
