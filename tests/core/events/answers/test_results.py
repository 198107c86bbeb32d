from __future__ import annotations

from tests.core.events.made import Store


def test_a_partial_page_says_how_much_was_searched_and_names_what_was_not(store: Store) -> None:
    ids = [store.add([{"raw": f"r{n}"}])[0] for n in range(12)]
    for one in ids[3:6]:
        store.path(one).unlink()
    page = store.page()
    assert len(page.rows) == 9
    assert not page.complete
    said = [str(one) for one in page.troubles]
    assert said[0] == "9 of 12 parts of the stored events were searched."
    assert len(said) == 4
    assert all(any(store.path(one).name in sentence for sentence in said) for one in ids[3:6])


def test_a_whole_page_has_no_troubles(store: Store) -> None:
    store.add([{}])
    assert store.page().complete
    assert store.page().troubles == []
