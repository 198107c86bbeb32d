"""The import: inputs one after the other, each committed whole or not at all."""

from __future__ import annotations

import errno
import sqlite3
import time
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core import temporary, undo
from desktop_app.core.crashes import write_note
from desktop_app.core.database import Connection, writing
from desktop_app.core.errors import (
    Cancelled,
    SourceUnreadable,
    StoreError,
    UsageError,
    WatchdeskError,
    system_says,
    unexpected,
)
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import Intake, land_instead
from desktop_app.core.rules.catalogue import load
from desktop_app.core.settings import SITE_ZONE, get
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs.earlier import Gone, Past, changed, look_back, overtaken, take_out, to_go
from desktop_app.extensions.logs.jobs.followed import Held, held
from desktop_app.extensions.logs.jobs.hosts import HOST, normalized
from desktop_app.extensions.logs.model import Format, Reading, RecordBatch, Settled
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.sources.decode import take_sample
from desktop_app.extensions.logs.sources.discover import Input, Limits, Unreadable, discover
from desktop_app.extensions.logs.sources.identity import HashingReader, skip
from desktop_app.extensions.logs.sources.names import original, shown
from desktop_app.extensions.logs.sources.recognise import by_id, recognise
from desktop_app.extensions.logs.sources.zones import FOLDS
from desktop_app.extensions.logs.store import taught

UNDO_KIND = "logs.import"
_TRIES = 3  # of a file that other imports bring in at the same time
_ONLY_ADDED = text("Only what was added since the last import was read.")
_READ_AGAIN = text("All of it was read again, in place of what an earlier import had read of its beginning.")
_NOTHING_NEW = text("This file was imported before; nothing was added.")


@dataclass(slots=True)
class Progress:
    """Bytes done of all that an import has to read."""

    context: JobContext
    total: int
    before: int = 0

    def report(self, done: int, name: str) -> None:
        """Say how far the present file is."""
        reading = text("Reading %(name)s", name=name)
        self.context.progress(min(self.before + done, self.total - 1), max(self.total, 1), reading)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: the file's columns, and how its end reached the person."""

    columns: dict[str, Any]
    state: str


