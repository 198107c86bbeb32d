"""One Sigma document -> what the engine runs: JSON, nothing of pySigma inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaError
from sigma.policy import SigmaPolicy
from sigma.policy.regex_engine import RegexEngine, RegexPattern
from sigma.rule import SigmaRule

from desktop_app.core.sigma import regex
from desktop_app.core.sigma.correlation_rule import compile_correlation
from desktop_app.core.sigma.documents import TOO_DEEP
from desktop_app.core.sigma.errors import RuleBroken, RuleUnsupported
from desktop_app.core.sigma.filter_rule import compile_filter
from desktop_app.core.sigma.site import NOTHING_ADDED, Site
from desktop_app.core.sigma.tree import Node, conjunction, disjunction, negate
from desktop_app.core.sigma.values import field_value, keyword
from desktop_app.core.text import text

Compiled = dict[str, Any]

MAX_CONDITION = 10_000  # characters; the longest condition of SigmaHQ has 542
MAX_TERMS = 20_000  # that ``1 of`` and its like stand for
_OF = re.compile(r"\bof\b")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


class _Engine(RegexEngine):
    # pySigma's own are RE2, which refuses what ``regex.searcher`` can do without it and complains on stderr, and
    # Python's. What is safe to search for is judged where values are compiled.
    def compile(self, pattern: str, flags: int = 0) -> RegexPattern:
        letters = "".join(letter for letter, flag in _FLAGS.items() if flags & flag)
        return cast("RegexPattern", regex.tried(pattern, letters))

    @property
    def error(self) -> type[re.error]:
        return re.error


_POLICY = SigmaPolicy(regex_engine=_Engine())


def _tree(condition: Any) -> Node:
    if isinstance(condition, ConditionAND):
        return conjunction([_tree(one) for one in condition.args])
    if isinstance(condition, ConditionOR):
        return disjunction([_tree(one) for one in condition.args])
    if isinstance(condition, ConditionNOT):
        return negate(_tree(condition.args[0]))
    if isinstance(condition, ConditionFieldEqualsValueExpression):
        return field_value(condition.field, condition.value)
    if isinstance(condition, ConditionValueExpression):
        return keyword(condition.value)
    raise RuleUnsupported(
        text("The engine does not know conditions of the kind %(kind)s.", kind=type(condition).__name__)
    )


def _check_condition(detection: Any) -> None:
    """Refuse a condition that would take minutes to be taken apart: its length counts, and what ``1 of`` stands for."""
    if not isinstance(detection, dict):
        return
    condition = detection.get("condition")
    lines = list(map(str, condition)) if isinstance(condition, list) else [str(condition)]
    if sum(map(len, lines)) > MAX_CONDITION:
        raise RuleBroken(text("The condition is longer than %(limit)s characters.", limit=MAX_CONDITION))
    if sum(len(_OF.findall(one)) for one in lines) * len(detection) > MAX_TERMS:
        raise RuleBroken(TOO_DEEP)


def _plain(data: Mapping[str, Any], site: Site) -> Compiled:
    _check_condition(data.get("detection"))
    rule = SigmaRule.from_dict(dict(data), policy=_POLICY)
    site.apply(rule)
    source = rule.logsource
    return {
        "kind": "plain",
        "source": [source.product or "", source.category or "", source.service or ""],
        "tree": disjunction([_tree(condition.parsed) for condition in rule.detection.parsed_condition]),
    }


def _compiled(data: Mapping[str, Any], site: Site) -> Compiled:
    if "correlation" in data:
        return compile_correlation(data, site)
    if "filter" in data and "detection" not in data:
        return compile_filter(data, lambda selections: _plain(selections, site))
    return _plain(data, site)


def _fingerprint(block: Any) -> list[str]:
    """Return the fields that tell a rule's findings apart, from its ``watchdesk:`` block."""
    named = block.get("fingerprint") if isinstance(block, dict) else None
    return [str(one) for one in named] if isinstance(named, list) else []


def compile_rule(data: Mapping[str, Any], site: Site = NOTHING_ADDED) -> Compiled:
    """Compile one parsed document for a site; RuleBroken or RuleUnsupported says in one sentence why not.

    Result of a plain rule: kind, name, fingerprint, source [product, category, service], tree. Of a correlation: see
    ``correlation_rule``; of a filter: ``filter_rule``.
    """
    if "action" in data:
        raise RuleUnsupported(text("Rules that share parts by 'action' are an old form of Sigma; write each rule out."))
    try:
        compiled = _compiled(data, site)
    except SigmaError as error:
        raise RuleBroken(text("Not a valid Sigma rule: %(detail)s", detail=str(error)[:300])) from error
    except (RuleBroken, RuleUnsupported):
        raise
    except RecursionError as error:
        raise RuleBroken(TOO_DEEP) from error
    except Exception as error:  # pySigma meets hostile input here: whatever it raises is told as this rule's fault
        detail = f"{type(error).__name__}: {error}"[:300]
        raise RuleBroken(text("Not a valid Sigma rule: %(detail)s", detail=detail)) from error
    compiled["name"] = str(data.get("name") or "")
    compiled["fingerprint"] = _fingerprint(data.get("watchdesk"))
    return compiled
