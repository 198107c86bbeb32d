from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.keywords import KeywordMatcher
from desktop_app.core.sigma.tree import Node, atom
from desktop_app.core.spans import Spans
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
    for lines in (made, replace(made, raw=Spans.of(list(made.raw)))):
        assert found(chosen, Columns(lines)) == alone(chosen, Columns(lines))


def test_keywords_too_short_for_a_glance_are_found_too() -> None:
    columns = Columns(batch(AUTH, [{}] * 3, raw=["ab", "a", "x\\\\b"], message=[None, "b", None]))
    assert found([atom("*", "co", "b"), atom("*", "co", "kali")], columns) == {0: [0, 1, 2]}