def run_import(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read every input of an import; a failed one is told and the rest goes on."""
    started, began = time.monotonic(), context.now()
    read_inputs(context, params, list(discover(_paths(params, "paths"), Limits())))
    applying.meanwhile(context.db, began)
    _remove_uploads(context, params)
    return result(context, int(params["import_id"]), time.monotonic() - started)


def _paths(params: Mapping[str, Any], name: str) -> list[Path]:
    return [original(one, params.get("originals", {})) for one in params.get(name, ())]


def read_inputs(context: JobContext, params: Mapping[str, Any], found: Sequence[Input | Unreadable]) -> None:
    """Read the inputs of an import; the caller applies the rules that were changed ``meanwhile``."""
    db, import_id = context.db, int(params["import_id"])
    check_standing(db, import_id)
    ruleset = ruleset_for(context, params)
    progress = Progress(context, sum(one.size for one in found if isinstance(one, Input)))
    for one in found:
        context.check()
        if isinstance(one, Unreadable):
            _tell_unreadable(context, import_id, one)
        else:
            Importer(context, ruleset, params, progress).read(one)
            progress.before += one.size
    with writing(db):
        store.set_state(db, import_id, "done")


def check_standing(db: Connection, import_id: int) -> None:
    """Refuse to go on with an import that was undone after it had been cut off."""
    if store.import_row(db, import_id).state == "undone":
        raise UsageError(text("This import was undone."), fix=text("Import the files again."))


def ruleset_for(context: JobContext, params: Mapping[str, Any]) -> RuleSet:
    """Return the rules that an import applies: all that are enabled, or none where that was asked."""
    return load(context.db, context.desk.folder) if params.get("detect", True) else RuleSet.empty()


def _tell_unreadable(context: JobContext, import_id: int, one: Unreadable) -> None:
    if one.error.__cause__ is not None and not isinstance(one.error, SourceUnreadable):
        write_note(context.desk.folder, one.error.__cause__)
    with writing(context.db):
        name = shown(Path(one.member or one.path).name)
        row = store.file_for(context.db, import_id, (shown(one.path), one.member), name)
        if row.state != "waiting":
            return  # it was settled before the import was cut off; what came in then stands
        store.finish_file(context.db, row.id, {"state": "failed", "error": store.error_json(one.error)})
    context.log("error", text("%(name)s: %(problem)s", name=row.name, problem=one.error.what))


def _remove_uploads(context: JobContext, params: Mapping[str, Any]) -> None:
    """Copies that a browser had to upload are ours; nothing else is ever deleted."""
    ours = context.desk.folder.temporary
    for one in _paths(params, "uploads"):
        one.unlink(missing_ok=True)
        if one.is_relative_to(ours):
            upload = ours / one.relative_to(ours).parts[0]
            for left in (upload, upload.with_suffix(".tally")):
                temporary.remove(left)


def result(context: JobContext, import_id: int, seconds: float) -> dict[str, Any]:
    """Return the import's fixed JSON shape."""
    files = store.files(context.db, import_id)
    return {
        "events": sum(one.events for one in files),
        "bytes": sum(one.bytes for one in files),
        "files": [
            {
                "path": f"{one.path}!{one.member}" if one.member else one.path,
                "format": one.format,
                "events": one.events,
                "skipped": one.skipped,
                "error": " ".join(str(part) for part in one.error) or None,
            }
            for one in files
        ],
        "known": [index for index, one in enumerate(files) if one.state == "known"],
        "findings": store.findings_of(context.db, import_id),
        "seconds": round(seconds, 3),
        "import": import_id,
    }


class Importer:
    """Reads the inputs of one import."""

    def __init__(self, context: JobContext, ruleset: RuleSet, params: Mapping[str, Any], progress: Progress) -> None:
        self._context = context
        self._db = context.db
        self._ruleset = ruleset
        self._import_id = int(params["import_id"])
        self._params = params
        self._progress = progress
        # What the present input left out because it was there: undoing that must wait until this import was undone.
        self._builds_on: set[str] = set()
        self._past = Past()
        self._going: Mapping[int, int] = {}  # behind which record of which earlier files is read again
        self._gone: Gone | None = None
        self._held = Held()  # what was stored of it while it was followed

    def read(self, one: Input, *, live: str | None = None) -> None:
        """Bring one input in; what cannot be read is told in its row, and nothing of a failed file stays.

        ``live`` names a source that goes on where it was left: it has no content to be known by, but a cursor.
        """
        with writing(self._db):
            row = store.file_for(self._db, self._import_id, one.key, one.name, one.modified)
        if row.state != "waiting":
            return
        intake = Intake(self._context.desk, self._ruleset, import_id=self._import_id, file_id=row.id, name=one.name)
        for again in range(_TRIES):
            outcome = self._outcome(one, live, intake, again=again > 0)
            if self._commit(row.id, one, intake, outcome, live, last=again == _TRIES - 1):
                return
            self._abandon(intake)

    def _outcome(self, one: Input, live: str | None, intake: Intake, *, again: bool) -> Outcome:
        self._builds_on = set()
        self._past, self._going, self._gone, self._held = Past(), {}, None, Held()
        try:
            outcome = self._take_live(one, live, intake) if live else self._take(one, intake, again=again)
            intake.settle()
        except BaseException as error:
            self._abandon(intake)
            if isinstance(error, Exception) and not isinstance(error, Cancelled | StoreError | sqlite3.Error):
                return self._failed(one, error)  # the boundary of a file: what a parser trips over costs only that one
            raise
        return outcome

    def _abandon(self, intake: Intake) -> None:
        intake.abandon()
        if self._gone is not None:
            self._gone.abandon()
            self._gone = None

    def _failed(self, one: Input, error: Exception) -> Outcome:
        told = _as_told(one, error)
        if told is not error and not isinstance(error, OSError):
            write_note(self._context.desk.folder, error)
        self._context.log("error", text("%(name)s: %(problem)s", name=one.name, problem=told.what))
        return Outcome({"error": store.error_json(told)}, "failed")

    def _commit(
        self, file_id: int, one: Input, intake: Intake, outcome: Outcome, live: str | None, *, last: bool
    ) -> bool:
        """Make it real; False where another import was quicker, so that it has to be looked at again."""
        with writing(self._db):
            if intake.events and not (live or last) and self._outdated(one, outcome):
                return False
            self._land(intake)
            store.finish_file(self._db, file_id, {**outcome.columns, "state": outcome.state, "events": intake.events})
            if intake.events:
                self._journal(live)
            if live and intake.events:
                store.set_source_cursor(self._db, live, "", orjson.loads(outcome.columns["reading_state"]))
        return True

    def _land(self, intake: Intake) -> None:
        if self._gone is None or not self._gone.replaced:
            intake.land(self._db)
            return
        parts = [part for _, part in self._gone.replaced]
        land_instead(self._context.desk, self._db, self._gone.ruleset, parts, intake)
        self._gone.keep(self._db, self._import_id)

    def _outdated(self, one: Input, outcome: Outcome) -> bool:
        if self._gone is not None and not self._gone.stands(self._db):
            return True
        return not self._held.stands(self._db, one) or overtaken(self._db, one, self._past, outcome.columns["sha256"])

    def _journal(self, live: str | None) -> None:
        """Make the import undoable from its first committed event on, so that a cut-off import can be rolled back."""
        row = store.import_row(self._db, self._import_id)
        if row.undo_id is not None:
            undo.build_on(self._db, row.undo_id, sorted(self._builds_on))
            return
        cursors = {live: store.source_cursor(self._db, live, "")} if live else {}
        undo.record(
            self._db,
            UNDO_KIND,
            text("Imported %(label)s", label=row.label),
            before={"import_id": self._import_id, "cursors": cursors},
            after={},
            subjects=[f"import:{self._import_id}", *sorted(self._builds_on)],
        )

    def _take(self, one: Input, intake: Intake, *, again: bool) -> Outcome:
        self._past = past = look_back(self._db, one, surely=again)
        if past.whole and past.file is not None and past.identity is not None:
            columns = {"sha256": past.identity.sha256, "bytes": past.identity.size, "format": past.file.format}
            return Outcome({**columns, "notes": _notes([_NOTHING_NEW])}, "known")
        reading, chosen, named = self._prepare(one, past)
        self._held = held(self._db, one)
        resumes = reading.settled
        self._going = to_go(self._db, past.file, resumes)
        bound = past.identity.size if past.identity else one.bound
        with one.open() as stream:
            hashing = HashingReader(stream, past.stops, limit=bound)
            skip(hashing, resumes.bytes)  # type: ignore[arg-type] # a raw reader is all it takes
            end = self._pour(chosen, reading, hashing, intake)
            hashing.finish()
        self._join(one, past, hashing, reading, intake)
        # A file of which all was there stands for nothing: once that was undone, it is new again.
        state = "known" if self._builds_on and not intake.events else "done"
        if state == "known":
            reading.note(_NOTHING_NEW)
        continued = {"continues": past.file.id if past.file else None, "format_named": int(named)}
        return Outcome(_columns(chosen, reading, hashing, resumes, end) | continued, state)

    def _join(self, one: Input, past: Past, hashing: HashingReader, reading: Reading, intake: Intake) -> None:
        """See to it that what was read fits to what it continues."""
        if past.file is None:
            return
        if hashing.kept(past.shared) not in {past.file.sha256, past.file.settled_sha256}:
            raise changed(one)
        self._builds_on |= {f"import:{store.file_row(self._db, one).import_id}" for one in self._going}
        if intake.events:
            reading.note(_ONLY_ADDED if reading.first_offset else _READ_AGAIN)
            self._gone = take_out(self._context.desk, self._db, self._going)

    def _take_live(self, one: Input, live: str, intake: Intake) -> Outcome:
        self._builds_on.add(f"source:{live}")
        zone = zoneinfo.ZoneInfo(str(get(self._db, SITE_ZONE)))
        reading, chosen = Reading(name=one.name, zone=zone, reference=one.modified), by_id(live)
        with one.open() as stream:
            hashing = HashingReader(stream)
            end = self._pour(chosen, reading, hashing, intake)
            hashing.finish()
        return Outcome(_columns(chosen, reading, hashing, Settled(), end) | {"sha256": None}, "done")

    def _prepare(self, one: Input, past: Past) -> tuple[Reading, Format, bool]:
        """Return how a file is read, and whether a person has said its format."""
        earlier = past.file
        with one.open() as stream:
            sample = take_sample(one.name, stream)
        known = taught.formats(self._db)
        named = self._params.get("format") or (earlier.format if earlier and earlier.format_named else None)
        chosen = by_id(named, known) if named else recognise(sample, known)[0]
        before = earlier.zone if earlier is not None and earlier.zone_assumed else None
        zone = self._params.get("zone") or before or str(get(self._db, SITE_ZONE))
        reading = Reading(name=one.name, encoding=sample.encoding, zone=zoneinfo.ZoneInfo(zone), reference=one.modified)
        resumes = past.resumes(chosen, reading.encoding)
        reading.settled, reading.first_offset, reading.first_ordinal = resumes, resumes.bytes, resumes.records + 1
        other_zone = earlier is not None and earlier.zone != zone
        reading.state = {name: kept for name, kept in resumes.state.items() if not (other_zone and name == FOLDS)}
        host = self._params.get(HOST) or (earlier.reading_state.get(HOST) if earlier is not None else None)
        if host:
            reading.state[HOST] = host
        return reading, chosen, named is not None

    def _pour(self, chosen: Format, reading: Reading, stream: HashingReader, intake: Intake) -> tuple[int, str | None]:
        """Read all records and return the number of the last and what was wrong at the end.

        An input that breaks off keeps what came before.
        """
        last = reading.first_ordinal - 1
        try:
            for records in chosen.collect(stream, reading):  # type: ignore[arg-type] # a raw reader is all it takes
                last = max(last, int(records.ordinal[-1])) if len(records) else last
                self._add(chosen, records, reading, intake)
                self._progress.report(records.offset, reading.name)
        except SourceUnreadable as error:
            if not intake.events:
                raise
            return last, store.error_json(error)
        return last, store.error_json(reading.error)

    def _add(self, chosen: Format, records: RecordBatch, reading: Reading, intake: Intake) -> None:
        for batch in normalized(chosen, records, reading):
            fresh, known = self._held.without_known(self._context.desk, self._db, batch, self._going)
            self._builds_on |= {f"import:{one}" for one in known}
            intake.add(fresh, wait=True)
        intake.lot_ended()


def _as_told(one: Input, error: Exception) -> WatchdeskError:
    """Tell a fault of reading; a full disk is no fault of the file and stops the import."""
    if not isinstance(error, OSError):
        return unexpected(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        raise error
    return SourceUnreadable(
        text("%(name)s cannot be read.", name=one.name),
        why=system_says(error),
        fix=text("Check the disk or the connection, or import a copy."),
    )


def _notes(notes: list[Text]) -> str:
    return orjson.dumps([one.to_json() for one in notes]).decode()


def _columns(
    chosen: Format, reading: Reading, hashing: HashingReader, resumes: Settled, end: tuple[int, str | None]
) -> dict[str, Any]:
    records, error = end
    identity, settled = hashing.finish(), reading.settled
    # Such a beginning stands for the file where nothing else was read of it: the bracket that ends an array changes.
    alone = settled.bytes and records <= settled.records
    return {
        "sha256": identity.sha256,
        "bytes": identity.size,
        "offset_bytes": resumes.bytes,
        "offset_records": resumes.records,
        "settled_bytes": settled.bytes,
        "settled_records": settled.records,
        "settled_state": orjson.dumps(settled.state).decode(),
        "settled_sha256": hashing.digest_of(settled.bytes) if alone else None,
        "format": chosen.id,
        "encoding": reading.encoding,
        "zone": str(reading.zone),
        "zone_assumed": int(reading.zone_assumed),
        "skipped": reading.skipped,
        "records": records,
        "notes": _notes(reading.notes),
        "error": error,
        "reading_state": orjson.dumps(reading.state).decode(),
    }
