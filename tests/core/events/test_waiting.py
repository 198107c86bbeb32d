from __future__ import annotations

from dataclasses import replace

import numpy as np

from desktop_app.core.events.waiting import ENOUGH, LOTS, SMALL, Waiting
from desktop_app.core.model import EventBatch, LogSource
from desktop_app.core.spans import Coded, Spans
from tests.core.events.made import ACCESS, batch
from tests.core.landing import AUTH


def coded(first: int, number: int = 2, source: LogSource = ACCESS, **fields: str) -> EventBatch:
    made = batch([{"raw": f"{first + n}"} for n in range(number)], source, first=first)
    constant = {name: Coded.constant(value, number) for name, value in fields.items()}
    empty = Coded.constant(None, number)
    return replace(
        made, raw=Spans.of(list(made.raw)), source=empty, host=empty, level=empty, message=empty, fields=constant
    )


def test_small_batches_of_a_log_source_become_one() -> None:
    waiting = Waiting()
    assert waiting.add(coded(1, Number="5")) == []
    assert waiting.add(coded(3, source=AUTH)) == []
    assert waiting.add(coded(5, Other="x")) == []
    assert waiting.events == 6
    one, other = sorted(waiting.all(), key=lambda made: -len(made))
    assert (one.log_source, one.ordinal.tolist(), list(one.raw)) == (ACCESS, [1, 2, 5, 6], ["1", "2", "5", "6"])
    assert {name: list(column) for name, column in one.fields.items()} == {
        "Number": ["5", "5", None, None], "Other": [None, None, "x", "x"]
    }  # fmt: skip
    assert isinstance(one.fields["Number"], Coded)
    assert isinstance(one.raw, Spans)
    assert (other.log_source, list(other.raw)) == (AUTH, ["3", "4"])
    assert (waiting.events, list(waiting.all())) == (0, [])


def test_large_ones_and_those_of_plain_texts_do_not_wait() -> None:
    waiting = Waiting()
    large, plain = coded(1, SMALL), batch([{"raw": "a"}])
    assert waiting.add(large) == [large]
    assert waiting.add(plain) == [plain]
    assert waiting.events == 0


def test_enough_of_them_wait_no_longer() -> None:
    waiting, each = Waiting(), SMALL - 1
    found = [waiting.add(coded(1 + n * each, each)) for n in range(3)]
    assert found[:2] == [[], []]
    assert [len(one) for one in found[2]] == [3 * each]
    assert 3 * each >= ENOUGH


def test_all_of_some_lots_are_written_together() -> None:
    waiting = Waiting()
    for n in range(LOTS):
        assert waiting.add(coded(1 + 2 * n)) == []
        ended = waiting.lot_ended()
        assert [len(one) for one in ended] == ([2 * LOTS] if n == LOTS - 1 else [])


def test_two_spellings_of_a_name_stay_apart_since_rules_look_at_one() -> None:
    waiting = Waiting()
    assert waiting.add(coded(1, ProcessId="1")) == []
    [before] = waiting.add(coded(3, ProcessID="2"))
    assert list(before.fields) == ["ProcessId"]
    assert waiting.add(coded(5, ProcessID="3")) == []
    [after] = waiting.all()
    assert list(after.fields["ProcessID"]) == ["2", "2", "3", "3"]


def test_what_waits_holds_nothing_of_the_block_it_was_read_in() -> None:
    made = coded(1)
    block = Spans.of(["x" * 100_000, "1", "2"]).take(np.array([1, 2]))
    waiting = Waiting()
    waiting.add(replace(made, raw=block))
    [kept] = waiting.all()
    assert list(kept.raw) == ["1", "2"]
    assert isinstance(kept.raw, Spans)
    assert len(kept.raw.buffer) < 1_000


def test_what_an_abandoned_file_left_is_let_go() -> None:
    waiting = Waiting()
    waiting.add(coded(1, Number="5"))
    waiting.clear()
    assert (waiting.events, list(waiting.all())) == (0, [])
