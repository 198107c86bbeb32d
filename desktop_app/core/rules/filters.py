"""Sigma filters of packs at work: each narrows the rules that it names, wherever those came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_app.core.sigma.filter_rule import reaches
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.tree import conjunction


def is_filter(one: RuleSource) -> bool:
    """Say whether this is a filter and no rule."""
    return bool(one.compiled["kind"] == "filter")


def applied(every: Iterable[RuleSource]) -> list[RuleSource]:
    """Return the rules narrowed by the filters among them that are switched on; the filters themselves are left out."""
    known = list(every)
    filters = [one for one in known if is_filter(one) and one.enabled]
    rules = [one for one in known if not is_filter(one)]
    return [_narrowed(one, filters) for one in rules] if filters else rules


def _narrowed(rule: RuleSource, filters: Sequence[RuleSource]) -> RuleSource:
    trees = [one.compiled["tree"] for one in filters if reaches(one.compiled, rule.id, rule.compiled)]
    if not trees:
        return rule
    return replace(rule, compiled={**rule.compiled, "tree": conjunction([rule.compiled["tree"], *trees])})


def reached(every: Iterable[RuleSource]) -> dict[str, int]:
    """Return how many rules each filter reaches."""
    known = list(every)
    rules = [one for one in known if not is_filter(one)]
    return {one.id: sum(reaches(one.compiled, rule.id, rule.compiled) for rule in rules)
            for one in known if is_filter(one)}  # fmt: skip
