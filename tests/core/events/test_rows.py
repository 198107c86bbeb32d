from __future__ import annotations

from desktop_app.core.events.rows import SHOWN, shorten
from tests.core.events.made import DAY, SECOND, START, Store


def test_a_row_has_text_ids_whole_times_and_only_the_fields_that_are_there(store: Store) -> None:
    store.add(
        [{"raw": "h p: m", "message": "m", "host": "h", "fields": {"a": "1", "id": "own"}}, {"fields": {"b": "2"}}]
    )
    newer, older = store.page().rows
    assert older == {
        "id": str((1 << 32) | 1), "time": START, "ingested": START + DAY, "source": None, "host": "h", "level": None,
        "message": "m", "raw": "h p: m", "fields": {"a": "1", "id": "own"}, "cut": False,
    }  # fmt: skip
    assert (newer["time"], newer["fields"], newer["message"]) == (START + SECOND, {"b": "2"}, "line 1")


def test_long_values_are_cut_in_lists_and_whole_in_the_event(store: Store) -> None:
    store.add([{"raw": "r" * 20_000, "fields": {"f": "v" * 20_000}}])
    (row,) = store.page().rows
    assert row["cut"]
    assert (len(row["raw"]), len(row["message"]), len(row["fields"]["f"])) == (SHOWN,) * 3
    whole = store.events.event(store.db, row["id"])
    assert whole is not None
    assert (len(whole["raw"]), len(whole["fields"]["f"]), whole["cut"]) == (20_000, 20_000, False)


def test_shortening_leaves_missing_values_missing() -> None:
    row = {"message": None, "raw": "", "fields": {}, "cut": False}
    assert shorten(row) == row


def test_a_page_over_segments_of_different_columns_shows_each_event_its_own(store: Store) -> None:
    for number in range(6):
        store.add([{"time": START + number, "raw": str(number), "fields": {f"f{number}": "x", "both": str(number)}}])
    assert [row["fields"] for row in store.page().rows] == [{f"f{n}": "x", "both": str(n)} for n in range(5, -1, -1)]
