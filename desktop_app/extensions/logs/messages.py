"""One line for a Windows event: what happened, in our own words, in English and Chinese.

Windows keeps its message texts in the programs that wrote the events; away from that machine only names and values
are left. The tables of ``messages_*.py`` hold a template for each common event::

    [Provider]
    4625 Sign-in failed for {TargetUserName}[ from {IpAddress}] ({LogonType:logon})
         {TargetUserName} 登录失败……

``{Name}`` is a value, ``{Name|Other}`` the first that is there, ``{Name:words}`` is put in words by
``messages_words``; what stands in square brackets is left out when none of its values is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.extensions.logs import (
    messages_access,
    messages_application,
    messages_audit,
    messages_security,
    messages_system,
    messages_words,
)
from desktop_app.extensions.logs.sources.winchannels import service

MAX_VALUE = 200
MAX_SHOWN = 8  # fields of an event nobody wrote a sentence for
ABSENT = "-"

_PREFIX = "microsoft-windows-"
_ABSENT_VALUES = {"-", "0x0000000000000000"}
_HEADING = re.compile(r"\[(.+)\]")
_ENTRY = re.compile(r"(\d+) (.+)")
_FIELD = re.compile(r"\{([^{}:]+)(?::(\w+))?\}")
_GROUP = re.compile(r"\[([^\[\]]*)\]")

# Events of flat exports name their channel only; most channels have one provider that writes nearly all of it.
_PROVIDER_OF = {
    "security": "security-auditing",
    "sysmon": "sysmon",
    "powershell": "powershell",
    "powershell-classic": "powershell",
    "taskscheduler": "taskscheduler",
    "windefend": "windows defender",
    "wmi": "wmi-activity",
    "bits-client": "bits-client",
    "firewall-as": "windows firewall with advanced security",
    "system": "service control manager",
}
# The tables know these providers under another name.
_ALIASES = {"powershellcore": "powershell", "mssql": "mssqlserver", "user profiles general": "user profiles service"}
# Facts about the record itself say nothing about what happened.
ENVELOPE = {
    "EventID", "Channel", "Computer", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Provider_Name",
    "Execution_ProcessID", "Execution_ThreadID", "UserID", "RenderedMessage", "Data", "Binary",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A place for a value: the names it may come from, the words it is put in, and their language."""

    names: tuple[str, ...]
    words: str
    language: str

    def of(self, fields: Mapping[str, str | None]) -> str:
        """Return the value on one line, empty where the event has none."""
        for name in self.names:
            value = fields.get(name)
            if value is None:
                value = _other_case(fields, name)
            shown = self.shown(value or "")
            if shown is not None:
                return shown
        return ""

    def shown(self, value: str) -> str | None:
        """Return what stands for a value, None where it says that there is none."""
        if not value or value in _ABSENT_VALUES:
            return None
        if self.words or value.startswith("%%"):
            value = messages_words.in_words(self.words, value, self.language)
        return shorten(value)


Part = str | Value
Group = tuple[Part, ...]


class Template:
    """A compiled sentence."""

    def __init__(self, source: str, language: str) -> None:
        self.source = source
        self._language = language
        self.parts: list[Part | Group] = []
        for number, piece in enumerate(_GROUP.split(source)):
            if number % 2:
                self.parts.append(tuple(self._compile(piece)))
            else:
                self.parts.extend(self._compile(piece))

    def _compile(self, piece: str) -> Iterator[Part]:
        pieces = _FIELD.split(piece)
        for number in range(0, len(pieces), 3):
            if pieces[number]:
                yield pieces[number]
            if number + 1 < len(pieces):
                yield Value(tuple(pieces[number + 1].split("|")), pieces[number + 2] or "", self._language)

    def fill(self, fields: Mapping[str, str | None]) -> str:
        """Return the sentence with the event's values; a missing one is a dash."""
        said = []
        for part in self.parts:
            if type(part) is str:
                said.append(part)
            elif type(part) is Value:
                said.append(part.of(fields) or ABSENT)
            else:
                said.append(_group(part, fields))  # type: ignore[arg-type] # the only kind left; isinstance is slower
        return "".join(said)


