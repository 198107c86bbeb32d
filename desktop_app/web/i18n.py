"""Languages: which one a reader gets, and sentences in it, inside a request or without one (reports)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel.support import NullTranslations, Translations

from desktop_app.core.paths import resource
from desktop_app.core.text import Text

Language = Literal["en", "zh"]

# The catalogue's name; plain ``zh`` would find no catalogue and show English.
LOCALES: dict[Language, str] = {"en": "en", "zh": "zh_Hans_CN"}
TAGS: dict[Language, str] = {"en": "en", "zh": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Translator:
    """The two functions that a sentence needs."""

    language: Language
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def say(self, sentence: Text) -> str:
        """Return a sentence in this language."""
        return sentence.render(self.gettext, self.ngettext)


@cache
def translator(language: Language) -> Translator:
    """Return the translator of a language; without a compiled catalogue the sentences stay English."""
    if language == "en":
        found = NullTranslations()
    else:
        found = Translations.load(str(resource("ui", "translations")), [LOCALES[language]])
    return Translator(language, found.ugettext, found.ungettext)


def choose(setting: str, accepted: Iterable[str]) -> Language:
    """Return the reader's language: the setting, else the first accepted one that we have. Every ``zh*`` is ours."""
    if setting == "zh":
        return "zh"
    if setting == "en":
        return "en"
    for tag in accepted:
        if tag.lower().startswith("zh"):
            return "zh"
        if tag.lower().startswith("en"):
            return "en"
    return "en"
