"""Sentences for people, kept apart from their language.

The core knows no reader. It says ``text("Cannot read %(path)s", path=path)``; the page renders the sentence in the
reader's language, the command line in English, and the jobs table keeps it as JSON. The sentence itself is the
message id, so it is extracted by name (``text``) and never glued from pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

Param: TypeAlias = Union[str, int, float, "Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence: its message id (English, ``%(name)s`` for values), its values and, for counts, the plural id."""

    id: str
    params: Mapping[str, Param] = field(default_factory=dict)
    plural: str = ""

    def render(self, translate: Callable[[str], str], plural: Callable[[str, str, int], str] | None = None) -> str:
        """Put the sentence in a language: ``translate`` is gettext, ``plural`` is ngettext over ``params["num"]``."""
        if self.plural and plural is not None:
            sentence = plural(self.id, self.plural, int(str(self.params["num"])))
        else:
            sentence = translate(self.id)
        values = {
            name: value.render(translate, plural) if isinstance(value, Text) else value
            for name, value in self.params.items()
        }
        return sentence % values if values else sentence

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.render(lambda message: message, lambda one, many, n: one if n == 1 else many)

    def to_json(self) -> dict[str, object]:
        """Return what ``from_json`` reads back."""
        params = {name: one.to_json() if isinstance(one, Text) else one for name, one in self.params.items()}
        return {"id": self.id, "params": params, "plural": self.plural}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Text:
        """Read back a stored sentence."""
        params = value.get("params")
        read = {
            name: cls.from_json(one) if isinstance(one, dict) else one
            for name, one in (params if isinstance(params, dict) else {}).items()
        }
        return cls(str(value["id"]), read, str(value.get("plural", "")))


def text(message: str, /, **params: Param) -> Text:
    """Name a sentence and the values in it. Without values, a literal per cent sign stays as it is."""
    return Text(message, params)


def ntext(one: str, many: str, /, *, num: int, **params: Param) -> Text:
    """Name a sentence about ``num`` things."""
    return Text(one, {"num": num, **params}, many)
