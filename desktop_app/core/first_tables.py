"""The tables of the first version. It has shipped: nothing here changes any more, ``migrations`` adds to it."""

from __future__ import annotations

FIRST_TABLES = (
    # Where records come from. A cursor is the collector's own JSON: how far it has read.
    """CREATE TABLE sources (
        id INTEGER PRIMARY KEY, extension TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
        config TEXT NOT NULL DEFAULT '{}', cursor TEXT NOT NULL DEFAULT '{}', created INTEGER NOT NULL,
        UNIQUE (extension, kind, name)) STRICT""",
    # One row a piece of long work. progress/total are in the job's own unit (bytes for an import).
    """CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, title TEXT NOT NULL, params TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued','running','done','failed','cancelled','interrupted')),
        created INTEGER NOT NULL, started INTEGER, finished INTEGER,
        progress INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0, message TEXT,
        cancel INTEGER NOT NULL DEFAULT 0, result TEXT, error TEXT) STRICT""",
    "CREATE INDEX jobs_state ON jobs (state)",
    """CREATE TABLE job_log (
        id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE, time INTEGER NOT NULL,
        severity TEXT NOT NULL, message TEXT NOT NULL) STRICT""",
    "CREATE INDEX job_log_job ON job_log (job_id)",
    # One import is what a person did once, and what an undo takes back.
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER REFERENCES jobs ON DELETE SET NULL,
        source_id INTEGER REFERENCES sources, label TEXT NOT NULL, options TEXT NOT NULL DEFAULT '{}',
        state TEXT NOT NULL CHECK (state IN ('reading','done','undone')), created INTEGER NOT NULL, finished INTEGER) STRICT""",
    # One input file (or archive member): the unit of commit and of resume. offset_bytes: where a grown file's tail
    # began; sha256 is of the whole unpacked content, so that a grown file is recognised by its prefix.
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY AUTOINCREMENT, import_id INTEGER NOT NULL REFERENCES imports ON DELETE CASCADE,
        path TEXT NOT NULL, member TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, stem TEXT NOT NULL DEFAULT '',
        modified INTEGER NOT NULL DEFAULT 0, sha256 TEXT, bytes INTEGER NOT NULL DEFAULT 0,
        offset_bytes INTEGER NOT NULL DEFAULT 0, offset_records INTEGER NOT NULL DEFAULT 0,
        format TEXT, encoding TEXT, zone TEXT, zone_assumed INTEGER NOT NULL DEFAULT 0,
        events INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0, notes TEXT NOT NULL DEFAULT '[]', error TEXT,
        reading_state TEXT NOT NULL DEFAULT '{}', records INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL CHECK (state IN ('waiting','done','failed','known')), finished INTEGER) STRICT""",
    "CREATE UNIQUE INDEX files_import ON files (import_id, path, member)",
    # Where a file may have ended before: the sizes of files of the same stem (its name without what rotation adds).
    "CREATE INDEX files_stem ON files (stem, bytes)",
    "CREATE INDEX files_path ON files (path, member, bytes)",
    "CREATE INDEX files_bytes ON files (bytes)",
    "CREATE INDEX files_sha ON files (sha256)",
    # A Parquet file is real once its row is here. state: live, or hidden by a replacement that can be undone.
    """CREATE TABLE segments (
        id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, file_id INTEGER NOT NULL REFERENCES files,
        import_id INTEGER NOT NULL REFERENCES imports, product TEXT NOT NULL, category TEXT NOT NULL, service TEXT NOT NULL,
        min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, min_id INTEGER NOT NULL, max_id INTEGER NOT NULL,
        events INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, zone_assumed INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live','hidden')), created INTEGER NOT NULL) STRICT""",
    "CREATE INDEX segments_time ON segments (state, max_time)",
    "CREATE INDEX segments_import ON segments (import_id)",
    """CREATE TABLE segment_fields (
        segment_id INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE, field TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (segment_id, field)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX segment_fields_field ON segment_fields (field)",
    # Files that could not be deleted yet (Windows keeps open files): tried again at the next start.
    "CREATE TABLE doomed_files (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE TABLE assets (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name)) STRICT",
    """CREATE TABLE asset_aliases (
        alias TEXT PRIMARY KEY, asset_id INTEGER NOT NULL REFERENCES assets ON DELETE CASCADE) STRICT, WITHOUT ROWID""",
    # The catalogue of rules. pack: 'watchdesk' for ours, else the name of what was imported. body is the YAML.
    # version: first 12 hex digits of the SHA-256 of the body. state: 'ready', or 'broken' / 'unsupported' with a reason.
    """CREATE TABLE rule_packs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, sha256 TEXT NOT NULL, imported INTEGER NOT NULL) STRICT""",
    """CREATE TABLE rules (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, pack TEXT NOT NULL, path TEXT NOT NULL, version TEXT NOT NULL,
        title TEXT NOT NULL, level TEXT NOT NULL, status TEXT NOT NULL DEFAULT '', product TEXT NOT NULL DEFAULT '',
        category TEXT NOT NULL DEFAULT '', service TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '[]',
        body TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1,
        state TEXT NOT NULL CHECK (state IN ('ready','unsupported','broken')), reason TEXT,
        matches INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL) STRICT""",
    "CREATE INDEX rules_pack ON rules (pack)",
    # Matches of the rules that correlations build on, kept so that a correlation is exact across imports.
    # A row holds the matches of one base rule in one segment under one key (JSON list of the group-by values), as
    # arrays sorted by time: times and events int64, codes int32 into the distinct values that are counted, fired a
    # byte each that says whether the match is part of a firing; all little-endian.
    """CREATE TABLE correlation_series (
        rule_id TEXT NOT NULL, key TEXT NOT NULL, segment_id INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,
        base_id TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        times BLOB NOT NULL, events BLOB NOT NULL, "distinct" TEXT NOT NULL, codes BLOB NOT NULL, fired BLOB NOT NULL,
        PRIMARY KEY (rule_id, key, segment_id, base_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX correlation_series_segment ON correlation_series (segment_id)",
    # A claim that a rule matched. count, first_seen and last_seen are sums over contributions. touched: a person
    # has decided something about it, so it stays when its events go.
    """CREATE TABLE findings (
        id INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL UNIQUE, extension TEXT NOT NULL,
        rule_id TEXT NOT NULL, rule_version TEXT NOT NULL, asset_id INTEGER NOT NULL REFERENCES assets,
        severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 5),
        status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new','in_progress','suppressed','resolved','archived')),
        verdict TEXT CHECK (verdict IN ('true_positive','false_positive','benign','duplicate')),
        count INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
        group_values TEXT NOT NULL DEFAULT '[]', "values" TEXT NOT NULL DEFAULT '{}', read INTEGER NOT NULL DEFAULT 0,
        touched INTEGER NOT NULL DEFAULT 0, events_removed INTEGER NOT NULL DEFAULT 0, reopened INTEGER,
        created INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT""",
    "CREATE INDEX findings_inbox ON findings (status, severity DESC, last_seen DESC)",
    "CREATE INDEX findings_rule ON findings (rule_id)",
    """CREATE TABLE contributions (
        finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE,
        segment_id INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,
        count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, times TEXT NOT NULL DEFAULT '[]',
        PRIMARY KEY (finding_id, segment_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX contributions_segment ON contributions (segment_id)",
    """CREATE TABLE evidence (
        id INTEGER PRIMARY KEY, finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE,
        event_id INTEGER NOT NULL, time INTEGER NOT NULL, host TEXT, source TEXT, raw TEXT NOT NULL,
        fields TEXT NOT NULL, sha256 TEXT NOT NULL, UNIQUE (finding_id, event_id)) STRICT""",
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY, finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE,
        time INTEGER NOT NULL, text TEXT NOT NULL) STRICT""",
    """CREATE TABLE finding_steps (
        finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE, step INTEGER NOT NULL, done INTEGER NOT NULL,
        PRIMARY KEY (finding_id, step)) STRICT, WITHOUT ROWID""",
    # A reasoned, dated, expiring decision to hide. It names one finding; expires NULL is never.
    """CREATE TABLE suppressions (
        id INTEGER PRIMARY KEY, finding_id INTEGER NOT NULL REFERENCES findings ON DELETE CASCADE,
        reason TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, lifted INTEGER) STRICT""",
    """CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE reports (
        id INTEGER PRIMARY KEY, created INTEGER NOT NULL, period_from INTEGER, period_to INTEGER, query TEXT NOT NULL,
        path TEXT NOT NULL, sha256 TEXT NOT NULL, findings INTEGER NOT NULL) STRICT""",
    # What happened, in order; the triggers keep it so.
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
        subject TEXT NOT NULL, details TEXT NOT NULL DEFAULT '{}') STRICT""",
    "CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END",
    # What can be taken back. before/after are the changed rows; subject names what a later decision would build on.
    """CREATE TABLE undo (
        id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, kind TEXT NOT NULL, summary TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL, undone INTEGER) STRICT""",
    """CREATE TABLE undo_subjects (
        undo_id INTEGER NOT NULL REFERENCES undo ON DELETE CASCADE, subject TEXT NOT NULL,
        PRIMARY KEY (subject, undo_id)) STRICT, WITHOUT ROWID""",
)
