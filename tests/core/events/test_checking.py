from __future__ import annotations

import hashlib

import pytest

from desktop_app.core.database import writing
from desktop_app.core.events import catalogue, checking
from desktop_app.core.events.segment import counts_of
from tests.core.events.made import Store


def told(store: Store) -> list[str]:
    return [str(one) for one in checking.damages(store.folder, store.db)]


def add_evidence(store: Store, raw: str, digest: str) -> None:
    with writing(store.db):
        store.db.execute("INSERT OR IGNORE INTO assets (id, kind, name) VALUES (1, 'host', 'h')")
        store.db.execute(
            "INSERT OR IGNORE INTO findings (id, fingerprint, extension, rule_id, rule_version, asset_id, severity, "
            "count, first_seen, last_seen, created, changed) VALUES (1, 'f', 'logs', 'r', '1', 1, 3, 1, 0, 0, 0, 0)"
        )
        store.db.execute(
            "INSERT INTO evidence (finding_id, event_id, time, raw, fields, sha256) VALUES (1, 7, 0, ?, '{}', ?)",
            (raw, digest),
        )


def test_what_is_whole_has_no_damage(store: Store) -> None:
    store.add([{"host": "a"}])
    assert told(store) == []
    assert checking.amounts(store.db) == (1, 0)


def test_changed_and_missing_segments_are_told_apart(store: Store) -> None:
    (changed,) = store.add([{"host": "a"}])
    (gone,) = store.add([{"host": "b"}])
    path = store.path(changed)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    store.path(gone).unlink()
    assert [one.rsplit(" ", 1)[1] for one in told(store)] == ["written.", "gone."]


def test_damaged_counts_are_told_and_lost_ones_are_no_damage(store: Store) -> None:
    bad, gone = store.add([{"host": "a"}])[0], store.add([{"host": "b"}])[0]
    path = counts_of(store.path(bad))
    path.write_bytes(path.read_bytes()[:-1])
    counts_of(store.path(gone)).unlink()
    [said] = told(store)
    assert said.startswith(f"The counts beside the event file {catalogue.by_ids(store.db, [bad])[0].path} are damaged")


def test_a_file_that_no_import_brought_is_named_unless_one_is_being_written(store: Store) -> None:
    store.add([{"host": "a"}])
    (store.folder.segments / "1" / "stray.parquet").write_bytes(b"x")
    assert told(store) == ["The file 1/stray.parquet lies among the event files, and no import brought it."]
    with writing(store.db):
        store.db.execute(
            "INSERT INTO jobs (kind, title, params, state, created) VALUES ('k', '{}', '{}', 'running', 0)"
        )
    assert told(store) == []


@pytest.mark.parametrize(("digest", "damages"), [(hashlib.sha256(b"raw").hexdigest(), 0), ("0" * 64, 1)])
def test_evidence_is_held_against_its_digest(store: Store, digest: str, damages: int) -> None:
    add_evidence(store, "raw", digest)
    assert told(store) == ["Evidence of the finding WD-1 was changed: event 7."] * damages
