"""The core's own tables: append-only, one function a version. Extensions keep theirs, prefixed by their id."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlite_utils import Database, Migrations

from desktop_app.core import later_tables
from desktop_app.core.audit_chain import BEGINNING, link
from desktop_app.core.entities import common, entities
from desktop_app.core.first_tables import FIRST_TABLES

core = Migrations("core")


@core(name="1_spine")
def _spine(db: Database) -> None:
    for statement in FIRST_TABLES:
        db.execute(statement)


_SCHEDULES = (
    # Work that recurs. key: the fixed name of one that the program keeps itself. next_run NULL: to be reckoned.
    # slot: the time that the last run stood for. Everything after created is how it goes, not what was decided.
    """CREATE TABLE schedules (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, kind TEXT NOT NULL, title TEXT NOT NULL,
        params TEXT NOT NULL, cadence TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1, created INTEGER NOT NULL,
        next_run INTEGER, slot INTEGER, job_id INTEGER REFERENCES jobs ON DELETE SET NULL, retry INTEGER,
        failures INTEGER NOT NULL DEFAULT 0) STRICT""",
)


@core(name="m02_schedules")
def _schedules(db: Database) -> None:
    for statement in _SCHEDULES:
        db.execute(statement)


@core(name="m03_outbox")
def _outbox(db: Database) -> None:
    # What is to be told of findings, one row a channel. since: when it was reopened, 0 when it is told for the first time.
    db.execute(
        """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, finding_id INTEGER NOT NULL, since INTEGER NOT NULL,
        created INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','sent','failed','dropped')),
        sent INTEGER, error TEXT, UNIQUE (channel, finding_id, since)) STRICT"""
    )
    db.execute("CREATE INDEX outbox_waiting ON outbox (state, due)")
    # How far the findings were looked through for something to tell.
    db.execute(
        """CREATE TABLE outbox_cursor (
        id INTEGER PRIMARY KEY CHECK (id = 1), finding_id INTEGER NOT NULL, reopened INTEGER NOT NULL) STRICT"""
    )


_CASES = (
    # Findings worked as one matter. A finding belongs to one case at most; closed is the time when it was closed.
    """CREATE TABLE cases (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created INTEGER NOT NULL, closed INTEGER) STRICT""",
    """CREATE TABLE case_findings (
        finding_id INTEGER PRIMARY KEY REFERENCES findings ON DELETE CASCADE,
        case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE, added INTEGER NOT NULL) STRICT""",
    "CREATE INDEX case_findings_case ON case_findings (case_id)",
    """CREATE TABLE case_notes (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
        time INTEGER NOT NULL, text TEXT NOT NULL) STRICT""",
    "CREATE INDEX case_notes_case ON case_notes (case_id)",
    # position orders the tasks of a case; done is the time of the tick.
    """CREATE TABLE case_tasks (
        id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,
        position INTEGER NOT NULL, text TEXT NOT NULL, created INTEGER NOT NULL, done INTEGER) STRICT""",
    "CREATE INDEX case_tasks_case ON case_tasks (case_id, position)",
    "CREATE INDEX notes_finding ON notes (finding_id)",
    "CREATE INDEX suppressions_finding ON suppressions (finding_id)",
    "CREATE INDEX findings_asset ON findings (asset_id)",
)


@core(name="m04_cases")
def _cases(db: Database) -> None:
    for statement in _CASES:
        db.execute(statement)


_GROWING = (
    # A grown file is read on from settled_bytes, behind the record settled_records, in settled_state (JSON): nothing
    # that follows there can change what stands before. settled_sha256 is of the bytes up to there, set only where what
    # follows held no record. continues: the file that this one continued. format_named: a person had said the format.
    "ALTER TABLE files ADD COLUMN settled_bytes INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE files ADD COLUMN settled_records INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE files ADD COLUMN settled_state TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE files ADD COLUMN settled_sha256 TEXT",
    "ALTER TABLE files ADD COLUMN continues INTEGER REFERENCES files",
    "ALTER TABLE files ADD COLUMN format_named INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX files_settled_sha ON files (settled_sha256) WHERE settled_sha256 IS NOT NULL",
    # Only logs of lines were continued before, from the line that nothing ended.
    """UPDATE files SET settled_bytes = bytes - coalesce(json_extract(reading_state, '$.torn_bytes'), 0),
        settled_records = records - (json_extract(reading_state, '$.torn_bytes') IS NOT NULL),
        settled_state = json_remove(reading_state, '$.torn_bytes'),
        reading_state = json_remove(reading_state, '$.torn_bytes')
      WHERE format IN ('syslog', 'access', 'weberror', 'plain', 'journal')""",
)


@core(name="m04_growing")
def _growing(db: Database) -> None:
    for statement in _GROWING:
        db.execute(statement)


_REPORTS = (
    "ALTER TABLE reports ADD COLUMN format TEXT NOT NULL DEFAULT 'html'",
    "ALTER TABLE reports ADD COLUMN language TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE reports ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
    # Findings that are counted and not told.
    "ALTER TABLE reports ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0",
    # What made it by itself, and where it put a copy.
    "ALTER TABLE reports ADD COLUMN schedule_id INTEGER",
    "ALTER TABLE reports ADD COLUMN copy TEXT",
    # When it was deleted; its file goes some time later, so that this can be undone.
    "ALTER TABLE reports ADD COLUMN deleted INTEGER",
)


@core(name="m05_reports")
def _reports(db: Database) -> None:
    for statement in _REPORTS:
        db.execute(statement)


@core(name="m05_passphrase")
def _passphrase(db: Database) -> None:
    # One row where the pages are locked. hash carries its own parameters; next_try (µs) is when a try is looked at again.
    db.execute(
        """CREATE TABLE passphrase (
        id INTEGER PRIMARY KEY CHECK (id = 1), hash TEXT NOT NULL, failures INTEGER NOT NULL, next_try INTEGER NOT NULL,
        changed INTEGER NOT NULL) STRICT"""
    )


_SCOPES = (
    # A suppression that holds for all matches inside: of a rule, of an asset, with these fields ([[name, value], ...]).
    """CREATE TABLE suppression_scopes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, rule_id TEXT, asset TEXT, fields TEXT NOT NULL DEFAULT '[]',
        reason TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, lifted INTEGER) STRICT""",
    "ALTER TABLE suppressions ADD COLUMN scope_id INTEGER REFERENCES suppression_scopes ON DELETE CASCADE",
    "CREATE INDEX suppressions_scope ON suppressions (scope_id)",
    # What is one and the same for all events of a finding, as far as that is known.
    """CREATE TABLE finding_same (
        finding_id INTEGER PRIMARY KEY REFERENCES findings ON DELETE CASCADE, asset TEXT, fields TEXT NOT NULL) STRICT""",
    # Whom and what a finding names: address, account, file, host; in the form in which they are compared.
    """CREATE TABLE finding_entities (
        kind TEXT NOT NULL, value TEXT NOT NULL, finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE,
        PRIMARY KEY (kind, value, finding_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX finding_entities_finding ON finding_entities (finding_id)",
    # When new events last came to a finding, for what has changed since a reader looked.
    "ALTER TABLE findings ADD COLUMN grown INTEGER NOT NULL DEFAULT 0",
    # since: up to when a reader has seen everything; last: when the reader was last here.
    """CREATE TABLE looks (
        reader TEXT PRIMARY KEY, since INTEGER NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
)


@core(name="m06_scopes_and_links")
def _scopes_and_links(db: Database) -> None:
    for statement in _SCOPES:
        db.execute(statement)
    found = db.query(
        'SELECT f.id, f.rule_id, f.fingerprint, f.count, f.group_values, f."values", a.name'
        " FROM findings f JOIN assets a ON a.id = f.asset_id"
    )
    for row in list(found):
        _tell_of_finding(db, row)


def _tell_of_finding(db: Database, row: dict[str, Any]) -> None:
    """Fill the tables of what findings name and have in common from what is stored of a finding."""
    copies = list(db.query("SELECT host, fields FROM evidence WHERE finding_id = ?", [row["id"]]))
    group = [(name, value) for name, value in orjson.loads(row["group_values"])]
    fields = [orjson.loads(one["fields"]) for one in copies]
    pairs = [*group, *orjson.loads(row["values"]).items(), *(pair for one in fields for pair in one.items())]
    db.conn.executemany(
        "INSERT OR IGNORE INTO finding_entities (kind, value, finding_id) VALUES (?, ?, ?)",
        [(*one, row["id"]) for one in entities(pairs, [row["name"], *(one["host"] for one in copies)])],
    )
    # The fingerprint of a plain rule holds the asset, that of a correlation does not.
    parts = ["v1", row["rule_id"], row["name"].lower(), *(f"{name}={value}" for name, value in group)]
    plain = hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32] == row["fingerprint"]
    same = common(fields) if len(copies) == row["count"] else {}
    same |= {name: value for name, value in group if value}
    db.execute(
        "INSERT INTO finding_same (finding_id, asset, fields) VALUES (?, ?, ?)",
        (row["id"], row["name"] if plain else None, orjson.dumps(same).decode()),
    )


_AUDIT_FIXED = (
    "CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END"
)
# INSERT OR REPLACE would edit without an UPDATE; an act that is given no number of its own comes last by itself.
_AUDIT_IN_ORDER = """CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
    WHEN NEW.id > 0 AND NEW.id <= (SELECT COALESCE(MAX(id), 0) FROM audit)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END"""


@core(name="m07_audit_chain")
def _audit_chain(db: Database) -> None:
    db.execute("ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT ''")
    db.execute("DROP TRIGGER audit_fixed")
    head = BEGINNING
    for row in list(db.query("SELECT id, time, actor, action, subject, details FROM audit ORDER BY id")):
        head = link(head, row)
        db.execute("UPDATE audit SET hash = ? WHERE id = ?", (head, row["id"]))
    db.execute(_AUDIT_FIXED)
    db.execute(_AUDIT_IN_ORDER)


@core(name="m08_undo_history")
def _undo_history(db: Database) -> None:
    # What a decision was about, for the question which later ones build on it.
    db.execute("CREATE INDEX undo_subjects_undo ON undo_subjects (undo_id)")


@core(name="m08_saved_views")
def _saved_views(db: Database) -> None:
    # url: path and query of a page of this desk; every filter is in it.
    db.execute(
        """CREATE TABLE saved_views (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, url TEXT NOT NULL, position INTEGER NOT NULL,
        created INTEGER NOT NULL) STRICT"""
    )


@core(name="m09_reopenings")
def _reopenings(db: Database) -> None:
    # A closed finding that the matches of an import brought back, and how it stood before. imports: a JSON list of
    # those that had contributed until then. undo_id: the newest decision at that time.
    db.execute(
        """CREATE TABLE reopenings (
        id INTEGER PRIMARY KEY AUTOINCREMENT, finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE,
        import_id INTEGER NOT NULL REFERENCES imports ON DELETE CASCADE, imports TEXT NOT NULL,
        status TEXT NOT NULL, verdict TEXT, read INTEGER NOT NULL, reopened INTEGER, undo_id INTEGER NOT NULL,
        at INTEGER NOT NULL) STRICT"""
    )
    db.execute("CREATE INDEX reopenings_import ON reopenings (import_id)")
    db.execute("CREATE INDEX reopenings_finding ON reopenings (finding_id)")


@core(name="m10_blocks")
def _blocks(db: Database) -> None:
    from desktop_app.core.judging.series_to_blocks import upgrade

    upgrade(db)


@core(name="m11_packs")
def _packs(db: Database) -> None:
    # What a pack of rules held at each import, as a zip, for going back without the file it came from.
    db.execute(
        """CREATE TABLE pack_versions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, pack TEXT NOT NULL, sha256 TEXT NOT NULL, imported INTEGER NOT NULL,
        files INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (pack, sha256)) STRICT"""
    )


@core(name="m12_rules_without_matches")
def _rules_without_matches(db: Database) -> None:
    # What a rule matched is counted where it is asked for; the column was never written.
    db.execute("ALTER TABLE rules DROP COLUMN matches")


@core(name="m13_many_findings")
def _many_findings(db: Database) -> None:
    # What the Overview asks of a desk with ten thousand findings: the newest, and the one that has waited longest.
    db.execute("CREATE INDEX findings_last ON findings (status, last_seen DESC, id)")
    db.execute(
        "CREATE INDEX findings_waiting ON findings (created, last_seen, id) WHERE status = 'new' AND touched = 0"
    )


@core(name="m14_api_tokens")
def _api_tokens(db: Database) -> None:
    # digest: SHA-256 of the secret, which is nowhere kept.
    db.execute(
        """CREATE TABLE api_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,
        writes INTEGER NOT NULL, created INTEGER NOT NULL, used INTEGER, revoked INTEGER) STRICT"""
    )


_ALERTS = (
    # Where alerts go. config: what is no secret, by kind; which and timing: what is told, when and how often (JSON).
    # secret: the name under which the system's keyring keeps it, 'env:NAME', or 'asked' for the life of the program.
    """CREATE TABLE alert_channels (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 0,
        language TEXT NOT NULL, config TEXT NOT NULL, which TEXT NOT NULL, timing TEXT NOT NULL,
        secret TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL) STRICT""",
    # Names in the keyring, never what they hold. orphaned: since when no channel uses it; it is deleted some time later.
    "CREATE TABLE alert_secrets (ref TEXT PRIMARY KEY, created INTEGER NOT NULL, orphaned INTEGER) STRICT, WITHOUT ROWID",
    # batch: rows that are being sent as one message, by the first of them. attended: a person's own import brought it.
    "ALTER TABLE outbox ADD COLUMN batch INTEGER",
    "ALTER TABLE outbox ADD COLUMN attended INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX outbox_channel ON outbox (channel, state, sent)",
)


@core(name="m15_alerts")
def _alerts(db: Database) -> None:
    for statement in _ALERTS:
        db.execute(statement)


@core(name="m16_masks")
def _masks(db: Database) -> None:
    # The kinds of messages of a segment (events/masks.py), counted once. others: events of kinds too rare to be kept.
    db.execute(
        """CREATE TABLE mined_segments (
        segment_id INTEGER PRIMARY KEY REFERENCES segments ON DELETE CASCADE, others INTEGER NOT NULL) STRICT"""
    )
    db.execute(
        """CREATE TABLE segment_masks (
        segment_id INTEGER NOT NULL REFERENCES mined_segments ON DELETE CASCADE, mask TEXT NOT NULL,
        count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, example INTEGER NOT NULL,
        PRIMARY KEY (segment_id, mask)) STRICT, WITHOUT ROWID"""
    )


# Whatever changes the text of a rule (a person, an import, an undo, a new version of the program), what it was stays.
_RULES_KEPT = """CREATE TRIGGER rules_kept AFTER UPDATE OF version ON rules WHEN OLD.version <> NEW.version
    BEGIN
        INSERT INTO rule_versions (rule_id, version, pack, title, body, since, until)
            VALUES (OLD.id, OLD.version, OLD.pack, OLD.title, OLD.body, OLD.changed, NEW.changed);
        DELETE FROM rule_versions WHERE rule_id = OLD.id AND id NOT IN
            (SELECT id FROM rule_versions WHERE rule_id = OLD.id ORDER BY id DESC LIMIT 20);
    END"""


@core(name="m17_rule_desk")
def _rule_desk(db: Database) -> None:
    # actor: who replaced it; NULL where the program itself did.
    db.execute(
        """CREATE TABLE rule_versions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, rule_id TEXT NOT NULL, version TEXT NOT NULL, pack TEXT NOT NULL,
        title TEXT NOT NULL, body TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, actor TEXT) STRICT"""
    )
    db.execute("CREATE INDEX rule_versions_rule ON rule_versions (rule_id)")
    db.execute(_RULES_KEPT)
    # body: a Sigma filter document (YAML); the rule itself is never edited. ended: set when a person lifts it.
    db.execute(
        """CREATE TABLE rule_exceptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, rule_id TEXT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL,
        actor TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, ended INTEGER) STRICT"""
    )
    db.execute("CREATE INDEX rule_exceptions_rule ON rule_exceptions (rule_id)")


@core(name="m18_rule_site")
def _rule_site(db: Database) -> None:
    # What a site adds to imported rules: values (a JSON list) of placeholders, and Sigma's processing pipelines (YAML).
    db.execute('CREATE TABLE rule_values (name TEXT PRIMARY KEY, "values" TEXT NOT NULL) STRICT, WITHOUT ROWID')
    db.execute(later_tables.RULE_PIPELINES)
    # Digest of the part of that which touches how the rule is compiled; empty where nothing does.
    db.execute("ALTER TABLE rules ADD COLUMN site TEXT NOT NULL DEFAULT ''")


@core(name="m18_event_marks")
def _event_marks(db: Database) -> None:
    # What a person keeps of an event: pin, tags (JSON), note, and a copy of it for when its segment goes.
    db.execute(later_tables.EVENT_MARKS)
    db.execute("CREATE INDEX event_marks_time ON event_marks (time)")


@core(name="m19_retired")
def _retired(db: Database) -> None:
    # Segments that retention hid: the decision of the journal that did it, and when their files are deleted for good.
    db.execute(
        """CREATE TABLE retired_segments (
        segment_id INTEGER PRIMARY KEY REFERENCES segments ON DELETE CASCADE, undo_id INTEGER NOT NULL,
        due INTEGER NOT NULL) STRICT"""
    )
    db.execute("CREATE INDEX retired_segments_undo ON retired_segments (undo_id)")


@core(name="m20_changed_findings")
def _changed_findings(db: Database) -> None:
    # What changed since somebody last looked is counted with each list; it is asked for by this very expression.
    db.execute("CREATE INDEX findings_changed ON findings (MAX(created, COALESCE(reopened, 0), grown))")


@core(name="m21_machine")
def _machine(db: Database) -> None:
    # The machine that the desk last worked on; held: since when it is on another one and begins nothing by itself.
    db.execute(later_tables.MACHINE)
