"""Sigma correlation documents -> the plain description that ``correlate`` runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaCorrelationCondition,
    SigmaCorrelationConditionOperator,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from desktop_app.core.sigma.errors import RuleBroken, RuleUnsupported
from desktop_app.core.sigma.site import NOTHING_ADDED, Site
from desktop_app.core.text import text

_OPERATORS = SigmaCorrelationConditionOperator.operators()


def _with_one_operator(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[list[Any]]]:
    """Return the document as pySigma wants it (one comparison) and all comparisons: a range has two."""
    correlation = dict(data["correlation"]) if isinstance(data["correlation"], dict) else {}
    condition = correlation.get("condition")
    if not isinstance(condition, dict):
        return dict(data), []
    named = [[name, condition[name]] for name in condition if name in _OPERATORS]
    for _, number in named:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise RuleBroken(
                text("The condition of the correlation compares with %(value)s, which is no number.", value=str(number))
            )
    kept = {name: value for name, value in condition.items() if name not in _OPERATORS or name == named[0][0]}
    return {**data, "correlation": {**correlation, "condition": kept}}, named


def _expression(node: Any) -> Any:
    """Return a tree of rule names: text, ["&", [...]], ["|", [...]], ["!", node]."""
    if isinstance(node, SigmaRuleReference):
        return node.reference
    if isinstance(node, CorrelationConditionNOT):
        return ["!", _expression(node.args[0])]
    sign = {CorrelationConditionAND: "&", CorrelationConditionOR: "|"}[type(node)]
    return [sign, [_expression(one) for one in node.args]]


def _references(rule: SigmaCorrelationRule) -> list[str]:
    if rule.rules:
        return [one.reference for one in rule.rules]
    if isinstance(rule.condition, SigmaExtendedCorrelationCondition):
        return rule.condition.get_referenced_rules()
    return []


def _all_in_order(described: dict[str, Any]) -> None:
    """An ordered correlation is about all of its rules; other conditions on the order have no agreed meaning."""
    expression, refs = described["expression"], described["refs"]
    plain_and = (
        isinstance(expression, list) and expression[0] == "&" and all(isinstance(one, str) for one in expression[1])
    )
    if expression is not None and not plain_and:
        raise RuleUnsupported(text("The engine cannot order rules that are joined by anything but 'and'."))
    if expression is None and described["comparisons"] != [["gte", len(refs)]]:
        raise RuleUnsupported(text("The engine orders all rules of a correlation, not a number of them."))
    if plain_and:
        described["refs"] = list(expression[1])
    described.update(expression=None, comparisons=[["gte", len(described["refs"])]])


def compile_correlation(data: Mapping[str, Any], site: Site = NOTHING_ADDED) -> dict[str, Any]:
    """Describe a correlation.

    Result: type, refs (names or ids, in order), group (fields), aliases {alias: {ref: field}}, span (µs),
    comparisons [[operator, number]], fields (counted), percentile, expression, generate.
    """
    single, comparisons = _with_one_operator(data)
    rule = SigmaCorrelationRule.from_dict(single)
    site.apply(rule)
    condition = rule.condition
    plain = condition if isinstance(condition, SigmaCorrelationCondition) else None
    if plain is not None and not comparisons:
        comparisons = [[plain.op.name.lower(), plain.count]]
    counted = plain.fieldref if plain is not None else None
    if not _references(rule):
        raise RuleBroken(text("The correlation names no rules."))
    described: dict[str, Any] = {
        "kind": "correlation",
        "type": rule.type.name.lower(),
        "refs": _references(rule),
        "group": list(rule.group_by or ()),
        "aliases": rule.aliases.to_dict(),
        "span": rule.timespan.seconds * 1_000_000,
        "comparisons": comparisons,
        "fields": [counted] if isinstance(counted, str) else list(counted or ()),
        "percentile": plain.percentile if plain is not None else None,
        "expression": None if isinstance(condition, SigmaCorrelationCondition) else _expression(condition.parsed),
        "generate": rule.generate,
    }
    if described["type"] == "temporal_ordered":
        _all_in_order(described)
    elif described["comparisons"] == [["gte", len(described["refs"])]] and described["type"] == "temporal":
        # A rule named twice is still one rule that has to occur.
        described["refs"] = list(dict.fromkeys(described["refs"]))
        described["comparisons"] = [["gte", len(described["refs"])]]
    return described
