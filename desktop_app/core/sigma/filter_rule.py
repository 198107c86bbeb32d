"""One Sigma filter -> what is added to the rules that it names. Source: the Sigma Filters specification 2.0.

A rule that a filter reaches holds where its own condition does and the filter's too; most filters say
``condition: not selection``. It reaches plain rules by id or name, or all with ``any``, of its log source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import text

ANY = "any"
Compiled = dict[str, Any]


def compile_filter(data: Mapping[str, Any], plain: Callable[[Mapping[str, Any]], Compiled]) -> Compiled:
    """Compile a filter: kind, source, tree (its condition), rules (ids and names; none means any).

    ``plain`` compiles its selections and condition as those of a rule. RuleBroken where a part is missing.
    """
    said = data["filter"]
    if not isinstance(said, dict) or not isinstance(said.get("condition"), str):
        raise RuleBroken(text("A filter needs selections and one condition."))
    if not isinstance(data.get("logsource"), dict) or not data["logsource"]:
        raise RuleBroken(text("A filter needs a log source."))
    detection = {name: one for name, one in said.items() if name != "rules"}
    compiled = plain({"title": data.get("title") or "filter", "logsource": data["logsource"], "detection": detection})
    return {**compiled, "kind": "filter", "rules": _rules(said.get("rules"))}


def _rules(named: object) -> list[str]:
    """Return the ids and names of the rules that a filter is for, none where it is for any."""
    if isinstance(named, str):
        return [] if named.lower() == ANY else [named]
    if isinstance(named, list) and all(isinstance(one, str) for one in named):
        return list(named)
    raise RuleBroken(text("A filter must say for which rules it is: their ids or names, or any."))


def reaches(compiled: Mapping[str, Any], rule_id: str, rule: Mapping[str, Any]) -> bool:
    """Say whether a compiled filter is for a compiled rule."""
    if rule["kind"] != "plain":
        return False
    covered = all(asked in ("", word) for asked, word in zip(compiled["source"], rule["source"], strict=True))
    named = compiled["rules"]
    return covered and (not named or rule_id in named or (rule["name"] != "" and rule["name"] in named))
