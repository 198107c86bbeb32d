"""What a person can do with logs: import, look at this computer, see what came in, change a zone, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop_app.core import jobs, undoing
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events.catalogue import totals
from desktop_app.core.extension import Health, Hit, Question
from desktop_app.core.origins import DROP
from desktop_app.core.rules import catalogue, changes, staging
from desktop_app.core.rules.catalogue import ImportResult
from desktop_app.core.settings import is_zone
from desktop_app.core.text import Text, ntext, text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.service import live
from desktop_app.extensions.logs.sources import local
from desktop_app.extensions.logs.sources.names import NO_HOST, is_host, originals, shown
from desktop_app.extensions.logs.sources.recognise import by_id
from desktop_app.extensions.logs.sources.taught.formats import TaughtLines, TaughtTable
from desktop_app.extensions.logs.store import taught

IMPORT_JOB = "logs.import"
LOOK_JOB = "logs.look"
DEMO_JOB = "logs.demo"
ZONE_JOB = "logs.zone"
FORMAT_JOB = "logs.format"
COMPACT_JOB = "logs.compact"
RULES_PREVIEW_JOB = "logs.rules_preview"
RULES_IMPORT_JOB = "logs.rules_import"

SAMPLE, THIS_COMPUTER = "Sample data", "This computer"  # what imports are called that no file gives a name
RULES = text("Rules")
EVENTS = text("Events")


def _label(paths: Sequence[str]) -> str:
    first = Path(paths[0])
    name = shown(first.name or first)
    return name if len(paths) == 1 else f"{name} +{len(paths) - 1}"


def start_import(
    db: Connection,
    paths: Sequence[str],
    *,
    format_id: str | None = None,
    zone: str | None = None,
    host: str | None = None,
    detect: bool = True,
    uploads: bool = False,
    dropped: int | None = None,
) -> int:
    """Queue the import of files, folders and archives; returns the job's id.

    ``zone`` is taken for lines without one of their own (the site's zone where None), ``host`` for those that name no
    machine; ``uploads`` says that the paths are copies of ours, to be deleted after; ``dropped`` is the number of the
    drop folder that they lay in.
    """
    if not paths:
        raise UsageError(text("Nothing was chosen to import."), fix=text("Choose files or a folder."))
    absolute = [str(Path(one).expanduser().absolute()) for one in paths]
    missing = [one for one in absolute if not Path(one).exists()]
    if missing:
        raise UsageError(
            text("There is no file or folder of that name: %(path)s", path=shown(missing[0])),
            fix=text("Check the spelling, or choose it with the button."),
        )
    if format_id:
        by_id(format_id, taught.formats(db))
    _check_zone(zone)
    if host is not None and not is_host(host):
        raise UsageError(NO_HOST)
    stored = [shown(one) for one in absolute]
    options = {"paths": stored, "format": format_id, "zone": zone, "host": host, "detect": detect}
    label = _label(paths)
    with writing(db):
        import_id = store.create_import(db, label, options if dropped is None else {**options, DROP: dropped})
        params: dict[str, Any] = {**options, "import_id": import_id, "uploads": stored if uploads else []}
        if kept := originals(absolute):
            params["originals"] = kept
        job_id = jobs.enqueue(db, IMPORT_JOB, text("Import %(label)s", label=label), params)
        store.set_job(db, import_id, job_id)
    return job_id


def _check_zone(zone: str | None) -> None:
    if zone and not is_zone(zone):
        raise UsageError(
            text("No time zone is called %(zone)s.", zone=zone),
            fix=text("Use a name such as Asia/Shanghai, Europe/Berlin or UTC."),
        )


def look_here(db: Connection) -> int:
    """Queue a look at this computer's own logs; returns the job's id."""
    return _start_named(db, LOOK_JOB, text("Look at this computer"), THIS_COMPUTER)


def fill_with_sample_data(db: Connection, *, anyway: bool = False) -> int:
    """Queue the import of generated, labelled sample data; returns the job's id.

    Raises UsageError on a desk that holds logs of somebody's own, unless it is wanted ``anyway``.
    """
    if not anyway and store.holds_other_than(db, SAMPLE):
        raise UsageError(
            text("This desk holds logs of your own; sample data would mix with them."),
            fix=text("Use another folder with --data-dir, or say --force."),
        )
    return _start_named(db, DEMO_JOB, text("Fill the desk with sample data"), SAMPLE)


def _start_named(db: Connection, kind: str, title: Text, label: str) -> int:
    with writing(db):
        import_id = store.create_import(db, label, {})
        job_id = jobs.enqueue(db, kind, title, {"import_id": import_id})
        store.set_job(db, import_id, job_id)
    return job_id


def import_rows(db: Connection) -> list[store.ImportRow]:
    """Return the imports, newest first."""
    return store.import_rows(db)


def import_detail(db: Connection, import_id: int) -> tuple[store.ImportRow, list[store.FileRow]]:
    """Return one import and its files."""
    return store.import_row(db, import_id), store.files(db, import_id)


def change_zone(db: Connection, import_id: int, zone: str) -> int:
    """Queue the second reading of an import's lines that carry no zone, in another one; returns the job's id."""
    _check_zone(zone)
    row = store.import_row(db, import_id)
    affected = [one for one in store.files(db, import_id) if one.zone_assumed and one.events and one.zone != zone]
    if row.state != "done" or not affected:
        raise UsageError(
            text("Nothing in this import depends on the time zone."),
            why=text("Its lines carry a zone of their own, or it was undone, or it has that zone already."),
        )
    with writing(db):
        return jobs.enqueue(
            db,
            ZONE_JOB,
            text("Read %(label)s again in %(zone)s", label=row.label, zone=zone),
            {"import_id": import_id, "zone": zone},
        )


def read_by(db: Connection, import_id: int, file_ids: Sequence[int], format_id: str) -> int:
    """Queue the second reading of some files of an import by another format; returns the job's id."""
    chosen = by_id(format_id, taught.formats(db))
    row = store.import_row(db, import_id)
    affected = [one.id for one in store.files(db, import_id) if one.id in file_ids and one.events]
    if row.state != "done" or not affected:
        raise UsageError(
            text("There is nothing to read again."), why=text("These files brought no events, or were undone.")
        )
    if not isinstance(chosen, (TaughtLines, TaughtTable)):
        raise UsageError(
            text("%(format)s cannot be applied to what is stored.", format=chosen.title),
            fix=text("Undo the import and import the file again with this format."),
        )
    title = text("Read %(label)s again by %(format)s", label=row.label, format=chosen.title)
    params = {"import_id": import_id, "files": affected, "format": format_id}
    with writing(db):
        return jobs.enqueue(db, FORMAT_JOB, title, params)


def start_compaction(db: Connection) -> int:
    """Queue the putting together of the small event files of live sources; returns the job's id."""
    with writing(db):
        return jobs.enqueue(db, COMPACT_JOB, text("Put small event files together"), {})


def start_rules_preview(db: Connection, path: Path, upload: str | None = None) -> int:
    """Queue the reading of rules for a preview; returns the job's id. ``upload``: the copies of ours to read."""
    if not path.exists():
        catalogue.files_in(path)  # it says what is wrong
    title = text("Read the rules of %(pack)s", pack=catalogue.pack_name(path))
    with writing(db):
        return jobs.enqueue(db, RULES_PREVIEW_JOB, title, {"path": str(path), "upload": upload})


def start_version_preview(db: Connection, version_id: int) -> int:
    """Queue the preview of an earlier content of a pack; returns the job's id. UsageError where it is not kept."""
    title = text("Read the rules of %(pack)s", pack=changes.pack_of(db, version_id))
    with writing(db):
        return jobs.enqueue(db, RULES_PREVIEW_JOB, title, {"version": version_id})


def start_rules_import(db: Connection, token: str, pack: str) -> int:
    """Queue the import of rules that were previewed; returns the job's id."""
    with writing(db):
        title = text("Bring in the rules of %(pack)s", pack=pack)
        return jobs.enqueue(db, RULES_IMPORT_JOB, title, {"token": f"{staging.PREFIX}{token}"})


def import_rules(db: Connection, path: Path) -> ImportResult:
    """Bring a Sigma file, folder or zip into the catalogue; what can't be used is listed with its reason."""
    return catalogue.import_rules(db, path)


def undo_import(desk: Desk, db: Connection, import_id: int) -> undoing.Undoing:
    """Take an import back with all that it brought; a large one by a job."""
    row = store.import_row(db, import_id)
    if row.undo_id is None:
        raise UsageError(
            text("There is nothing of this import to undo."),
            why=text("It brought no events, or was undone before."),
        )
    return undoing.take_back(desk, db, row.undo_id)


def health(desk: Desk) -> tuple[Health, ...]:
    """Say what of this computer's own logs this account can read, and what it can't with the command that shows it."""
    del desk  # it is about the machine
    view = local.look()
    seen = [Health(ntext("1 log file can be read", "%(num)s log files can be read", num=len(view.inputs)))]
    if view.journal:
        seen.append(Health(text("The systemd journal can be read")))
    hidden = [Health(one.what, text("To see it: %(command)s", command=one.command)) for one in view.hidden]
    return (*seen, *hidden)


def search_palette(desk: Desk, db: Connection, question: Question) -> list[Hit]:
    """Return the rules and live sources that answer the palette, and the search of events for what was written."""
    found = [
        Hit(RULES, one.title(question.language), "logs.rule", score, {"rule_id": one.id}, _pack(one.pack), "check")
        for score, one in desk.rule_names.find(db, question.words, question.limit)
    ]
    found += live.search_palette(db, question)
    if totals(db).events:
        title = text("Search events for “%(words)s”", words=question.written)
        found.append(Hit(EVENTS, title, "logs.search", 1.0, {"q": question.written}, icon="logs"))
    return found


def _pack(name: str) -> str:
    return "" if name == catalogue.OURS else name
