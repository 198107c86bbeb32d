from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.sigma.columns import Columns, encode
from desktop_app.core.spans import Spans
from tests.core.sigma.building import AUTH, WEB, batch


def test_each_distinct_value_is_kept_once() -> None:
    encoded = encode(["a", None, "b", "a"])
    assert encoded.values == ["a", "b"]
    assert encoded.codes.tolist() == [0, -1, 1, 0]


def test_columns_are_found_without_regard_to_case() -> None:
    columns = Columns(batch(AUTH, [{"User.Name": "x"}]))
    encoded = columns.get("user.name")
    assert encoded is not None
    assert encoded.values == ["x"]


def test_a_column_without_a_value_is_absent() -> None:
    columns = Columns(batch(AUTH, [{"A": None}]))
    assert columns.get("a") is None
    assert columns.get("b") is None


def test_a_few_rows_of_a_column_are_read_without_the_others() -> None:
    made = batch(WEB, [{}] * 4)
    columns = Columns(replace(made, fields={"source.ip": Spans.of(["a", "b", None, "a"])}))
    few = columns.some("source.ip", np.array([3]))
    assert few is not None
    assert (few.values, few.codes.tolist()) == (["a"], [0])
    assert columns.encoded() == {}
    most = columns.some("source.ip", np.array([0, 2, 3]))
    assert most is not None
    assert [most.values[one] if one >= 0 else None for one in most.codes.tolist()] == ["a", None, "a"]
    assert columns.encoded().keys() == {"source.ip"}
    assert columns.some("user.name", np.array([0])) is None


def test_fixed_columns_answer_to_the_names_that_rules_use() -> None:
    columns = Columns(batch(AUTH, [{}], raw=["whole line"], message=[None], host="gw", level="error", program="sshd"))
    asked = ("computer", "host.name", "process.name", "channel", "log.level", "message", "raw")
    found = [columns.get(name) for name in asked]
    assert [one.values[0] for one in found if one] == ["gw", "gw", "sshd", "sshd", "error", "whole line", "whole line"]


def test_a_field_of_that_name_goes_before_a_fixed_column() -> None:
    encoded = Columns(batch(AUTH, [{"Computer": "pc"}], host="gw")).get("computer")
    assert encoded is not None
    assert encoded.values == ["pc"]


def test_parts_of_an_address_are_made_from_the_address() -> None:
    columns = Columns(batch(WEB, [{"url.original": "/a/b.php?x=1"}, {"url.original": "/c"}, {}]))
    path, query, extension = (columns.get(f"url.{name}") for name in ("path", "query", "extension"))
    assert path is not None
    assert path.values == ["/a/b.php", "/c"]
    assert query is not None
    assert (query.values, query.codes.tolist()) == (["x=1"], [0, -1, -1])
    assert extension is not None
    assert extension.values == ["php"]


@pytest.mark.parametrize("said", [["m", None, "n"], [None, None, None], ["m", "", "n"]])
def test_an_event_without_a_message_says_its_raw_record(said: list[str | None]) -> None:
    made = batch(AUTH, [{}] * 3, raw=["x", "y", "z"], message=said)
    wanted = [one if one is not None else line for one, line in zip(said, "xyz", strict=True)]
    for held in (made, replace(made, raw=Spans.of(list(made.raw)), message=Spans.of(said))):
        found = Columns(held).get("message")
        assert found is not None
        assert [found.values[code] for code in found.codes.tolist()] == wanted


def test_keywords_look_through_raw_message_and_unescaped_json() -> None:
    columns = Columns(batch(AUTH, [{}, {}], raw=['{"a":"b\\\\c"}', "x"], message=["m", None]))
    assert list(columns.texts([0, 1])) == [(0, '{"a":"b\\\\c"}'), (0, '{"a":"b\\c"}'), (0, "m"), (1, "x")]
