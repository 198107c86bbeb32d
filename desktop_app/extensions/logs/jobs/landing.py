"""What arrives from a live source on its way into the store: like an import, but a portion at a time.

Events, what the rules say of them, how far the source was read and how it fares are committed together: after a crash
everything that was committed is there once, and a source that can be read again goes on behind it.
"""

from __future__ import annotations

import copy
import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from desktop_app.core import triage, undo
from desktop_app.core.crashes import write_note
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import EventBatch, LogSource, Micros, Times
from desktop_app.core.pipeline import Intake, land_instead
from desktop_app.core.rules import catalogue
from desktop_app.core.settings import SITE_ZONE, get
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs import followed
from desktop_app.extensions.logs.jobs.earlier import Gone, take_out
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.feed import Portion
from desktop_app.extensions.logs.sources.plain import PLAIN
from desktop_app.extensions.logs.sources.recognise import by_id
from desktop_app.extensions.logs.store import live, taught
from desktop_app.extensions.logs.store.live import Place

UNDO_KIND = f"{undo.UNASKED}logs.live"
OWN = LogSource("watchdesk", "", "live")  # what the desk itself notes about its sources
OWN_KEY = ("live:watchdesk", "Watchdesk")
PEER = "log.source.address"


@dataclass(frozen=True, slots=True)
class Whose:
    """The source that something came from."""

    id: int
    name: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Landed:
    """What was stored: events, and the time of the newest of them."""

    events: int
    newest: Micros | None = None


