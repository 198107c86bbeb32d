from __future__ import annotations

import pytest

from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.csvlines import CSV, cells, header
from desktop_app.extensions.logs.sources.decode import sample
from tests.extensions.logs.sources.reading import lines, read, row, utc

HEAD = "Time,Level,Host,Message,User"
ROW = "2026-05-04 06:07:08,Error,pump-1,it stopped,bob"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_cut_at_whatever_delimiter_the_header_has(delimiter: str) -> None:
    (batch,), _ = read(CSV, lines(HEAD.replace(",", delimiter), ROW.replace(",", delimiter)))
    event = row(batch, 0)
    assert event["time"] == utc(2026, 5, 4, 6, 7, 8)
    assert (event["level"], event["host"], event["message"], event["User"]) == ("error", "pump-1", "it stopped", "bob")


def test_the_header_is_no_event_and_lines_keep_their_numbers() -> None:
    (batch,), _ = read(CSV, lines(HEAD, ROW, "", ROW))
    assert batch.ordinal.tolist() == [2, 4]


def test_quotes_hold_delimiters_quotes_and_line_ends() -> None:
    (batch,), _ = read(CSV, lines(HEAD, '2026-05-04 06:07:08,Info,h,"one, ""two""', 'three",bob', ROW))
    assert batch.message == ['one, "two"\nthree', "it stopped"]
    assert batch.ordinal.tolist() == [2, 4]
    assert batch.raw[0] == '2026-05-04 06:07:08,Info,h,"one, ""two""\nthree",bob'


def test_a_quote_that_never_closes_costs_only_its_line() -> None:
    (batch,), reading = read(CSV, lines(HEAD, ROW, '2026-05-04 06:07:08,Info,h,"open,bob', *[ROW] * 2000))
    assert (len(batch), reading.unparsed) == (2002, 1)


def test_a_row_with_another_number_of_values_keeps_its_text() -> None:
    (batch,), reading = read(CSV, lines(HEAD, ROW, "a,b", ROW))
    assert batch.raw[1] == "a,b"
    assert batch.message == ["it stopped", None, "it stopped"]
    assert reading.unparsed == 1


def test_of_ten_thousand_columns_the_first_thousand_are_fields_and_the_time_is_read() -> None:
    head = ",".join(["Time", *(f"c{n}" for n in range(10_000))])
    values = ",".join(["2026-05-04 06:07:08", *(f"v{n}" for n in range(10_000))])
    (batch,), reading = read(CSV, lines(head, values, "2026-05-04 06:07:09,short"))
    assert batch.time.tolist()[0] == utc(2026, 5, 4, 6, 7, 8)
    assert (batch.fields["c998"][0], len(batch.fields)) == ("v998", 999)
    assert "c999" not in batch.fields
    assert batch.raw[0].endswith("v9999")
    assert reading.unparsed == 1
    assert str(reading.notes[0]) == "Of 10001 columns the first 1000 became fields; the record itself holds all."


def test_empty_values_are_no_values() -> None:
    (batch,), _ = read(CSV, lines(HEAD, "2026-05-04 06:07:08,,,,"))
    assert "User" not in batch.fields
    assert batch.host == [None]


def test_chinese_names_of_columns_are_known() -> None:
    (batch,), _ = read(CSV, lines("时间,级别,主机,消息", "2026年5月4日 06:07:08,错误,泵-1,停机", encoding="gb18030"))
    event = row(batch, 0)
    assert (event["time"], event["host"], event["message"]) == (utc(2026, 5, 4, 6, 7, 8), "泵-1", "停机")


def test_a_grown_file_goes_on_with_the_columns_it_had() -> None:
    _, before = read(CSV, lines(HEAD, ROW))
    (batch,), _ = read(CSV, lines(ROW), state=dict(before.state), first_ordinal=3)
    assert (batch.ordinal.tolist(), batch.message) == ([3], ["it stopped"])


def test_without_the_columns_a_record_keeps_its_text() -> None:
    import numpy as np

    reading = Reading("x")
    (batch,) = CSV.normalize(RecordBatch([ROW], np.array([2], np.int64), 0), reading)
    assert (batch.raw, reading.unparsed) == ([ROW], 1)


def test_a_header_names_things() -> None:
    assert header(HEAD) == (",", HEAD.split(","))
    assert header("2026-05-04 06:07:08,Error,x") is None
    assert header("a,a") is None
    assert header("one word") is None
    assert header("a,,b") is None


def test_two_columns_of_one_name_are_told_apart() -> None:
    (batch,), _ = read(CSV, lines("a,a", "1,2"))
    assert {name: list(column) for name, column in batch.fields.items()} == {"a": ["1"], "column2": ["2"]}


def test_cells_that_are_too_long_for_the_reader_are_refused_without_an_error() -> None:
    assert cells('"' + "x" * 200_000 + '",b', ",") == []


def test_tables_are_recognised_and_text_with_commas_is_not() -> None:
    assert CSV.sniff(sample("x", lines(HEAD, *[ROW] * 5))) > 0.6
    assert CSV.sniff(sample("x", lines("Dear all, thank you", "we met today, in the plant", "bye"))) < 0.6
    assert CSV.sniff(sample("x", lines("2016-09-28 04:30:30, Info  CBS a", "2016-09-28 04:30:31, Info  CBS b"))) == 0
    assert CSV.sniff(sample("x", lines(HEAD))) == 0
    assert CSV.sniff(sample("x", b"")) == 0
