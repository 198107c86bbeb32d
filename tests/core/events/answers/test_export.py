from __future__ import annotations

import csv
import io
import json
from typing import Any, Literal

import pytest

from desktop_app.core.events.answers import export
from desktop_app.core.events.answers.export import safe
from desktop_app.core.events.search import Search
from tests.core.events.made import HOUR, SECOND, START, Store


def exported(store: Store, form: Literal["csv", "json"], query: str = "", **times: int) -> tuple[int, bytes]:
    stream = io.BytesIO()
    wanted: Any = Search(query, **times)  # type: ignore[arg-type]
    return store.events.export(store.db, wanted, form, stream), stream.getvalue()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("\r", "'\r"),
        (" =1", "' =1"), ("\n=1", "'\n=1"), ("＝1", "'＝1"), ("－cmd", "'－cmd"), ("+1 234", "'+1 234"),
        ("-", "-"), ("-5", "-5"), ("+4.5", "+4.5"), ("plain", "plain"), ("", ""), ("a=b", "a=b"),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_is_defused(value: str, cell: str) -> None:
    assert safe(value) == cell


def test_csv_has_a_header_every_field_and_every_event_newest_first(store: Store) -> None:
    store.add(
        [{"raw": 'a "quoted", line', "host": "h", "fields": {"f": "=cmd()", "id": "own"}}, {"fields": {"g": "中文\n2"}}]
    )
    number, content = exported(store, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert number == 2
    assert rows == [
        ["time", "id", "host", "source", "level", "message", "f", "g", "field.id", "raw"],
        ["2026-03-01T00:00:01.000000Z", "4294967298", "", "", "", "line 1", "", "中文\n2", "", "line 1"],
        ["2026-03-01T00:00:00.000000Z", "4294967297", "h", "", "", 'a "quoted", line', "'=cmd()", "", "own",
         'a "quoted", line'],
    ]  # fmt: skip


def test_a_field_name_in_the_header_is_defused_too(store: Store) -> None:
    store.add([{"fields": {"=HYPERLINK(1)": "x"}}])
    assert b"'=HYPERLINK(1)" in exported(store, "csv")[1]


def test_json_has_an_event_a_line(store: Store) -> None:
    store.add([{"raw": "one", "fields": {"f": "=1"}}, {"raw": "two"}])
    number, content = exported(store, "json")
    lines = [json.loads(line) for line in content.splitlines()]
    assert number == 2
    assert lines[1] == {
        "time": "2026-03-01T00:00:00.000000Z", "id": "4294967297", "host": None, "source": None, "level": None,
        "message": "one", "raw": "one", "fields": {"f": "=1"},
    }  # fmt: skip


def test_an_export_in_slices_is_the_search_and_nothing_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "SLICE_ROWS", 7)
    monkeypatch.setattr(export, "FLUSH", 1)
    for file in range(4):
        store.add([{"time": START + (n * 7 + file) % 40 * SECOND, "raw": f"{file}-{n}"} for n in range(30)])
    for query in ("", "1-", "-2"):
        _, content = exported(store, "json", query)
        assert [json.loads(line)["raw"] for line in content.splitlines()] == store.raws(query)
    assert exported(store, "json", start=START + 5 * SECOND, end=START + 6 * SECOND)[0] == 3
    assert exported(store, "csv")[0] == 120


def test_an_export_of_nothing_is_a_header_or_nothing(store: Store) -> None:
    assert exported(store, "json") == (0, b"")
    number, content = exported(store, "csv", "absent:1", start=START, end=START + HOUR)
    assert (number, content.decode("utf-8-sig")) == (0, "time,id,host,source,level,message,raw\r\n")
