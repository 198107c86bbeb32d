"""The words of a request as typed values, or sentences that say what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from desktop_app.core.errors import UsageError
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms import nodes, query
from desktop_app.core.model import Micros, micros
from desktop_app.core.rules.attack import holds
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.core.settings import is_zone
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.sources.names import NO_HOST, is_host

MAX_QUERY = 4_000
MAX_FILTERS = 50
MAX_PATHS = 1_000
UPLOAD_TOKEN = re.compile(r"[0-9a-f]{32}\Z")

_RELATIVE = re.compile(r"-(\d{1,5})\s*([smhdw])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?\Z")
# A time in µs or an id, neither longer than the database holds.
_KEY_PART = re.compile(r"-?\d{1,18}\Z", re.ASCII)
# What Windows or a shell would take for something other than a plain file name.
_UNFIT = re.compile(r'[\x00-\x1f<>:"|?*\\]')


class Values(Protocol):
    """What a request's address or form is read through: a name may stand several times."""

    def get(self, key: str, default: str, /) -> str:
        """Return the first value of a name."""

    def getlist(self, key: str, /) -> list[str]:
        """Return all values of a name."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One chip: a field that has this value, or has it not. ``value`` None means any value at all."""

    field: str
    value: str | None
    excluded: bool = False

    @property
    def term(self) -> str:
        """The chip as a term of the query language, the way it stands in the address."""
        # For the query language no value is the absence of any, so that the sign turns round.
        negative = self.excluded if self.value is not None else not self.excluded
        return query.term(self.field, self.value, negative=negative)


def read_filter(term: str) -> Filter | None:
    """Read a chip back from its term; None for a term that says more than one field and one value."""
    node = query.parse(term).root
    excluded = isinstance(node, nodes.Not)
    inner = node.node if isinstance(node, nodes.Not) else node
    if isinstance(inner, nodes.Value) and not inner.wild:
        return Filter(inner.field, inner.text, excluded)
    return Filter(inner.field, None, excluded) if isinstance(inner, nodes.Exists) else None


def combined(terms: Sequence[str]) -> tuple[str, ...]:
    """Return the chips as terms that are all to be true: two values wanted of one field mean either of them."""
    wanted, others = [], []
    for term in terms:
        found = read_filter(term)
        if found is not None and not found.excluded and found.value is not None:
            wanted.append(found)
        else:
            others.append(term)
    wanted.sort(key=lambda one: one.field.lower())
    for _, group in groupby(wanted, key=lambda one: one.field.lower()):
        either = [one.term for one in group]
        others.append(either[0] if len(either) == 1 else f"({' or '.join(either)})")
    return tuple(others)


def read_time(value: str, zone: ZoneInfo, now: Micros, *, end: bool = False) -> Micros | None:
    """Read a time of the address: empty, ``-24h``, ``14:30`` (today), a date, or a date and time.

    Without a zone of its own it is the site's; a date alone is its first moment, or as an ``end`` the last.
    """
    written = value.strip()
    if not written:
        return None
    relative = _RELATIVE.match(written)
    if relative:
        back = dt.timedelta(**{_UNITS[relative[2]]: int(relative[1])})
        return max(0, now - back // dt.timedelta(microseconds=1))
    if _CLOCK.match(written):
        today = dt.datetime.fromtimestamp(now / 1e6, zone).date()
        written = f"{today} {written.rjust(5, '0')}"
    try:
        found = dt.datetime.fromisoformat(written)
        if end and len(written) <= len("2026-01-01"):
            found += dt.timedelta(days=1)
        return max(0, micros(found if found.tzinfo else found.replace(tzinfo=zone)))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            text("This is no time: %(value)s", value=written[:60]),
            fix=text("Write it like 2026-01-31 14:00, 14:00 for today, or -2h for the last two hours."),
        ) from error


