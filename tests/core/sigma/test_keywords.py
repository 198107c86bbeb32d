from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.keywords import KeywordMatcher
from desktop_app.core.sigma.tree import Node, atom
from desktop_app.core.spans import RARE, Coded, Spans
from tests.core.sigma.building import AUTH, batch

ATOMS = [
    atom("*", "co", "kali"), atom("*", "co", "\\perf.dat"), atom("*", "co", 'say "cab"'), atom("*", "co", "émile"),
    atom("*", "wi", [r"(?s)\A(?:.*kal.b.*)\z", "kal"]), atom("*", "re", ["ka(li|ra)x?", ""]),
    atom("*", "co", "KALI", cased=True),
]  # fmt: skip
PIECES = st.sampled_from(["kali", "KALİ", "\u212aali", "kalxb", "\\\\perf.dat", "\\perf.dat", '\\"cab\\"', "say ",
                          "émile", "Émile", "{", " ", "\n", "kara"])  # fmt: skip
TEXTS = st.lists(st.lists(PIECES, max_size=4).map("".join), min_size=1, max_size=6)


def alone(atoms: Sequence[Node], columns: Columns) -> dict[int, list[int]]:
    """Return what holds when each event is read by itself."""
    rows = list(range(len(columns)))
    held = {
        number: sorted({row for row, text in columns.texts(rows) if check_of(node)(text, text.lower())})
        for number, node in enumerate(atoms)
    }
    return {number: found for number, found in held.items() if found}


def found(atoms: Sequence[Node], columns: Columns) -> dict[int, list[int]]:
    return {number: rows.tolist() for number, rows in KeywordMatcher(dict(enumerate(atoms))).match(columns).items()}


@settings(deadline=None)
@given(raw=TEXTS, message=TEXTS, chosen=st.lists(st.sampled_from(ATOMS), max_size=4))
def test_a_glance_over_all_events_misses_none(raw: list[str], message: list[str], chosen: list[Node]) -> None:
    said = (message * len(raw))[: len(raw)]
    made = batch(AUTH, [{}] * len(raw), raw=[f"{{{one}" for one in raw], message=said)
    lines = Spans.of(list(made.raw))
    gaps = Spans.of([one for raw in made.raw for one in (raw, "kali between")]).take(np.arange(0, 2 * len(raw), 2))
    coded = Coded([*dict.fromkeys(said), "kali"], np.array([list(dict.fromkeys(said)).index(one) for one in said]))
    for other in (made, replace(made, raw=lines), replace(made, raw=gaps, message=coded)):
        assert found(chosen, Columns(other)) == alone(chosen, Columns(other))


def asked_of(columns: Columns) -> tuple[Columns, list[str]]:
    """Return the columns as if nothing were in any text, and the list of what is asked of them."""
    asked: list[str] = []

    def nothing(text: str) -> bool:
        asked.append(text)
        return text in RARE

    columns.may_hold = nothing
    return columns, asked


def test_what_is_known_to_be_absent_is_not_looked_for() -> None:
    columns, asked = asked_of(Columns(batch(AUTH, [{}] * 2, raw=["kali", "kara"], message=[None, "kali"])))
    assert found([atom("*", "co", "kali")], columns) == {}
    assert asked == ["kali", *RARE]


def test_no_text_is_read_where_it_is_known_that_nothing_is_in_any() -> None:
    def unread(_text: str) -> bool:
        return False

    texts = Columns(batch(AUTH, [{}], raw=["kali"], message=["kali"]), unread)
    assert found([atom("*", "co", "kali")], texts) == {}


def test_letters_whose_lower_case_is_ascii_are_looked_for_whatever_is_known() -> None:
    columns, _ = asked_of(Columns(batch(AUTH, [{}] * 3, raw=["\u212aali", "kal\u0130", "kali"])))
    assert found([atom("*", "co", "kali")], columns) == {0: [0, 1]}


def test_keywords_too_short_for_a_glance_are_found_too() -> None:
    columns = Columns(batch(AUTH, [{}] * 3, raw=["ab", "a", "x\\\\b"], message=[None, "b", None]))
    assert found([atom("*", "co", "b"), atom("*", "co", "kali")], columns) == {0: [0, 1, 2]}
