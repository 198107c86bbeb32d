"""What a rule says of a finding, in the reader's language: title, why, what to do.

Our rules carry both languages in their ``watchdesk:`` block; imported rules keep their author's words and say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from desktop_app.core.rules.words import Language, condition
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.errors import RuleProblem

UNKNOWN = "…"
LONGEST_VALUE = 120
_NAME = re.compile(r"\{([\w.@-]+)(?:\|([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one rule, with values filled in.

    ``name`` is what the rule is called, ``title`` the fact that a finding states; ``how``: what brings such events
    about; ``todo``: (step, detail);
    ``own_language``: in the reader's own.
    """

    title: str
    name: str = ""
    why: str = ""
    how: str = ""
    todo: tuple[tuple[str, str], ...] = ()
    condition: str = ""
    false_alarms: str = ""
    check: str = ""
    references: tuple[str, ...] = ()
    language: str = "en"
    own_language: bool = True


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values in the place of ``{name}``; ``{name|words}`` says what stands there when the value is missing."""

    def put(found: re.Match[str]) -> str:
        value = values.get(found[1])
        if not value:
            return found[2] if found[2] is not None else UNKNOWN
        shown = " ".join(value.split())
        return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"

    return _NAME.sub(put, template)


@lru_cache(maxsize=512)
def _parsed(body: str) -> Mapping[str, Any]:
    try:
        return parse_yaml(body)
    except RuleProblem:
        return {}


@lru_cache(maxsize=512)
def _condition(body: str, language: Language) -> str:
    from desktop_app.core.sigma.rule import compile_rule  # pySigma takes its time, and is rarely needed

    try:
        return condition(compile_rule(parse_yaml(body)), language)
    except RuleProblem:
        return ""


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value).strip() if value is not None else ""


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return (str(value),) if value else ()


def _steps(value: object, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Read the steps of ``todo``: {step, detail} or a plain sentence each."""
    if not isinstance(value, list):
        return ()
    pairs = [(one.get("step"), one.get("detail")) if isinstance(one, dict) else (one, None) for one in value]
    return tuple((fill(_text(step), values), fill(_text(detail), values)) for step, detail in pairs)


def _block(data: Mapping[str, Any], language: str) -> tuple[Mapping[str, Any], str]:
    """Return the texts of our own block in the reader's language, else in the other; and which it is."""
    ours = data.get("watchdesk")
    if isinstance(ours, dict):
        for one in dict.fromkeys((language, "en", "zh")):
            if isinstance(ours.get(one), dict):
                return ours[one], one
    return {}, ""


def names(body: str) -> dict[str, tuple[str, ...]]:
    """Return what a rule is called and what its findings state, by language; ``en`` is there when any is."""
    data = _parsed(body)
    ours = data.get("watchdesk")
    blocks = {key: one for key, one in ours.items() if isinstance(one, dict)} if isinstance(ours, dict) else {}
    told = {key: [_text(one.get("name")), fill(_text(one.get("title")), {})] for key, one in blocks.items()}
    told.setdefault("en", []).insert(0, str(data.get("title") or ""))
    return {key: tuple(dict.fromkeys(one for one in said if one)) for key, said in told.items()}


def finding_texts(body: str, values: Mapping[str, str], language: Language) -> Texts:
    """Return the texts of a finding of the rule whose YAML is ``body``; values that are missing never break it."""
    data = _parsed(body)
    block, spoken = _block(data, language)
    if not block:
        return _imported(data, body, language)
    return Texts(
        title=_title(block, data, values),
        name=_text(block.get("name")) or str(data.get("title", "")),
        why=fill(_text(block.get("why")), values),
        how=fill(_text(block.get("how")), values),
        todo=_steps(block.get("todo"), values),
        condition=fill(_text(block.get("condition")), values) or _condition(body, language),
        false_alarms=fill(_text(block.get("false_alarms")), values),
        check=fill(_text(block.get("check")), values),
        references=_listed(block.get("references")) or _listed(data.get("references")),
        language=spoken,
        own_language=spoken == language,
    )


def finding_title(body: str, values: Mapping[str, str], language: Language) -> str:
    """Return the title alone of ``finding_texts``: a list draws hundreds of them."""
    data = _parsed(body)
    return _title(_block(data, language)[0], data, values)


def _title(block: Mapping[str, Any], data: Mapping[str, Any], values: Mapping[str, str]) -> str:
    named = str(data.get("title") or "")
    return fill(_text(block.get("title")) or named, values) if block else named


def _imported(data: Mapping[str, Any], body: str, language: Language) -> Texts:
    """Take what Sigma itself knows of a rule; most of the world's rules are written in English."""
    return Texts(
        title=_title({}, data, {}),
        name=str(data.get("title") or ""),
        why=_text(data.get("description")),
        condition=_condition(body, language) if data else "",
        false_alarms=_text(data.get("falsepositives")),
        references=_listed(data.get("references")),
        language="en",
        own_language=language == "en",
    )