def end_of_day(written: str, zone: ZoneInfo) -> Micros | None:
    """Read a day, such as 2026-12-31, as its end at the site; None where nothing is written."""
    if not written:
        return None
    try:
        first = dt.datetime.combine(dt.date.fromisoformat(written), dt.time(), zone)
        return micros(first + dt.timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise UsageError(text("This is no day: %(value)s", value=written[:40])) from error


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A search as its address says it; ``start`` and ``end`` are resolved, the texts are as the person wrote them."""

    query: str
    terms: tuple[str, ...]
    start_text: str
    end_text: str
    start: Micros | None
    end: Micros | None

    def filters(self, field: str | None = None) -> list[Filter]:
        """Return the chips that can be read as such, of one field or of all."""
        found = [one for term in self.terms if (one := read_filter(term)) is not None]
        return found if field is None else [one for one in found if one.field.lower() == field.lower()]

    def search(self, *, without: str | None = None) -> Search:
        """Return what the event store is asked; ``without`` leaves out the chips of one field."""
        kept = [term for term in self.terms if without is None or not _is_about(term, without)]
        return Search(self.query, combined(kept), self.start, self.end)

    def arguments(self) -> list[tuple[str, str]]:
        """Return the address's parameters, in a fixed order."""
        pairs = [("q", self.query), *(("f", term) for term in self.terms)]
        pairs += [("from", self.start_text), ("to", self.end_text)]
        return [(name, value) for name, value in pairs if value]


def _is_about(term: str, field: str) -> bool:
    found = read_filter(term)
    return found is not None and found.field.lower() == field.lower()


def read_search(args: Values, zone: ZoneInfo, now: Micros) -> SearchForm:
    """Read a search from an address. Raises UsageError for times that are none and for lengths past all reason."""
    words, terms = args.get("q", "").strip(), tuple(dict.fromkeys(filter(None, args.getlist("f"))))
    if len(words) > MAX_QUERY or len(terms) > MAX_FILTERS or any(len(term) > MAX_QUERY for term in terms):
        raise UsageError(text("This search is too long."), fix=text("Shorten the query or remove some filters."))
    for term in terms:
        _check_filter(term)
    start_text, end_text = args.get("from", "").strip(), args.get("to", "").strip()
    start, end = read_time(start_text, zone, now), read_time(end_text, zone, now, end=True)
    if start is not None and end is not None and start >= end:
        raise UsageError(
            text("The time range ends before it begins."), fix=text("Swap the two times, or leave one of them empty.")
        )
    return SearchForm(words, terms, start_text, end_text, start, end)


def _check_filter(term: str) -> None:
    try:
        query.parse(term)
    except query.QueryError as error:
        raise UsageError(
            text("This filter cannot be understood: %(filter)s", filter=term[:200]),
            why=error.why,
            fix=text("Remove it, or write it like user.name:alice."),
        ) from error


def read_key(value: str | None) -> tuple[Micros, int] | None:
    """Read the place in a result that a page continues from, written ``time.id``."""
    if not value:
        return None
    time, _, event = value.partition(".")
    if not (_KEY_PART.match(time) and _KEY_PART.match(event)):
        raise UsageError(text("This address names no place in the result."), fix=text("Search again."))
    return int(time), int(event)


def write_key(key: tuple[Micros, int] | None) -> str | None:
    """Write what ``read_key`` reads."""
    return None if key is None else f"{key[0]}.{key[1]}"


@dataclass(frozen=True, slots=True)
class ImportForm:
    """What to import and how: a format's id and a zone's name, None where the program is to find out."""

    paths: tuple[Path, ...]
    upload: str | None
    format: str | None
    zone: str | None
    host: str | None = None


def read_import(values: Values, formats: Sequence[str]) -> tuple[ImportForm, dict[str, Text]]:
    """Read the import dialog; the second value holds what is wrong, by field, and is empty when all is well."""
    lines = [line.strip().strip('"') for entry in values.getlist("path") for line in entry.splitlines()]
    names = list(dict.fromkeys(line for line in lines if line))
    upload, chosen, zone, host = (values.get(name, "").strip() or None for name in ("upload", "format", "zone", "host"))
    problems: dict[str, Text] = {}
    if not names and upload is None:
        problems["path"] = text("Choose a file or a folder, or type where it is.")
    elif names and upload is not None:
        problems["path"] = text("Import either uploaded files or paths, one after the other.")
    elif len(names) > MAX_PATHS:
        problems["path"] = text("Choose at most %(limit)s paths at once; a folder counts as one.", limit=MAX_PATHS)
    paths = tuple(Path(name).expanduser() for name in names[:MAX_PATHS])
    strange = next((path for path in paths if not path.is_absolute() or "\0" in str(path)), None)
    if strange is not None:
        problems["path"] = text(
            "Write the whole path, from the drive or the root on: %(path)s", path=str(strange)[:200]
        )
    if upload is not None and not UPLOAD_TOKEN.match(upload):
        problems["path"] = text("The upload was interrupted. Choose the files again.")
    if chosen is not None and chosen not in formats:
        problems["format"] = text("Choose one of the offered formats.")
    problems |= zone_problem(zone)
    if host is not None and not is_host(host):
        problems["host"] = NO_HOST
    return ImportForm(paths, upload, chosen, zone, host), problems


def zone_problem(zone: str | None) -> dict[str, Text]:
    """Say what is wrong with a zone's name; an empty one is fine."""
    if zone is None or is_zone(zone):
        return {}
    return {"zone": text("No time zone of that name is known. Examples: Asia/Shanghai, Europe/Berlin, UTC.")}


def upload_place(name: str) -> Path:
    """Return where an uploaded file goes below its folder, whatever name the browser sent.

    Only the last few parts are kept, none of them hidden, special or leading upwards.
    """
    parts = [_UNFIT.sub("_", part).strip(" .")[-120:] for part in name.replace("\\", "/").split("/")]
    kept = [part for part in parts if part][-8:]
    return Path(*kept) if kept else Path("upload")


RULE_STATES = ("fired", "quiet", "waiting", "blocked", "disabled", "asking", "unsupported", "broken")
LEVELS = ("critical", "high", "medium", "low", "informational")


@dataclass(frozen=True, slots=True)
class RulesForm:
    """Which rules to list: words in title, id or log source; a state, a level, a pack; the page from 1.

    ``tag``: a tag, or what stands before a dot in it (``attack.t1059`` holds ``attack.t1059.001``); ``status``: how
    mature its author calls it; ``path``: the folder or file it came in; ``excepted``: those with exceptions alone.
    """

    query: str = ""
    state: str = ""
    level: str = ""
    pack: str = ""
    tag: str = ""
    status: str = ""
    path: str = ""
    excepted: str = ""
    page: int = 1

    def arguments(self, **changed: str) -> dict[str, str]:
        """Return the address's parameters with some of them changed; the page starts over."""
        now = {"q": self.query, "state": self.state, "level": self.level, "pack": self.pack, "tag": self.tag,
               "status": self.status, "path": self.path, "excepted": self.excepted} | changed  # fmt: skip
        return {name: value for name, value in now.items() if value}

    def fits(self, rule: RuleRow) -> bool:
        """Say whether a rule is of this level, pack, tag, maturity and path, whatever its words and its state."""
        return (
            self.level in ("", rule.level)
            and self.pack in ("", rule.pack)
            and self.status in ("", rule.status.lower())
            and (not self.path or rule.path == self.path or rule.path.startswith(self.path.rstrip("/") + "/"))
            and (not self.tag or any(holds(tag.lower(), self.tag) for tag in rule.tags))
        )

    @property
    def finer(self) -> dict[str, str]:
        """The filters that stand behind More filters."""
        return {name: value for name in ("tag", "status", "path") if (value := getattr(self, name))}


def read_rules(args: Mapping[str, str]) -> RulesForm:
    """Read the address of the list of rules; what is not known is taken as not said."""
    state, level = args.get("state", ""), args.get("level", "")
    page = args.get("page", "1")
    return RulesForm(
        query=args.get("q", "").strip()[:200],
        state=state if state in RULE_STATES else "",
        level=level if level in LEVELS else "",
        pack=args.get("pack", "")[:200],
        tag=args.get("tag", "").strip().lower()[:100],
        status=args.get("status", "").strip().lower()[:40],
        path=args.get("path", "").strip()[:400],
        excepted="1" if args.get("excepted") == "1" else "",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
