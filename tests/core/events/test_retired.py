from __future__ import annotations

from desktop_app.core.database import rows, writing
from desktop_app.core.events import catalogue, retired
from tests.core.events.made import Store


def test_segments_are_remembered_until_they_return_or_go(store: Store) -> None:
    ids = [one for _ in range(3) for one in store.add([{"host": "a"}])]
    with writing(store.db):
        catalogue.hide(store.db, ids)
        retired.add(store.db, ids, 7, 100)
        retired.forget(store.db, ids[:1])
    assert retired.of(store.db, 7) == ids[1:]
    assert retired.of(store.db, 8) == []
    assert retired.purge(store.folder, store.db, 99) == 0
    assert retired.purge(store.folder, store.db, None) == 2
    assert [row["id"] for row in rows(store.db, "SELECT id FROM segments")] == ids[:1]
    assert len(list(store.folder.segments.rglob("*.parquet"))) == 1
