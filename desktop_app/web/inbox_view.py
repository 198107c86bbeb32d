"""What the pages of the inbox draw: the list with its groups, and one finding in full."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson

from desktop_app.core import findings, links, looks, verdicts
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.findings import Filter, FindingDetail, FindingRow, View
from desktop_app.core.links import Link
from desktop_app.core.looks import Change
from desktop_app.core.model import Evidence, Micros, Severity, moment
from desktop_app.core.rules.explain import Event, Held, explain
from desktop_app.core.rules.references import Reference, techniques
from desktop_app.core.text import Text, text
from desktop_app.web import figures, times
from desktop_app.web.asked import Asked, reader
from desktop_app.web.evidence import Lines, lines, wanted
from desktop_app.web.guides import Guide, guides
from desktop_app.web.i18n import Language, translator
from desktop_app.web.sentences import Sentences
from desktop_app.web.spark import Spark, spark
from desktop_app.web.times import age

if TYPE_CHECKING:
    from desktop_app.core.rules.catalogue import RuleRow
    from desktop_app.core.rules.texts import Texts

VIEW_NAMES: dict[View, Text] = {
    "triage": text("To triage"),
    "confirmed": text("Confirmed"),
    "case": text("In a case"),
    "suppressed": text("Suppressed"),
    "closed": text("Closed"),
    "all": text("All"),
}
STATUS_NAMES: dict[str, Text] = {
    "new": text("New"),
    "in_progress": text("In progress"),
    "suppressed": text("Suppressed"),
    "resolved": text("Resolved"),
    "archived": text("Archived"),
}
VERDICT_NAMES: dict[str, Text] = {
    "true_positive": text("True positive"),
    "false_positive": text("False positive"),
    "benign": text("Benign"),
    "duplicate": text("Duplicate"),
}
# What became of a finding since the reader last looked.
CHANGE_NAMES: dict[Change, Text] = {"new": text("New"), "back": text("Came back"), "grown": text("Grew")}
SHARED_NAMES: dict[str, Text] = {
    "address": text("Same address"),
    "account": text("Same account"),
    "file": text("Same file"),
    "host": text("Same host"),
}
MOST_SHARED = 3  # values of one kind named beside a finding


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list; ``change`` is what became of it since the reader last looked.

    ``age`` is how old it is, as it is said. ``shown``: the mark of the line that the page shows already.
    """

    row: FindingRow
    title: str
    where: str
    change: Change | None = None
    age: str = ""
    shown: str | None = None

    @property
    def mark(self) -> str:
        """A digest of everything that is drawn of it: a page that shows a line of this mark shows it as it is."""
        row = self.row
        drawn = [self.title, self.where, self.change, self.age, row.count, row.read, row.severity]
        return hashlib.blake2b(orjson.dumps(drawn), digest_size=6).hexdigest()

    @property
    def kept(self) -> bool:
        """Whether the page that asks shows this line already, as it is."""
        return self.shown is not None and self.shown == self.mark


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity; ``total`` is None where more of them are not drawn."""

    severity: Severity
    total: int | None
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One finding as its page draws it."""

    found: FindingDetail
    texts: Texts
    rule: RuleRow | None
    extension: Text
    spark: Spark | None
    lines: Lines
    events_url: str
    guides: tuple[Guide, ...]
    position: int
    total: int
    newer: int | None
    older: int | None
    shared: list[tuple[str, list[Link]]]
    case: tuple[int, str] | None
    judged: verdicts.RuleVerdicts
    held: list[Held]

    @property
    def row(self) -> FindingRow:
        """The finding's own line."""
        return self.found.row

    @property
    def narrowed(self) -> bool:
        """Whether the link to the events names what belongs to the finding, not only its source and time."""
        row = self.row
        return any(_has(copy, name, one) for copy in self.found.evidence for name, one in _named(row))

    @property
    def timeline_url(self) -> str:
        """The address of its time on the axis of everything, with a tenth of its length (a minute at least) around."""
        row = self.row
        margin = max((row.last_seen - row.first_seen) // 10, times.MINUTE)
        edges = {"from": max(0, row.first_seen - margin), "to": row.last_seen + margin}
        return "/logs/timeline?" + urlencode({name: moment(one).isoformat() for name, one in edges.items()})

    @property
    def techniques(self) -> list[Reference]:
        """The ATT&CK techniques that the rule's tags name, such as ``T1110.001``, with what each is called."""
        return techniques(self.rule.tags) if self.rule else []


class Inbox:
    """The inbox for one request; ``shown`` are the lines that the page has already, each with its mark."""

    def __init__(
        self, desk: Desk, db: Connection, language: Language, asked: Asked, shown: Mapping[int, str] | None = None
    ) -> None:
        self._desk = desk
        self._db = db
        self.asked = asked
        self.filter = asked.resolved(db, desk.clock())
        self.sentences = Sentences(db, language)
        self._shown = shown or {}

    @cached_property
    def rows(self) -> list[FindingRow]:
        """The findings that the list shows, in its order."""
        return findings.listing(self._db, self.filter, self.asked.limit)

    @cached_property
    def ids(self) -> list[int]:
        """Their numbers, for who draws no list."""
        if "rows" in self.__dict__:
            return [row.id for row in self.rows]
        return findings.ids(self._db, self.filter, self.asked.limit)

    @cached_property
    def total(self) -> int:
        """How many findings the filter holds."""
        return len(self.ids) if len(self.ids) < self.asked.limit else findings.total(self._db, self.filter)

    @cached_property
    def mark(self) -> Micros | None:
        """Since when what came is new to the reader."""
        return looks.since(self._db, reader())

    @cached_property
    def changes(self) -> int:
        """How many findings changed since the reader last looked, whatever view they are in."""
        return 0 if self.mark is None else findings.total(self._db, Filter("all", changed=self.mark))

    @cached_property
    def case_name(self) -> str | None:
        """The name of the case that the list is narrowed to."""
        found = cases.case(self._db, self.filter.case) if self.filter.case is not None else None
        return found.name if found else None

    @property
    def nothing_read(self) -> bool:
        """Whether the desk is empty, so that no rule can have found anything."""
        return figures.is_empty(self._db)

    def tabs(self) -> list[tuple[View, Text, int, str]]:
        """Return each view with its name, count and address."""
        counts = findings.counts(self._db)
        return [(view, name, counts[view], self.asked.view_url(view)) for view, name in VIEW_NAMES.items()]

    def groups(self) -> list[Group]:
        """Return the list by severity."""
        by = [(severity, list(rows)) for severity, rows in groupby(self.rows, key=lambda row: row.severity)]
        cut = self.total > len(self.rows)
        return [
            Group(severity, None if cut and place == len(by) else len(rows), self._drawn(rows))
            for place, (severity, rows) in enumerate(by, start=1)
        ]

    def _drawn(self, rows: Sequence[FindingRow]) -> tuple[ListRow, ...]:
        mark = self._desk.clock() if self.mark is None else self.mark
        say, now = translator(self.sentences.language).say, self._desk.clock()
        return tuple(
            ListRow(row, self.sentences.title(row), where(row), looks.change(row, mark), say(age(row.last_seen, now)),
                    self._shown.get(row.id))
            for row in rows
        )  # fmt: skip

    def chosen_id(self) -> int | None:
        """Return the finding that is open: the one asked for, else the first of the list."""
        if self.asked.chosen is not None:
            return self.asked.chosen
        return self.ids[0] if self.ids else None

    def after(self, decided: Sequence[int]) -> int | None:
        """Return the finding to open after these were decided: the next one below, else the one above."""
        gone = set(decided)
        places = [index for index, one in enumerate(self.ids) if one in gone]
        start = places[-1] + 1 if places else 0
        below, above = self.ids[start:], self.ids[: places[0] if places else 0]
        return next((one for one in [*below, *reversed(above)] if one not in gone), None)

    def detail(self, finding_id: int) -> Detail | None:
        """Return one finding in full, or None where there is none."""
        found = findings.finding(self._db, finding_id)
        if found is None:
            return None
        row, ids = found.row, self.ids
        texts = self.sentences.of(row)
        place = ids.index(finding_id) if finding_id in ids else -1
        held = self._held(found)
        marks = [*wanted(row, texts.title + texts.why), *(one.part for one in held)]
        return Detail(
            found=found,
            texts=texts,
            rule=self.sentences.rule(row.rule_id),
            extension=self._extension(row.extension),
            spark=spark(findings.spark(self._db, finding_id), row.last_seen),
            lines=lines(found.evidence, row.count, marks),
            held=held,
            events_url=events_url(row, found.evidence),
            guides=guides(self._desk, self._db, self.sentences.rule(row.rule_id), self.sentences.language),
            position=place + 1,
            total=self.total,
            newer=ids[place - 1] if place > 0 else None,
            older=ids[place + 1] if 0 <= place < len(ids) - 1 else None,
            shared=shared(links.of_finding(self._db, finding_id), row.asset),
            case=cases.of_findings(self._db, [finding_id]).get(finding_id),
            judged=verdicts.of_rule(self._db, row.rule_id),
        )

    def _held(self, found: FindingDetail) -> list[Held]:
        """Return why the rule holds of the newest event that is kept."""
        if not found.evidence:
            return []
        newest = found.evidence[-1]
        event = Event({"host": newest.host, "source": newest.source, **newest.fields}, newest.raw)
        return explain(self._db, found.row.rule_id, event, self.sentences.language)

    def _extension(self, extension_id: str) -> Text:
        known = {one.id: one.title for one in self._desk.extensions}
        return known.get(extension_id, Text(extension_id))


def shared(found: Sequence[Link], asset: str) -> list[tuple[str, list[Link]]]:
    """Return what a finding shares with others, by kind; the asset itself has a line of its own."""
    told = [one for one in found if (one.kind, one.value) != ("host", asset.lower())]
    return [(kind, list(some)[:MOST_SHARED]) for kind, some in groupby(told, key=lambda one: one.kind)]


def where(row: FindingRow) -> str:
    """Return the asset of a finding with the values that belong together, as the list shows it."""
    others = [one for _, one in row.group if one and one != row.asset]
    return " · ".join([row.asset, *others[:2]])


def events_url(row: FindingRow, copies: Sequence[Evidence] = ()) -> str:
    """Return the address of the events behind a finding: what belongs to it and its kept events have, in its time.

    An asset is not always a host: events without one are known by the file they came from, which no event carries.
    """
    chips = [("f", f"{name}:{_quoted(one)}") for name, one in _held(row, copies)]
    # The end of a time range is not part of it, so it lies just after the last event.
    edges = [("from", moment(row.first_seen).isoformat()), ("to", moment(row.last_seen + 1).isoformat())]
    return "/logs/?" + urlencode([*chips, *edges])


def _held(row: FindingRow, copies: Sequence[Evidence]) -> list[tuple[str, str]]:
    """Return the values that events of the finding have, else the source that its kept events share."""
    named = _named(row)
    held = [(name, one) for name, one in named if any(_has(copy, name, one) for copy in copies)] if copies else named
    shared = {copy.source for copy in copies}
    return held or [("source", one) for one in shared if one and len(shared) == 1]


def _named(row: FindingRow) -> list[tuple[str, str]]:
    return [(name, one) for name, one in row.group or (("host", row.asset),) if one]


def _has(copy: Evidence, name: str, wanted: str) -> bool:
    found = {"host": copy.host, "source": copy.source}.get(name, copy.fields.get(name))
    return found is not None and found.lower() == wanted.lower()


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
