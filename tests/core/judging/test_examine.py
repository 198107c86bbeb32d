from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np

from desktop_app.core.judging.examine import (
    CHART_POINTS,
    LONGEST_VALUE,
    MOST_VALUES,
    SAMPLE,
    Hit,
    SegmentHits,
    chart,
    copied,
    examine,
    quotable,
)
from desktop_app.core.model import EventBatch, Evidence
from desktop_app.core.spans import Coded, Spans
from tests.core.events.made import SECOND, START, batch
from tests.core.landing import AUTH, BURST, FAIL, ROOT, failures, rules, sign_in

FILE = 7


def roots(*seconds: int, **more: Any) -> list[dict[str, Any]]:
    return [sign_in(second, "success", user="root") | more for second in seconds]


def said_of(made: EventBatch, *bodies: str) -> SegmentHits:
    [said] = examine(rules(*bodies), made, [np.arange(len(made))], FILE, "auth.log")
    return said


def first_of(made: EventBatch, base: int = 0) -> Evidence:
    return copied(made, np.array([0]), base)[0]


def hits(made: EventBatch, body: str = ROOT) -> list[Hit]:
    return said_of(made, body).hits


def test_a_hit_counts_the_matches_of_one_rule_on_one_asset() -> None:
    [hit] = hits(batch([*roots(3, 1, 2), *failures(9)], AUTH))
    assert (hit.asset, hit.count, hit.first, hit.last) == ("gw", 3, START + SECOND, START + 3 * SECOND)
    assert [one.event_id & 0xFFFFFFFF for one in hit.evidence] == [2, 3, 1]
    assert {one.event_id >> 32 for one in hit.evidence} == {FILE}


def test_each_part_of_a_batch_gets_its_own() -> None:
    made = batch(roots(1, 2, 3, 4), AUTH)
    parts = list(examine(rules(ROOT), made, [np.array([0, 3]), np.array([1, 2]), np.array([], np.int64)], FILE, "x"))
    assert [[hit.count for hit in part.hits] for part in parts] == [[2], [2], []]
    assert [hit.last for hit in parts[1].hits] == [START + 3 * SECOND]


def test_assets_are_told_apart_whatever_the_case_of_their_names() -> None:
    found = hits(batch([*roots(1, host="GW"), *roots(2, host="gw"), *roots(3, host="other")], AUTH))
    assert [(hit.asset, hit.count) for hit in found] == [("GW", 2), ("other", 1)]


def test_without_a_host_the_file_stands_for_the_asset() -> None:
    [hit] = hits(batch([*roots(1, host=None), *roots(2, host="auth.log")], AUTH))
    assert (hit.asset, hit.count) == ("auth.log", 2)


def test_fields_of_a_rules_fingerprint_tell_its_findings_apart() -> None:
    body = ROOT + "watchdesk: {fingerprint: [source.ip, absent]}\n"
    found = hits(batch([sign_in(1, user="root"), sign_in(2, user="root", ip="10.0.0.2")], AUTH), body)
    assert [hit.group for hit in found] == [
        (("source.ip", "10.0.0.1"), ("absent", "")),
        (("source.ip", "10.0.0.2"), ("absent", "")),
    ]


def test_copies_are_taken_from_both_ends_and_the_texts_quote_the_last() -> None:
    [hit] = hits(batch(roots(*range(40)), AUTH))
    assert [one.time for one in hit.evidence] == [
        START + second * SECOND for second in (*range(SAMPLE), *range(40 - SAMPLE, 40))
    ]
    assert hit.values == quotable(hit.evidence[-1])


def test_a_copy_carries_the_digest_of_its_raw_record_and_only_the_fields_it_has() -> None:
    made = batch([{"raw": "grüezi", "fields": {"a": "1"}}, {"fields": {"b": "2"}}], AUTH)
    copy = first_of(made, 99 << 32)
    assert (copy.event_id, copy.raw, dict(copy.fields)) == (99 << 32 | int(made.ordinal[0]), "grüezi", {"a": "1"})
    assert copy.sha256 == hashlib.sha256("grüezi".encode()).hexdigest()


def test_a_record_that_is_no_text_still_has_a_digest() -> None:
    assert first_of(batch([{"raw": "\udc80"}], AUTH)).sha256
    wordless = replace(batch([{"message": "said"}], AUTH), raw=[None])
    assert first_of(wordless).raw == "said"


def test_what_texts_may_quote_is_bounded() -> None:
    fields = {f"f{number}": "x" * 10_000 for number in range(500)}
    quoted = quotable(first_of(batch([{"host": "gw", "fields": fields}], AUTH)))
    assert quoted["host"] == "gw"
    assert len(quoted) == MOST_VALUES + 2
    assert len(quoted["f0"]) == LONGEST_VALUE


def test_a_chart_has_whole_seconds_and_few_points_and_adds_up() -> None:
    times = np.array([START, START + 1, START + 3_600 * SECOND, START + 86_400 * SECOND])
    points = chart(times)
    assert sum(count for _, count in points) == 4
    assert points[0] == (START, 2)
    assert all((start - START) % SECOND == 0 for start, _ in points)
    assert len(chart(START + np.arange(10_000) * SECOND)) <= CHART_POINTS
    assert chart(np.array([5])) == ((5, 1),)


def test_matches_that_only_a_correlation_counts_are_no_hit_but_a_tally() -> None:
    said = said_of(batch([*failures(5, 1), *failures(2, ip="10.0.0.2")], AUTH), FAIL, BURST)
    assert said.hits == []
    [block] = said.base
    assert (block.rule_id, block.base_id) == ("burst", "fail")
    begin = [0, *block.ends.tolist()]
    told = {
        key: (block.times[start:end].tolist(), block.events[start:end].tolist())
        for key, start, end in zip(block.keys, begin, begin[1:], strict=False)
    }
    assert told == {
        '["10.0.0.1"]': ([START + SECOND, START + 5 * SECOND], [(FILE << 32) + 2, (FILE << 32) + 1]),
        '["10.0.0.2"]': ([START + 2 * SECOND], [(FILE << 32) + 3]),
    }


def test_copies_are_the_same_whatever_the_columns_are_made_of() -> None:
    made = batch([*roots(1, 2, 3), {"raw": "other", "host": None}], AUTH)
    held = replace(
        made, raw=Spans.of(list(made.raw)), host=Coded.constant("gw", 4),
        fields={name: Spans.of(list(column)) for name, column in made.fields.items()},
    )  # fmt: skip
    rows = np.array([1, 3])
    plain, same = copied(made, rows, 0), copied(held, rows, 0)
    assert [one.fields for one in plain.values()] == [one.fields for one in same.values()]
    assert [(one.raw, one.sha256, one.time) for one in plain.values()] == [
        (one.raw, one.sha256, one.time) for one in same.values()
    ]
    assert list(plain) == [1, 3]
    assert same[3].host == "gw"


def test_no_column_is_read_where_nothing_is_copied() -> None:
    class Closed(dict[str, Any]):
        def values(self) -> Any:
            raise AssertionError

    made = replace(batch(roots(1), AUTH), fields=Closed(a=["1"]))
    assert copied(made, np.zeros(0, np.int64), 0) == {}