class Landing:
    """Brings portions into the store with the rules that hold at the moment."""

    def __init__(self, desk: Desk, db: Connection) -> None:
        self._desk = desk
        self._db = db
        self._stamp: tuple[object, ...] = ()
        self._ruleset = RuleSet.empty()

    def land(self, whose: Whose, portion: Portion, told: Mapping[str, Any]) -> Landed:
        """Store a portion; ``told`` is how the source fares.

        Raises StoreError and sqlite3.Error; nothing of the portion stands then.
        """
        while True:
            place = self._place(whose, portion.key, portion.format)
            intake = self._intake(whose, portion.key, place)
            reading = self._reading(whose, portion)
            gone = take_out(self._desk, self._db, portion.replaces) if portion.replaces else None
            try:
                newest = self._pour(portion, place.records + 1, reading, intake)
                with writing(self._db):
                    if self._holds(place) and (gone is None or gone.stands(self._db)):
                        self._bring_in(whose, place, intake, place.records + len(portion.raw), portion.size, gone=gone)
                        self._go_on(whose, place, portion, reading)
                        live.count(self._db, whose.id, events=intake.events, refused=portion.refused)
                        live.tell(self._db, whose.id, told)
                        return Landed(intake.events, newest)
            except BaseException:
                _abandon(intake, gone)
                raise
            _abandon(intake, gone)

    def note(self, whose: Whose, fields: Mapping[str, str], message: str, level: str) -> None:
        """Store an event of our own about a source, which rules judge like any other."""
        while True:
            place = self._place(whose, OWN_KEY, PLAIN.id)
            intake = self._intake(whose, OWN_KEY, place)
            try:
                intake.add(_own(message, level, {**fields, "watchdesk.source": whose.name}, place, self._desk.clock()))
                with writing(self._db):
                    if self._holds(place):
                        self._bring_in(whose, place, intake, place.records + 1, len(message))
                        return
            except BaseException:
                intake.abandon()
                raise
            intake.abandon()

    def heard_again(self, whose: Whose) -> None:
        """Close what was found of the silence of a source, where nobody works on it; a new silence opens it again."""
        with writing(self._db):
            ids = live.silences(self._db, whose.name)
            if ids:
                triage.over(self._db, ids, text("Resolved by itself: %(name)s is heard again", name=whose.name))

    def prepare(self) -> None:
        """Take up the rules that hold at the moment, so that what comes next need not wait for them."""
        if self._stamp != (stamp := catalogue.stamp(self._db)):
            self._ruleset, self._stamp = catalogue.load(self._db, self._desk.folder), stamp

    def _intake(self, whose: Whose, key: tuple[str, str], place: Place) -> Intake:
        self.prepare()
        name = whose.name if key is OWN_KEY else key[1]
        return Intake(self._desk, self._ruleset, import_id=place.import_id, file_id=place.file_id, name=name)

    def _place(self, whose: Whose, key: tuple[str, str], format_id: str) -> Place:
        day = dt.datetime.fromtimestamp(self._desk.clock() / 1e6, self._zone("")).date().isoformat()
        with writing(self._db):
            return live.place(self._db, live.Day(whose.id, f"{whose.name} · {day}", day), key, format_id)

    def _zone(self, named: str) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(named or str(get(self._db, SITE_ZONE)))

    def _reading(self, whose: Whose, portion: Portion) -> Reading:
        first = (portion.numbers or [1])[0]
        return Reading(
            portion.key[1], zone=self._zone(whose.zone), reference=self._desk.clock(), first_ordinal=first,
            state=copy.deepcopy(dict(portion.state)), arriving=bool(portion.peers),
        )  # fmt: skip

    def _pour(self, portion: Portion, first: int, reading: Reading, intake: Intake) -> Micros | None:
        newest: Micros | None = None
        numbers = np.array(portion.numbers or range(1, len(portion.raw) + 1), np.int64)
        for batch in self._events(portion, numbers, reading):
            which = np.searchsorted(numbers, batch.ordinal)
            told = _told_by(batch, [portion.peers[one] for one in which.tolist()] if portion.peers else [])
            intake.add(replace(told, ordinal=which + first))
            newest = max(newest or 0, int(batch.time.max()))
        return newest

    def _events(self, portion: Portion, numbers: Times, reading: Reading) -> Sequence[EventBatch]:
        if not portion.raw:
            return []
        records = RecordBatch(portion.raw, numbers, 0)
        try:
            return by_id(portion.format, taught.formats(self._db)).normalize(records, reading)
        except Exception as error:  # noqa: BLE001 - the boundary of a portion: what a parser trips over is kept as plain text
            write_note(self._desk.folder, error)
            return PLAIN.normalize(records, reading)

    def _go_on(self, whose: Whose, place: Place, portion: Portion, reading: Reading) -> None:
        """Remember how far the source was read, and what of it was lost."""
        if portion.stretch is not None:
            followed.extend(self._db, place.import_id, whose.id, portion.stretch)
        if portion.cursor is not None:
            if portion.state_of:
                portion.cursor["files"][portion.state_of]["state"] = reading.state
            live.set_cursor(self._db, whose.id, portion.cursor)
        for one in portion.losses:
            live.add_gap(self._db, live.Gap(whose.id, whose.name, one.start, one.end, one.reason, one.number))
            live.count(self._db, whose.id, lost=one.number)

    def _holds(self, place: Place) -> bool:
        """Say whether the place was not undone meanwhile, and the rules are what they were."""
        return live.stands(self._db, place) and catalogue.stamp(self._db) == self._stamp

    def _bring_in(
        self, whose: Whose, place: Place, intake: Intake, records: int, size: int, *, gone: Gone | None = None
    ) -> None:
        if not intake.events:
            return
        if gone is not None and gone.replaced:
            land_instead(self._desk, self._db, gone.ruleset, [part for _, part in gone.replaced], intake)
            gone.keep(self._db, place.import_id)
        else:
            intake.land(self._db)
        live.fill(self._db, place, records=records, events=intake.events, size=size)
        if not live.is_journalled(self._db, place.import_id):
            undo.record(
                self._db, UNDO_KIND, text("Received from %(name)s", name=whose.name),
                before={"import_id": place.import_id}, after={}, subjects=[f"import:{place.import_id}"],
            )  # fmt: skip
        if gone is not None:
            self._build_on(place, gone)

    def _build_on(self, place: Place, gone: Gone) -> None:
        """Let the imports that this goes on from wait with their undoing until this day was undone."""
        entry = store.import_row(self._db, place.import_id).undo_id
        if entry is not None:
            undo.build_on(self._db, entry, [f"import:{store.file_row(self._db, one).import_id}" for one in gone.files])


def _abandon(intake: Intake, gone: Gone | None) -> None:
    intake.abandon()
    if gone is not None:
        gone.abandon()


def _told_by(batch: EventBatch, senders: Sequence[str]) -> EventBatch:
    """Add who sent each event; one that names no host has the sender for its host."""
    if not senders:
        return batch
    hosts = [host or sender for host, sender in zip(batch.host, senders, strict=True)]
    return replace(batch, host=hosts, fields={**batch.fields, PEER: senders})


def _own(message: str, level: str, fields: Mapping[str, str], place: Place, at: Micros) -> EventBatch:
    return EventBatch(
        OWN, np.array([at], np.int64), np.array([place.records + 1], np.int64), ["watchdesk"],
        [fields.get("host.name")], [level], [message], [message], {name: [one] for name, one in fields.items()},
    )  # fmt: skip
