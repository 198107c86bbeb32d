from __future__ import annotations

import threading
import time
from pathlib import Path

import duckdb
import pytest

from desktop_app.core.errors import Cancelled, StoreError
from desktop_app.core.events import catalogue
from desktop_app.core.events.engine import Engine, damaged, source
from desktop_app.core.events.terms.scope import Plan, Search, plan
from tests.core.events.made import Store

COUNT = "SELECT count(*) FROM read_parquet(?)"


def test_only_files_of_the_store_can_be_read(store: Store, tmp_path: Path) -> None:
    (one,) = store.add([{}])
    outside = tmp_path / "outside.parquet"
    outside.write_bytes(store.path(one).read_bytes())
    engine = store.events.engine
    assert engine.run(COUNT, [[str(store.path(one).resolve())]]) == [(1,)]
    for statement in (COUNT.replace("?", f"'{outside}'"), f"COPY (SELECT 1) TO '{tmp_path}/x.csv'", "INSTALL httpfs",
                      "SET enable_external_access = true"):  # fmt: skip
        with pytest.raises(duckdb.Error):
            engine.run(statement)


@pytest.mark.parametrize("name", ["it's", "with space", "中文", 'quo"te'])
def test_the_data_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    from desktop_app.core.database import connect, migrate
    from desktop_app.core.paths import DataFolder

    folder = DataFolder(tmp_path / name)
    migrate(folder)
    store = Store(folder, connect(folder))
    store.add([{"raw": "here"}])
    assert store.raws("here") == ["here"]
    store.events.close()
    store.db.conn.close()


def test_a_long_question_can_be_interrupted_and_the_next_one_answers(store: Store) -> None:
    engine = store.events.engine
    outcome: list[object] = []

    def ask() -> None:
        try:
            with engine.call():
                engine.run("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b")
        except Cancelled as error:
            outcome.append(error)
        with engine.call():
            outcome.append(engine.run("SELECT 1"))

    thread = threading.Thread(target=ask)
    thread.start()
    while thread.is_alive():
        engine.interrupt(thread.ident)
        thread.join(0.05)
        if outcome:
            break
    thread.join(60)
    assert isinstance(outcome[0], Cancelled)
    assert engine.interrupt() == 0


def test_an_interrupted_call_asks_nothing_more(store: Store) -> None:
    engine = store.events.engine
    with engine.call():
        assert engine.interrupt(threading.get_ident()) == 1
        with pytest.raises(Cancelled):
            engine.run("SELECT 1")
    with engine.call():
        assert engine.run("SELECT 1") == [(1,)]


def test_interrupting_one_thread_leaves_the_others_alone(store: Store) -> None:
    engine = store.events.engine
    with engine.call():
        assert engine.interrupt(threading.get_ident() + 1) == 0
        assert engine.run("SELECT 1") == [(1,)]


MANY = "SELECT count(*) FROM (SELECT DISTINCT repeat(range::VARCHAR, 8) FROM range(1000000))"


def test_a_question_beyond_the_memory_is_answered_by_way_of_the_disk(store: Store) -> None:
    config = {"memory_limit": "60MB", "threads": 2, "temp_directory": ""}
    with duckdb.connect(config=config) as without_disk, pytest.raises(duckdb.OutOfMemoryException):
        without_disk.execute(MANY)
    engine = Engine(store.folder, memory="60MB")
    assert engine.run(MANY) == [(1_000_000,)]
    engine.close()
    assert not list(store.folder.temporary.iterdir())


def test_too_little_memory_is_told_and_the_next_question_answers(store: Store) -> None:
    store.add([{"raw": "x"}])
    made = plan(store.db, Search())
    engine = store.events.engine
    with pytest.raises(StoreError, match="more memory"):
        engine.blame(store.db, made, made.segments, duckdb.OutOfMemoryException("out of memory"))
    assert engine.run("SELECT 1") == [(1,)]


def test_a_fault_that_no_segment_caused_is_told(store: Store) -> None:
    store.add([{"raw": "x"}])
    with pytest.raises(StoreError, match="could not be carried out"):
        store.events.engine.over(store.db, plan(store.db, Search()), lambda _: ("SELECT nonsense", []))


def test_a_broken_segment_is_set_aside_named_and_remembered_until_it_changes(store: Store) -> None:
    good, bad = store.add([{"raw": "good"}]) + store.add([{"raw": "bad"}])
    content = store.path(bad).read_bytes()
    store.path(bad).write_bytes(content[: len(content) // 2])
    engine = store.events.engine

    def ask() -> Plan:
        made = plan(store.db, Search())
        engine.over(store.db, made, lambda parts: source(parts, engine.path, lambda _: "raw"))
        return made

    first = ask()
    assert [one.segment.id for one in first.missing] == [bad]
    assert store.path(bad).name in str(first.missing[0].error)
    assert [one.id for one in first.segments] == [good]
    again = plan(store.db, Search())
    engine.set_aside(store.db, again)
    assert [one.segment.id for one in again.missing] == [bad]
    store.path(bad).write_bytes(content)
    assert ask().missing == []


def test_a_segment_undone_meanwhile_is_not_missing(store: Store) -> None:
    from desktop_app.core.database import writing

    store.add([{"raw": "kept"}])
    (gone,) = store.add([{"raw": "undone"}])
    made = plan(store.db, Search())
    with writing(store.db):
        paths = catalogue.remove(store.db, [gone])
    catalogue.discard(store.folder, store.db, paths)
    engine = store.events.engine
    assert engine.over(store.db, made, lambda parts: source(parts, engine.path, lambda _: "raw")) == [("kept",)]
    assert made.missing == []


def test_the_sentence_says_whether_a_file_is_gone_or_damaged(store: Store) -> None:
    store.add([{}])
    (segment,) = catalogue.live(store.db)
    assert "is gone" in str(damaged(segment, vanished=True))
    assert "damaged" in str(damaged(segment, vanished=False))


def test_four_readers_while_another_writes_all_get_whole_answers(store: Store) -> None:
    from desktop_app.core.database import connect

    store.add([{"raw": "x"}] * 100)
    faults: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        db = connect(store.folder)
        try:
            while not stop.is_set():
                count = store.events.count(db, Search("x"))
                page = store.events.page(db, Search("x"), limit=10)
                assert count % 100 == 0
                assert page.complete
                assert len(page.rows) == 10
        except BaseException as error:  # noqa: BLE001 - handed to the test
            faults.append(error)
        finally:
            db.conn.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(12):
        store.add([{"raw": "x"}] * 100)
        time.sleep(0.01)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert store.events.count(store.db, Search("x")) == 1300


def test_a_closed_store_opens_again(store: Store) -> None:
    store.add([{"raw": "x"}])
    assert store.raws() == ["x"]
    store.events.close()
    assert store.raws() == ["x"]
