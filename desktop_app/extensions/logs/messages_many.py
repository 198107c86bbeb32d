"""The sentences of many Windows events at once: what stands for a value is made once for each distinct one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat

from desktop_app.core.spans import Coded
from desktop_app.extensions.logs.messages import (
    ABSENT,
    ENVELOPE,
    MAX_SHOWN,
    Group,
    Template,
    Value,
    beginning,
    describe,
    listed,
    shorten,
    template,
)

Columns = Mapping[str, Coded]


def describe_many(channel: str | None, event_id: str, columns: Columns, number: int, language: str) -> list[str]:
    """Return what ``describe`` says of each of ``number`` events of one channel and number, from their columns."""
    folded = {name.lower(): column for name, column in columns.items()}
    providers = columns["Provider_Name"].encoded()[0] if "Provider_Name" in columns else []
    mixed = len(folded) < len(columns) or len(providers) > 1 or bool(providers and columns["Provider_Name"].count(None))
    known = None if mixed else template(channel, providers[0] if providers else None, event_id)
    if known:
        return _filled(known["zh" if language.startswith("zh") else "en"], folded, number)
    if mixed or "RenderedMessage" in columns:
        return [describe(one, language) for one in _rows(columns, number)]
    return _listed(beginning(event_id, providers[0] if providers else None), columns, number, language)


def _rows(columns: Columns, number: int) -> Iterator[dict[str, str]]:
    """Yield the fields of each event."""
    values = [column.values for column in columns.values()]
    for row in range(number):
        found = zip(columns, (column[row] for column in values), strict=True)
        yield {name: value for name, value in found if value}


def _filled(sentence: Template, columns: Columns, number: int) -> list[str]:
    pieces = [_piece(part, columns, number) for part in sentence.parts]
    return list(map("".join, zip(*pieces, strict=True)))


def _piece(part: str | Value | Group, columns: Columns, number: int) -> Iterable[str]:
    if isinstance(part, str):
        return repeat(part, number)
    if isinstance(part, Value):
        return (one or ABSENT for one in _shown(part, columns, number))
    found = zip(*(_shown(one, columns, number) for one in part if isinstance(one, Value)), strict=True)
    return (_joined(part, one) if any(one) else "" for one in found)


def _shown(value: Value, columns: Columns, number: int) -> list[str]:
    """Return what stands for a value in each event, empty where it is absent."""
    found: list[str | None] | None = None
    for name in value.names:
        if name.lower() in columns:
            here = _changed(columns[name.lower()], value.shown)
            found = here if found is None else [a if a is not None else b for a, b in zip(found, here, strict=True)]
    return [one or "" for one in found] if found is not None else [""] * number


def _changed(column: Coded, change: Callable[[str], str | None]) -> list[str | None]:
    table = [*(change(one or "") for one in column.texts), None]  # the number of a missing value, -1, means the last
    return [table[code] for code in column.codes.tolist()]


def _joined(group: Group, found: Sequence[str]) -> str:
    values = iter(found)
    return "".join(part if isinstance(part, str) else next(values) for part in group)


def _listed(begin: str, columns: Columns, number: int, language: str) -> list[str]:
    """Name the first values of events that nobody wrote a sentence for."""
    shown = [name for name in columns if name not in ENVELOPE and not name.isupper()]
    if not shown:
        return [begin] * number
    pieces = [_changed(columns[name], lambda value, name=name: _named(name, value)) for name in shown]  # type: ignore[misc]  # bound at once
    return [listed(begin, [one for one in row if one][:MAX_SHOWN], language) for row in zip(*pieces, strict=True)]


def _named(name: str, value: str) -> str | None:
    return f"{name}={shorten(value)}" if value and value != ABSENT else None
