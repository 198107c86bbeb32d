"""Formats whose records are JSON objects of a known kind: which names they have, and what these are in ECS."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from desktop_app.core.model import LogSource
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources.cutting import ANY, CutLines, Told
from desktop_app.extensions.logs.sources.json_objects import LARGEST, first_objects, read_objects
from desktop_app.extensions.logs.sources.jsonlines import as_text, load
from desktop_app.extensions.logs.sources.times import VALID

_DEEPEST = 16
_MOST_NAMES = 1_000  # of one object
_LONGEST_NAME = 200
_SAMPLE_OBJECTS = 20


def flat(
    found: Mapping[str, Any], prefix: str = "", depth: int = 0, into: dict[str, str] | None = None
) -> dict[str, str]:
    """Return an object's values as text by their names, inner names behind a point; lists stay JSON."""
    made: dict[str, str] = {} if into is None else into
    for key, value in found.items():
        if len(made) >= _MOST_NAMES:
            break
        name = f"{prefix}{key}"[:_LONGEST_NAME]
        if isinstance(value, dict) and depth < _DEEPEST:
            flat(value, f"{name}.", depth + 1, made)
        elif (text := as_text(value)) and name:
            made[name if name.isprintable() else "".join(one if one.isprintable() else " " for one in name)] = text
    return made


class ObjectLines(CutLines):
    """One object a record, on a line each or however the file strings them together."""

    log_source: LogSource
    stamp = ANY
    sure = 0.97
    longest = LARGEST

    @abstractmethod
    def say(self, found: Mapping[str, Any]) -> Told | None:
        """Return what an object says, None where it is none of the format's."""

    def cut(self, line: str) -> Told | None:
        """Parse a record; None where it is no object of the format."""
        found = load(line)
        return self.say(found) if found is not None else None

    def sniff(self, sample: Sample) -> float:
        """Return the share of the first objects that are the format's and have a time."""
        if sample.text is None:
            return 0.0
        opened = self.opened(sample.text)
        first = [line for line in sample.lines[:_SAMPLE_OBJECTS] if line.lstrip().startswith("{")]
        objects: list[Any] = [load(line) for line in first] if opened is sample.text else []
        if not any(isinstance(one, dict) for one in objects):
            objects = first_objects(opened) if opened.lstrip()[:1] in {"{", "["} else []
        told = [self.say(one) if isinstance(one, dict) else None for one in objects]
        good = int((self.times(told) > VALID).sum()) if told else 0
        return self.sure * good / max(len(told), 1)

    def opened(self, text: str) -> str:
        """Return the text with its objects where they can be found."""
        return text

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into its objects."""
        return read_objects(stream, reading)


def named(said: Mapping[str, str], names: Mapping[str, str]) -> Told:
    """Return values under ECS names where there are such, under their own otherwise."""
    told: Told = {}
    for name, value in said.items():
        told.setdefault(names.get(name, name), value)
    return told


def also(said: Mapping[str, str], names: Mapping[str, str]) -> Told:
    """Return values under their own names, which rules use, and under ECS names beside them."""
    told: Told = dict(said)
    for name, other in names.items():
        if name in said:
            told.setdefault(other, said[name])
    return told