def _group(group: Group, fields: Mapping[str, str | None]) -> str:
    values = {part: part.of(fields) for part in group if isinstance(part, Value)}
    if not any(values.values()):
        return ""
    return "".join(values[part] if isinstance(part, Value) else part for part in group)


def _other_case(fields: Mapping[str, str | None], name: str) -> str | None:
    """Look a name up whatever its case: the store keeps one spelling of names that differ only by it."""
    lower = name.lower()
    return next((value for key, value in fields.items() if key.lower() == lower), None)


def shorten(value: str) -> str:
    """Return a value on one line, cut to MAX_VALUE characters."""
    if len(value) > MAX_VALUE:
        value = value[: MAX_VALUE - 1] + "…"
    return (
        value.strip()
        if value.isprintable()
        else " ".join("".join(c if c.isprintable() else " " for c in value).split())
    )


def parse_table(table: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield (provider in lower case, event id, English, Chinese) of each entry."""
    provider = ""
    lines = iter(line.strip() for line in table.splitlines() if line.strip())
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading:
            provider = heading[1].lower()
            continue
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            raise ValueError(line)
        yield provider, int(entry[1]), entry[2], next(lines)


@lru_cache(maxsize=1)
def templates() -> Mapping[tuple[str, str], dict[str, Template]]:
    """Return every template by (provider, event id), compiled once a process."""
    found: dict[tuple[str, str], dict[str, Template]] = {}
    tables = (messages_security, messages_audit, messages_system, messages_application, messages_access)
    for module in tables:
        for provider, number, english, chinese in parse_table(module.TABLE):
            key = (provider, str(number))
            if key in found:
                raise ValueError(f"twice: {key}")
            found[key] = {"en": Template(english, "en"), "zh": Template(chinese, "zh")}
    return found


@lru_cache(maxsize=4096)
def template(channel: str | None, provider: str | None, event_id: str) -> dict[str, Template] | None:
    """Return an event's sentences by language, None where nobody wrote any."""
    short = (provider or "").lower().removeprefix(_PREFIX).partition("$")[0]
    key = _ALIASES.get(short, short) or _PROVIDER_OF.get(service(channel), "")
    found = templates().get((key, event_id))
    if found is None and key != "eventlog" and not provider:
        found = templates().get(("eventlog", event_id))
    return found


def message(
    channel: str | None, provider: str | None, event_id: str | int, fields: Mapping[str, str | None], language: str
) -> str | None:
    """Return the sentence for an event in ``en`` or ``zh`` (anything else is English), None where there is none."""
    known = template(channel, provider, str(event_id))
    return known["zh" if language.startswith("zh") else "en"].fill(fields) if known else None


def describe(fields: Mapping[str, str | None], language: str) -> str:
    """Return one line for any Windows event: our sentence, else the event's own text, else its values."""
    event_id = fields.get("EventID") or "?"
    known = message(fields.get("Channel"), fields.get("Provider_Name"), event_id, fields, language)
    if known is not None:
        return known
    rendered = (fields.get("RenderedMessage") or "").strip()
    if rendered:
        return shorten(rendered.splitlines()[0])
    return _values(event_id, fields, language)


def _values(event_id: str, fields: Mapping[str, str | None], language: str) -> str:
    shown = [
        f"{name}={shorten(value)}"
        for name, value in fields.items()
        if value and value != "-" and name not in ENVELOPE and not name.isupper()
    ]
    return listed(beginning(event_id, fields.get("Provider_Name")), shown[:MAX_SHOWN], language)


def beginning(event_id: str, provider: str | None) -> str:
    """Return how the line of an event begins that nobody wrote a sentence for."""
    return f"EventID {shorten(event_id)}" + (f" ({shorten(provider)})" if provider else "")


def listed(begin: str, shown: Sequence[str], language: str) -> str:
    """Return the line of such an event, with the values to show."""
    if not shown:
        return begin
    mark = "：" if language.startswith("zh") else ": "
    return begin + mark + ("，" if mark == "：" else ", ").join(shown)
