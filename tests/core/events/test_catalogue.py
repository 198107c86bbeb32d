from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import rows, writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.segment import companions
from desktop_app.core.events.writer import write_segments
from tests.core.events.made import ACCESS, HOUR, START, Store, batch


def files(store: Store) -> list[Path]:
    return [path for path in store.folder.segments.rglob("*") if path.is_file()]


def test_a_segment_reads_back_as_it_was_added(store: Store) -> None:
    (one,) = store.add(batch([{"raw": "a"}, {"raw": "b"}], ACCESS, zone_assumed=True))
    (segment,) = catalogue.live(store.db)
    assert (segment.id, segment.events, segment.log_source, segment.zone_assumed) == (one, 2, ACCESS, True)
    assert segment.bytes == store.path(one).stat().st_size


def test_live_segments_come_newest_first_and_by_time(store: Store) -> None:
    ids = [store.add([{"time": START + n * HOUR}])[0] for n in range(3)]
    assert [one.id for one in catalogue.live(store.db)] == ids[::-1]
    assert [one.id for one in catalogue.live(store.db, start=START + HOUR)] == [ids[2], ids[1]]
    assert [one.id for one in catalogue.live(store.db, end=START + HOUR)] == [ids[0]]
    assert [one.id for one in catalogue.live(store.db, import_id=2)] == [ids[1]]


def test_hidden_segments_are_out_of_sight_until_shown(store: Store) -> None:
    kept, hidden = store.add([{"raw": "kept"}]) + store.add([{"raw": "hidden"}])
    with writing(store.db):
        catalogue.hide(store.db, [hidden])
    assert store.raws() == ["kept"]
    assert not catalogue.is_live(store.db, hidden)
    assert [one.id for one in catalogue.by_ids(store.db, [hidden, 99, kept])] == [hidden, kept]
    with writing(store.db):
        catalogue.show(store.db, [hidden])
    assert len(store.raws()) == 2


def test_removing_deletes_rows_at_once_and_files_after_the_commit(store: Store) -> None:
    (one,) = store.add([{"fields": {"a": "1"}}])
    with writing(store.db):
        paths = catalogue.remove(store.db, [one])
    assert not rows(store.db, "SELECT * FROM segment_fields")
    assert files(store)
    catalogue.discard(store.folder, store.db, paths)
    assert not list(store.folder.segments.iterdir())
    assert not rows(store.db, "SELECT * FROM doomed_files")


def test_a_rolled_back_removal_changes_nothing(store: Store) -> None:
    (one,) = store.add([{"raw": "a"}])

    def remove_then_fail() -> None:
        with writing(store.db):
            catalogue.remove(store.db, [one])
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        remove_then_fail()
    assert store.raws() == ["a"]
    assert not rows(store.db, "SELECT * FROM doomed_files")


def test_a_file_that_cannot_be_deleted_yet_goes_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = store.add([{"raw": "a"}])
    with writing(store.db):
        paths = catalogue.remove(store.db, [one])
    with monkeypatch.context() as held:
        held.setattr(Path, "unlink", _in_use)
        catalogue.discard(store.folder, store.db, paths)
    assert rows(store.db, "SELECT path FROM doomed_files") == [{"path": paths[0]}]
    catalogue.sweep(store.folder, store.db)
    assert not files(store)
    assert not rows(store.db, "SELECT * FROM doomed_files")


def _in_use(*_: object, **__: object) -> None:
    raise PermissionError(13, "in use")


def test_a_crash_before_the_commit_leaves_nothing_that_is_seen_and_is_swept(store: Store) -> None:
    (kept,) = store.add([{"raw": "kept"}])
    import_id, file_id = store.new_file()
    write_segments(store.folder, batch([{"raw": "lost"}]), file_id=file_id, import_id=import_id, ingested=0)
    (store.folder.segments / str(import_id) / "tmp_half.parquet").write_bytes(b"PAR1")
    assert store.raws() == ["kept"]
    assert catalogue.sweep(store.folder, store.db) == 4  # the lost segment, its bit set, its counts, and half a file
    assert sorted(files(store)) == sorted([store.path(kept), *companions(store.path(kept))])
    assert catalogue.sweep(store.folder, store.db) == 0


def test_sweeping_keeps_hidden_segments(store: Store) -> None:
    (one,) = store.add([{"raw": "a"}])
    with writing(store.db):
        catalogue.hide(store.db, [one])
    catalogue.sweep(store.folder, store.db)
    assert store.path(one).exists()


def test_totals_say_what_searches_see(store: Store) -> None:
    assert catalogue.totals(store.db) == catalogue.Totals(0, 0, 0, None, None)
    store.add([{"time": START}, {"time": START + HOUR}])
    found = catalogue.totals(store.db)
    assert (found.events, found.segments, found.min_time, found.max_time) == (2, 1, START, START + HOUR)


def test_verifying_names_what_is_gone_or_changed(store: Store) -> None:
    good, gone, changed = (store.add([{"raw": str(n)}])[0] for n in range(3))
    store.path(gone).unlink()
    content = bytearray(store.path(changed).read_bytes())
    content[len(content) // 2] ^= 1
    store.path(changed).write_bytes(content)
    named = catalogue.verify(store.folder, store.db)
    assert [store.folder.segments / path for path in named] == [store.path(gone), store.path(changed)]
    assert store.path(good).name not in " ".join(named)


def test_spellings_are_found_in_any_case(store: Store) -> None:
    one, two = store.add([{"fields": {"EventID": "1"}}]) + store.add([{"fields": {"eventid": "2", "x": "y"}}])
    assert catalogue.spellings(store.db, ["EVENTID", "none"]) == {"eventid": ["EventID", "eventid"], "none": []}
    assert catalogue.holders(store.db, ["EventID", "x"]) == {one: ["EventID"], two: ["x"]}
    assert catalogue.field_counts(store.db, [one, two]) == {"EventID": 1, "eventid": 1, "x": 1}
    assert catalogue.holders(store.db, []) == {}


def test_segments_in_which_every_event_has_a_field_are_known(store: Store) -> None:
    half = store.add([{"fields": {"EventID": "1", "x": None}}, {"fields": {"EventID": "2", "x": "1"}}])
    whole = store.add([{"fields": {"x": "1"}}])
    assert catalogue.filled(store.db, ["EventID"]) == set(half)
    assert catalogue.filled(store.db, ["x"]) == set(whole)
    assert catalogue.filled(store.db, ["X"]) == set()


def test_lists_of_any_length_are_looked_up(store: Store) -> None:
    (one,) = store.add([{"raw": "a", "fields": {"x": "1"}}])
    many = [*range(1_000, 101_000), one]
    assert [found.id for found in catalogue.by_ids(store.db, many)] == [one]
    assert catalogue.field_counts(store.db, many) == {"x": 1}
    assert catalogue.holders(store.db, [*(f"f{number}" for number in range(100_000)), "x"]) == {one: ["x"]}


def test_segments_that_came_after_another_are_found_and_can_be_asked_for_alone(store: Store) -> None:
    assert catalogue.newest(store.db) == 0
    (old,) = store.add([{"raw": "old"}])
    assert catalogue.newest(store.db) == old
    fresh = store.add([{"raw": "new"}]) + store.add([{"raw": "newer"}])
    assert [one.id for one in catalogue.after(store.db, old)] == fresh
    assert {one.id for one in catalogue.live(store.db, among=fresh)} == set(fresh)
    assert catalogue.live(store.db, among=[]) == []
