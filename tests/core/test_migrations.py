"""The tables hold what the design promises of them, whatever a fault in the program tries."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import pytest

from desktop_app.core import audit
from desktop_app.core.database import Connection, rows
from desktop_app.core.migrations import core
from tests.core.helpers import add_segment

FINDING = (
    "INSERT INTO findings (id, fingerprint, extension, rule_id, rule_version, asset_id, severity, status, verdict,"
    " count, first_seen, last_seen, created, changed) VALUES (1, 'f', 'logs', 'r', 'v', 1, {}, {}, {}, 1, 0, 0, 0, 0)"
)


@pytest.fixture
def filled(db: Connection) -> Connection:
    """A database with a segment, and a finding with one row in each table that hangs on them."""
    add_segment(db, 1)
    db.execute("INSERT INTO assets (id, kind, name) VALUES (1, 'host', 'gw')")
    db.execute(FINDING.format(3, "'new'", "NULL"))
    db.execute("INSERT INTO contributions (finding_id, segment_id, count, first, last) VALUES (1, 1, 1, 0, 0)")
    db.execute("INSERT INTO evidence (finding_id, event_id, time, raw, fields, sha256) VALUES (1, 5, 0, '', '{}', '')")
    db.execute("INSERT INTO notes (finding_id, time, text) VALUES (1, 0, 'x')")
    db.execute("INSERT INTO segment_fields VALUES (1, 'a', 1)")
    db.execute("INSERT INTO correlation_blocks VALUES (1, 'r', 'b', 1, 1, 0, 0, x'')")
    db.execute("INSERT INTO correlation_tallies VALUES (1, x'', x'', x'', x'', x'', x'', x'')")
    return db


def left(db: Connection, *tables: str) -> dict[str, int]:
    return {table: rows(db, f"SELECT COUNT(*) AS n FROM {table}")[0]["n"] for table in tables}


def test_every_table_is_strict(db: Connection) -> None:
    made = rows(db, "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    own = {row["name"]: row["strict"] for row in made if not row["name"].startswith(("sqlite_", "_sqlite_"))}
    assert len(own) > 20
    assert [name for name, strict in own.items() if not strict] == []


def test_a_second_run_has_nothing_to_do(db: Connection) -> None:
    assert not core.pending(db)


def test_what_hangs_on_a_segment_goes_with_it(filled: Connection) -> None:
    filled.execute("DELETE FROM segments")
    gone = ("segment_fields", "contributions", "correlation_blocks", "correlation_tallies")
    assert left(filled, *gone) == dict.fromkeys(gone, 0)
    assert left(filled, "findings", "evidence") == {"findings": 1, "evidence": 1}


def test_what_hangs_on_a_finding_goes_with_it(filled: Connection) -> None:
    filled.execute("DELETE FROM findings")
    assert left(filled, "contributions", "evidence", "notes", "segments") == {
        "contributions": 0, "evidence": 0, "notes": 0, "segments": 1,
    }  # fmt: skip


def test_a_file_with_segments_cannot_go(filled: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        filled.execute("DELETE FROM files")


@pytest.mark.parametrize(
    "values", [(0, "'new'", "NULL"), (6, "'new'", "NULL"), (3, "'open'", "NULL"), (3, "'new'", "'x'")]
)
def test_severity_status_and_verdict_are_words_of_the_house(db: Connection, values: tuple[object, ...]) -> None:
    db.execute("INSERT INTO assets (id, kind, name) VALUES (1, 'host', 'gw')")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(FINDING.format(*values))


def test_the_audit_trail_is_only_written_to(db: Connection) -> None:
    db.execute("INSERT INTO audit (time, actor, action, subject) VALUES (0, 'a', 'b', 'c')")
    for sql in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="not edited"):
            db.execute(sql)


def test_numbers_of_imports_files_and_findings_are_never_used_twice(db: Connection) -> None:
    for table in ("imports", "files", "segments", "findings", "jobs", "undo", "audit"):
        [made] = rows(db, "SELECT sql FROM sqlite_master WHERE name = ?", [table])
        assert "AUTOINCREMENT" in made["sql"], table


def test_logs_of_lines_that_an_earlier_version_had_read_can_be_read_on() -> None:
    db = Connection(memory=True)
    core.apply(db, stop_before="m04_growing")
    db.execute("INSERT INTO imports (id, label, state, created) VALUES (1, 'x', 'done', 0)")
    add = (
        "INSERT INTO files (import_id, path, name, state, bytes, records, format, reading_state)"
        " VALUES (1, ?, 'x', 'done', 100, 9, ?, ?)"
    )
    db.execute(add, ("torn", "syslog", '{"torn_bytes": 7, "last": [9, 5]}'))
    db.execute(add, ("whole", "access", '{"last": [9, 5]}'))
    db.execute(add, ("table", "csv", '{"columns": ["a"]}'))
    core.apply(db)
    found = rows(db, "SELECT path, settled_bytes, settled_records, settled_state, reading_state FROM files ORDER BY id")
    assert [tuple(row.values()) for row in found] == [
        ("torn", 93, 8, '{"last":[9,5]}', '{"last":[9,5]}'),
        ("whole", 100, 9, '{"last":[9,5]}', '{"last":[9,5]}'),
        ("table", 0, 0, "{}", '{"columns": ["a"]}'),
    ]


def as_it_was_before(name: str) -> Connection:
    """Return a database as it was before a migration."""
    old = Connection(memory=True)
    core.apply(old, stop_before=name)
    return old


def test_findings_that_were_there_before_are_linked_and_known_by_what_their_events_share() -> None:
    old = as_it_was_before("m06_scopes_and_links")
    old.execute("INSERT INTO assets (id, kind, name) VALUES (1, 'host', 'GW')")
    old.execute(FINDING.format(3, "'new'", "NULL"))
    plain = hashlib.sha256(b"v1\x00r\x00gw\x00user.name=root").hexdigest()[:32]
    group = '[["user.name", "root"]]'
    old.execute("UPDATE findings SET fingerprint = ?, group_values = ?, count = 2", (plain, group))
    for number, address in enumerate(("10.0.0.1", "10.0.0.2")):
        fields = json.dumps({"source.ip": address, "event.outcome": "failure"})
        old.execute("INSERT INTO evidence VALUES (NULL, 1, ?, 0, 'gw', NULL, 'x', ?, '')", (number, fields))
    core.apply(old)
    named = rows(old, "SELECT kind, value FROM finding_entities ORDER BY 1, 2")
    assert [(one["kind"], one["value"]) for one in named] == [
        ("account", "root"), ("address", "10.0.0.1"), ("address", "10.0.0.2"), ("host", "gw"),
    ]  # fmt: skip
    [same] = rows(old, "SELECT asset, fields FROM finding_same")
    assert (same["asset"], json.loads(same["fields"])) == ("GW", {"event.outcome": "failure", "user.name": "root"})


def test_of_a_finding_with_more_events_than_copies_only_its_group_is_known() -> None:
    old = as_it_was_before("m06_scopes_and_links")
    old.execute("INSERT INTO assets (id, kind, name) VALUES (1, 'host', 'GW')")
    old.execute(FINDING.format(3, "'new'", "NULL"))
    old.execute("""UPDATE findings SET group_values = '[["user.name", "root"]]', count = 2""")
    old.execute("INSERT INTO evidence VALUES (NULL, 1, 1, 0, 'gw', NULL, 'x', '{\"a\": \"1\"}', '')")
    core.apply(old)
    [same] = rows(old, "SELECT asset, fields FROM finding_same")
    assert (same["asset"], json.loads(same["fields"])) == (None, {"user.name": "root"})


def test_acts_that_were_there_before_are_chained() -> None:
    old = as_it_was_before("m07_audit_chain")
    for number in range(3):
        old.execute("INSERT INTO audit (time, actor, action, subject) VALUES (?, 'a', '{}', 's')", (number,))
    core.apply(old)
    found = audit.check(old)
    assert (found.acts, found.intact) == (3, True)
