"""What a site adds to rules before they are compiled: values of placeholders, and processing pipelines in YAML.

Pipelines are those of pySigma, run by its own classes, regular expressions by RE2. What would read files, fetch from
the network or run programs on the word of an imported file is left out, and so is what only changes the text of queries
of other systems; each says why. Source: pySigma's documentation, "Processing Pipelines".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.errors import RuleBroken, RuleUnsupported
from desktop_app.core.sigma.pipeline_lines import Place, line_of, places
from desktop_app.core.text import Text, text

SUPPORTED = frozenset(
    {
        "add_condition", "add_field", "case", "change_logsource", "convert_type", "detection_item_failure",
        "drop_detection_item", "extract_fields", "field_name_mapping", "field_name_prefix", "field_name_prefix_mapping",
        "field_name_suffix", "hashes_fields", "map_string", "nest", "regex", "remove_field", "replace_string",
        "rule_failure", "set_custom_attribute", "set_field", "set_state", "set_value", "strict_field_mapping_failure",
        "value_placeholders", "wildcard_placeholders",
    }
)  # fmt: skip
_QUERY = text("it changes the text of queries for another system, and Watchdesk makes none")
LEFT_OUT: Mapping[str, Text] = {
    "command_placeholders": text("it runs a program, which an imported file may not ask for"),
    "file_placeholders": text("it reads a file of this machine, which an imported file may not ask for"),
    "http_placeholders": text("it fetches from the network, and nothing leaves this machine"),
    "query_expression_placeholders": _QUERY,
    "postprocessing": _QUERY,
    "finalizers": _QUERY,
    "field_name_transform": text("it needs a function in Python, which a file cannot carry"),
}
_UNKNOWN = text("no transformation of this name is known")
_PLACEHOLDER = re.compile(r"%([^%\s\"']{1,100})%")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a pipeline that does not run here: its kind, why, and the line it begins at (from 1)."""

    kind: str
    reason: Text
    line: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline as read: what it calls itself, when it runs, which field names it changes, what is left out of it.

    ``renames``: the name in rules and that in events; ``*`` stands for any name.
    """

    title: str
    priority: int
    items: int
    left_out: tuple[LeftOut, ...]
    renames: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Prepared:
    about: Pipeline
    runs: Any  # pySigma's pipeline
    words: tuple[tuple[str, str, str], ...] | None  # log sources that its items ask for; None where any rule may do


@dataclass(frozen=True)
class Site:
    """The values of placeholders by name, and the bodies of the pipelines that are switched on, in their order."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pipelines: tuple[str, ...] = ()

    def key(self, words: tuple[str, str, str], body: str) -> str:
        """Return what tells apart how a rule is compiled for this site; empty where nothing here touches it."""
        used = {name: list(self.values[name]) for name in wanted(body) if self.values.get(name)}
        through = [one for one in self.pipelines if _touches(_prepared(one), words)]
        if not used and not through:
            return ""
        return hashlib.sha256(orjson.dumps([used, through], option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]

    def apply(self, rule: Any) -> None:
        """Change a rule of pySigma as the site wants it; RuleUnsupported where a pipeline leaves it out."""
        from sigma.exceptions import SigmaError

        try:
            for body in self.pipelines:
                _prepared(body).runs.apply(rule)
            if self.values:
                _filled(self.values).apply(rule)
        except SigmaError as error:
            reason = text("A pipeline of this site leaves the rule out: %(detail)s", detail=str(error)[:300])
            raise RuleUnsupported(reason) from error


NOTHING_ADDED = Site()


def wanted(body: str) -> tuple[str, ...]:
    """Return the names of the placeholders that a rule's text asks values for."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(body))) if "expand" in body else ()


def read_pipeline(body: str) -> Pipeline:
    """Read a pipeline; RuleBroken says in one sentence why it is none."""
    return _prepared(body).about


def _filled(values: Mapping[str, Sequence[str]]) -> Any:
    from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
    from sigma.processing.transformations import ValueListPlaceholderTransformation

    known = {name: list(some) for name, some in values.items() if some}
    return ProcessingPipeline([ProcessingItem(ValueListPlaceholderTransformation(include=list(known)))], vars=known)


def _touches(pipeline: _Prepared, words: tuple[str, str, str]) -> bool:
    if pipeline.words is None:
        return True
    return any(all(asked in ("", word) for asked, word in zip(one, words, strict=True)) for one in pipeline.words)


@lru_cache(maxsize=64)
def _prepared(body: str) -> _Prepared:

    data = dict(parse_yaml(body))
    left_out = [LeftOut(name, LEFT_OUT[name], line_of(body, name))
                for name in ("postprocessing", "finalizers") if data.pop(name, None)]  # fmt: skip
    kept = list(_kept(data.get("transformations"), places(body), left_out))
    items = [item for item, _ in kept]
    runs = _runs(data, kept)
    priority = data.get("priority")
    about = Pipeline(
        title=str(data.get("name") or "")[:200],
        priority=priority if isinstance(priority, int) else 0,
        items=len(items),
        left_out=tuple(left_out),
        renames=tuple(dict.fromkeys(_renames(items))),
    )
    return _Prepared(about, runs, _words(items))


def _runs(data: Mapping[str, Any], kept: Sequence[tuple[dict[str, Any], int]]) -> Any:
    """Return pySigma's pipeline of the items that are kept; RuleBroken names the line of one that is wrong."""
    for item, line in kept:
        if detail := _fault({"transformations": [item]}):
            reason = text("Line %(line)s is no valid transformation: %(detail)s", line=line, detail=detail)
            raise RuleBroken(reason, line, 1)
    whole = {**data, "transformations": [item for item, _ in kept]}
    if detail := _fault(whole):
        raise RuleBroken(text("Not a valid pipeline: %(detail)s", detail=detail))
    return _parsed(whole)


def _parsed(data: Mapping[str, Any]) -> Any:
    from sigma.processing.pipeline import ProcessingPipeline

    return ProcessingPipeline.from_dict(dict(data))


def _fault(data: Mapping[str, Any]) -> str:
    """Return what pySigma has against a pipeline, empty where nothing."""
    from sigma.exceptions import SigmaError

    try:
        _parsed(data)
    except SigmaError as error:
        return str(error)[:300]
    except Exception as error:  # noqa: BLE001 - pySigma meets hostile input: whatever it raises is the file's fault
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _kept(items: Any, at: Sequence[Place], left_out: list[LeftOut]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the items that can run here with their lines; what cannot is noted with its reason."""
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise RuleBroken(text("The file is no pipeline: it has no list of transformations."))
    for one, place in zip(items, at, strict=True):
        kind = str(one.get("type"))
        if kind not in SUPPORTED:
            left_out.append(LeftOut(kind, LEFT_OUT.get(kind, _UNKNOWN), place.line))
        elif kind == "nest":
            yield {**one, "items": [item for item, _ in _kept(one.get("items"), place.inside, left_out)]}, place.line
        else:
            yield one, place.line


def _renames(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the names of fields that items change, each with the name or names it becomes."""
    for one in items:
        kind, mapping = one.get("type"), one.get("mapping")
        named = mapping.items() if isinstance(mapping, dict) else ()
        if kind == "nest":
            yield from _renames(one["items"])
        elif kind == "field_name_mapping":
            yield from ((str(old), _several(new)) for old, new in named)
        elif kind == "field_name_prefix_mapping":
            yield from ((f"{old}*", f"{new}*") for old, new in named)
        elif kind == "field_name_prefix":
            yield "*", f"{one.get('prefix')}*"
        elif kind == "field_name_suffix":
            yield "*", f"*{one.get('suffix')}"


def _several(names: object) -> str:
    return ", ".join(map(str, names)) if isinstance(names, list) else str(names)


def _words(items: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str, str], ...] | None:
    """Return the log sources that all items ask for, so that other rules need not be compiled anew."""
    found = []
    for one in items:
        conditions = one.get("rule_conditions")
        plain = isinstance(conditions, list) and not one.get("rule_cond_not") and "rule_cond_expr" not in one
        asked = [cond for cond in conditions if cond.get("type") == "logsource"] if plain and conditions else []
        if not asked or (one.get("rule_cond_op") == "or" and len(asked) != len(conditions or ())):
            return None
        found += [(str(cond.get("product") or ""), str(cond.get("category") or ""), str(cond.get("service") or ""))
                  for cond in asked]  # fmt: skip
    # One item may change the log source that the next one asks for.
    return None if any(one.get("type") in ("change_logsource", "nest") for one in items) else tuple(found)
