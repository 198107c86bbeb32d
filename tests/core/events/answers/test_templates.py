from __future__ import annotations

import pytest

from desktop_app.core.database import value, writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers import templates
from desktop_app.core.events.search import Search
from tests.core.events.made import HOUR, SECOND, START, Store


def fill(store: Store) -> None:
    store.add([{"time": START + n * SECOND, "message": f"Failed password from 10.0.0.{n}", "level": "error"}
               for n in range(8)] + [{"time": START + HOUR, "message": "stopped"}])  # fmt: skip
    store.add([{"time": START + 2 * HOUR, "message": "Failed password from 10.9.9.9"}, {"message": "started <b>"}])


def shown(store: Store, search: Search) -> dict[str, int]:
    return {one.text: one.count for one in store.events.templates(store.db, search).found}


def test_kinds_of_messages_are_counted_with_their_times(store: Store) -> None:
    fill(store)
    found = store.events.templates(store.db, Search()).found
    assert [(one.text, one.count) for one in found] == [
        ("Failed password from <*>", 9), ("started <b>", 1), ("stopped", 1)
    ]  # fmt: skip
    assert (found[0].first, found[0].last) == (START, START + 2 * HOUR)
    assert store.events.event(store.db, found[0].example)


def test_a_condition_counts_what_it_finds_and_since_looks_at_everything(store: Store) -> None:
    fill(store)
    assert shown(store, Search("level:error")) == {"Failed password from <*>": 8}
    (late,) = store.events.templates(store.db, Search("Failed", start=START + HOUR)).found
    assert (late.count, late.first, late.since) == (1, START + 2 * HOUR, START)


def test_a_template_is_a_search_for_exactly_its_events(store: Store) -> None:
    fill(store)
    for text, count in shown(store, Search()).items():
        quoted = text.replace('"', '\\"')
        assert store.events.count(store.db, Search(f'template:"{quoted}"')) == count
    assert store.events.count(store.db, Search("template:nothing")) == 0
    assert store.events.count(store.db, Search('-template:"stopped"')) == 10


def test_a_segment_is_mined_once_and_its_masks_go_with_it(store: Store) -> None:
    fill(store)
    first = shown(store, Search())
    for one in catalogue.live(store.db):
        store.path(one.id).write_bytes(b"unread")
    assert shown(store, Search()) == first
    with writing(store.db):
        catalogue.remove(store.db, [one.id for one in catalogue.live(store.db)])
    assert value(store.db, "SELECT count(*) FROM segment_masks") == 0


def test_what_is_too_much_for_one_look_is_said_and_done_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "BUDGET", 2)
    fill(store)
    assert store.events.templates(store.db, Search()).unmined == 9
    assert store.events.templates(store.db, Search()).unmined == 0


def test_rare_kinds_beyond_the_bound_are_counted_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MOST_MASKS", 1)
    fill(store)
    found = store.events.templates(store.db, Search())
    assert (sum(one.count for one in found.found) + found.others, found.others) == (11, 2)
