from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import SourceUnreadable, UsageError, WatchdeskError
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import FORMATS, by_id, recognise
from tests.extensions.logs.sources.reading import NOW, lines

SYSLOG = "May  4 06:55:46 gate sshd[24]: hello"
ACCESS = '192.0.2.1 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 1'
WAYS = {
    "syslog": (SYSLOG, "2026-05-04T06:55:46+02:00 gate sshd[24]: hello", "<34>1 2026-05-04T06:55:46Z gate su - - - hi"),
    "access": (ACCESS, f'{ACCESS} "-" "curl/8"', f'shop.example.com:80 {ACCESS} "-" "x"'),
    "weberror": ("[Wed Oct 11 14:32:52 2023] [error] x", "2024/05/01 12:00:00 [warn] 12#34: x"),
    "json": ('{"a": 1}', '{"time": "2026-05-04T06:55:46Z", "log": {"level": "info"}}'),
    "journal": ('{"__REALTIME_TIMESTAMP": "1777874828000000", "MESSAGE": "x", "_HOSTNAME": "h"}',),
    "plain": ("hello", "2026-05-04 06:07:08 INFO x"),
}


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, written in WAYS.items() for line in written])
def test_a_format_is_recognised_by_its_content(name: str, line: str) -> None:
    assert recognise(sample("whatever.evtx", lines(*[line] * 20)))[0].id == name


def test_a_table_is_recognised_by_its_header() -> None:
    assert recognise(sample("x.txt", lines("Time,Level,Message", *["2026-05-04 06:07:08,info,x"] * 5)))[0].id == "csv"


def test_a_few_odd_lines_change_nothing_and_many_do() -> None:
    assert recognise(sample("x", lines(*[SYSLOG] * 9, "odd")))[0].id == "syslog"
    assert recognise(sample("x", lines(*[SYSLOG] * 4, *["odd"] * 6)))[0].id == "plain"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"LPKSHHRH" + bytes(500), "journalctl --file FILE -o json"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(500), "7z archive"),
        (b"SQLite format 3\0" + bytes(500), "SQLite"),
        (bytes(range(256)) * 9, "not text"),
    ],
)
def test_what_is_no_log_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(SourceUnreadable) as told:
        recognise(sample("x.log", data))
    assert why in str(told.value)
    assert len(told.value.parts()) == 3


def test_an_empty_file_is_plain_lines() -> None:
    assert recognise(sample("x", b""))[0].id == "plain"


def test_formats_have_names_of_their_own_and_are_found_by_them() -> None:
    assert len({one.id for one in FORMATS}) == len(FORMATS)
    assert all(by_id(one.id) is one for one in FORMATS)


def test_an_unknown_format_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="syslog"):
        by_id("nonsense")


_TEXT = [one for one in FORMATS if one.id in {"syslog", "access", "weberror", "json", "csv", "plain"}]
_LINES = st.lists(
    st.sampled_from([line for written in WAYS.values() for line in written]) | st.text(max_size=60), max_size=12
)


@pytest.mark.parametrize("format_", _TEXT, ids=lambda one: one.id)
@settings(max_examples=60, deadline=None)
@given(written=_LINES, noise=st.binary(max_size=40), at=st.integers(0, 400))
def test_any_bytes_give_an_event_a_record_or_a_sentence(
    format_: object, written: list[str], noise: bytes, at: int
) -> None:
    data = lines(*written)
    data = data[:at] + noise + data[at:]
    reading = Reading("x", encoding=sample("x", data).encoding or "utf-8", reference=NOW)
    try:
        for records in format_.collect(io.BytesIO(data), reading):  # type: ignore[attr-defined] # a Format
            batches = format_.normalize(records, reading)  # type: ignore[attr-defined] # a Format
            assert sorted(number for batch in batches for number in batch.ordinal) == records.ordinal.tolist()
            for batch in batches:
                columns = [batch.source, batch.host, batch.level, batch.message, batch.raw, *batch.fields.values()]
                assert {len(column) for column in columns} == {len(batch)}
                assert set(batch.level) <= {"critical", "error", "warning", "info", "debug", None}
    except WatchdeskError as error:
        assert str(error)  # noqa: PT017 - an error is allowed, not required


@given(st.binary(max_size=3000))
def test_any_bytes_are_recognised_or_refused(data: bytes) -> None:
    try:
        found, sure = recognise(sample("x", data))
    except SourceUnreadable:
        return
    assert found in FORMATS
    assert 0 < sure <= 1
