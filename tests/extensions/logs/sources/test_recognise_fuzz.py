"""Every format on bad input: nothing raises, no bad line costs the next one, what comes out stays in bounds."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.model import LEVELS, EventBatch
from desktop_app.extensions.logs.model import Format, Reading
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import FORMATS
from tests.extensions.logs.sources import evtx_writer
from tests.extensions.logs.sources.reading import NOW
from tests.extensions.logs.sources.sampling import SAMPLES
from tests.extensions.logs.sources.test_csvlines import HEAD, ROW
from tests.extensions.logs.sources.test_winjson import SHAPES

HOSTILE = (
    "<script>alert(1)</script>", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\x00b", "\u202egnp.exe", "'; DROP TABLE x",
    "\ufffd\ud7ff", "%s%n{0}${jndi:ldap://x}", "=" * 50, '"' * 7, "\\" * 9, "[" * 30, "{" * 30, ";,|\t" * 9, "9" * 400,
    "1969-12-31 23:59:59", "9999-12-31T23:59:59Z", "2026-02-30 25:61:61", "-1", "NaN", "1e308",
)  # fmt: skip
_PRINTABLE = [one for one in HOSTILE if "\n" not in one]
JUMPS = (
    "1601-01-01T00:00:00.0Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59.9Z", "2026-02-30T25:61:61Z", "yesterday",
)  # fmt: skip
HUGE = ("A" * (1 << 20), " x=1" * 40_000, '"' + "a," * 500_000, "(" * 200_000)
WIDE = (
    ",".join(f"c{number}" for number in range(10_000)), "\t".join("c" * 10_000),
    " ".join(f"k{number}={number}" for number in range(10_000)),
    orjson.dumps({f"k{number}": number for number in range(10_000)}).decode(),
)  # fmt: skip
# Lines of the formats that are recognised by more than single lines.
OTHERS: Mapping[str, tuple[str, ...]] = {
    "winjson": tuple(orjson.dumps(one).decode() for one in SHAPES.values()),
    "macos": ("May  4 06:55:46 mac-1 kernel[0]: hello", "May  4 06:55:47 mac-1 com.apple.xpc.launchd[1] (x): gone"),
    "csv": (HEAD, *[ROW, ROW.replace("06:07:08", "06:07:09")] * 10),
    "plain": ("hello", "2026-05-04 06:07:08 INFO it runs"),
}
GOOD: Mapping[str, tuple[str, ...]] = {**SAMPLES, **OTHERS}
_MOST_SKIPPED = 2  # records of one damaged block
_TEXT = [one for one in FORMATS if one.id in SAMPLES]


def _clocks(good: Sequence[str]) -> list[str]:
    """Return the first good line at other times: years, hours and seconds since 1970 that jump."""
    line = good[-1]
    years = [re.sub(r"\b(?:19|20)\d\d\b", year, line) for year in ("1601", "1970", "2199", "9999", "0000")]
    hours = [re.sub(r"\b\d\d:\d\d:\d\d", hour, line) for hour in ("23:59:60", "25:61:61", "00:00:00")]
    epochs = [re.sub(r"\b\d{10}\b", epoch, line) for epoch in ("0000000000", "9999999999", "-999999999")]
    return [*years, *hours, *epochs, *(f"{jump} {line}" for jump in JUMPS)]


def _names(good: Sequence[str]) -> list[str]:
    """Return lines whose names are hostile: pairs, an object, a table's head."""
    pairs = " ".join(f"{one}=1" for one in _PRINTABLE)
    return [f"{good[-1]} {pairs}", orjson.dumps(dict.fromkeys(HOSTILE, 1)).decode(), ",".join(_PRINTABLE)]


# What is wrong -> the lines between good ones, as bytes.
BAD: Mapping[str, Callable[[Sequence[str]], list[bytes]]] = {
    "hostile values": lambda good: [f"{good[-1]}{one}".encode() for one in HOSTILE] + [one.encode() for one in HOSTILE],
    "hostile names": lambda good: [one.encode() for one in _names(good)],
    "a megabyte": lambda good: [line for one in HUGE for line in (one.encode(), f"{good[-1]}{one}".encode())],
    "10,000 columns": lambda good: [line for one in WIDE for line in (one.encode(), f"{good[-1]} {one}".encode())],
    "cut lines": lambda good: [line.encode()[:at] for line in good for at in (1, len(line) // 2, len(line) - 1)],
    "wrong encodings": lambda good: [
        good[-1].encode() + b" caf\xe9 \xff\xfe\xd8\x00 \xc0\xaf", "重庆 é".encode("gb18030"), b"\x80" * 90,
    ],
    "clocks that jump": lambda good: [one.encode() for one in _clocks(good)],
}  # fmt: skip


def _in_text(name: str, bad: str) -> tuple[bytes, bytes]:
    """Return a good file, and one with bad lines among the good ones."""
    good = [line.encode() for line in GOOD[name]]
    joined = [*good, *BAD[bad](GOOD[name]), *good] * 2
    return b"\n".join(good) + b"\n", b"\n".join(joined) + b"\n"


def _in_blocks(bad: str) -> tuple[bytes, bytes]:
    """Do the same for EVTX, whose blocks of 64 KiB bound what one record can hold."""
    good = evtx_writer.block([evtx_writer.event(number, data={"A": "x"}) for number in (1, 2)])
    event = evtx_writer.event
    made: Mapping[str, Sequence[tuple[object, ...]]] = {
        "hostile values": [
            event(3, data={f"v{n}": one for n, one in enumerate(HOSTILE)}),
            event(4, channel=HOSTILE[0]),
        ],
        "hostile names": [event(3, data=dict.fromkeys(_PRINTABLE, "1"))],
        "a megabyte": [event(3, data={"A": "A" * 30_000})],
        "10,000 columns": [event(3, data={f"k{n}": "1" for n in range(400)})],
        "clocks that jump": [event(3 + n, time=one) for n, one in enumerate(JUMPS)],
    }
    if bad in made:
        middle = evtx_writer.block(made[bad], 3)
    else:
        middle = good[:700] if bad == "cut lines" else good[:700] + b"\xff\xd8" * 300 + good[1300:]
    last = evtx_writer.block([evtx_writer.event(number, data={"A": "x"}) for number in (21, 22)], 21)
    return evtx_writer.file(good, last), evtx_writer.file(good, middle, last)


def normalized(format_: Format, data: bytes) -> tuple[list[EventBatch], Reading]:
    """Read whatever it is; a sentence for the person may end it, nothing else."""
    reading = Reading("x.log", encoding=sample("x", data[: 1 << 18]).encoding or "utf-8", reference=NOW)
    batches: list[EventBatch] = []
    try:
        for records in format_.collect(io.BytesIO(data), reading):
            made = format_.normalize(records, reading)
            assert sorted(number for one in made for number in one.ordinal) == sorted(records.ordinal.tolist())
            batches += made
    except WatchdeskError as error:
        assert str(error)  # noqa: PT017 - an error is allowed, not required
    return batches, reading


def assert_sound(batches: list[EventBatch]) -> None:
    for batch in batches:
        columns = [batch.source, batch.host, batch.level, batch.message, batch.raw, *batch.fields.values()]
        assert {len(column) for column in columns} == {len(batch)}
        assert set(batch.level) <= {*LEVELS, None}
        assert len(batch.fields) <= 1_100
        assert all(value is None or isinstance(value, str) for column in columns for value in column)


@pytest.mark.parametrize("format_", _TEXT, ids=lambda one: one.id)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_change_of_a_real_line_gives_events_or_a_sentence(format_: Format, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(SAMPLES[format_.id]))
    at, cut = data.draw(st.integers(0, len(line))), data.draw(st.integers(0, 30))
    noise = data.draw(st.sampled_from(HOSTILE) | st.text(max_size=20))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "gb18030", "latin-1"]))
    changed = line[:at] + noise + line[at + cut :]
    written = f"{line}\n{changed}\n{line}\n".encode(encoding, "replace")
    assert_sound(normalized(format_, written[: data.draw(st.integers(0, len(written)))])[0])
    assert_sound(normalized(format_, written)[0])


def _lines(batches: list[EventBatch]) -> set[str]:
    return {line for batch in batches for raw in batch.raw for line in (raw or "").split("\n")}


def _times(batches: list[EventBatch]) -> set[int]:
    return {int(time) for batch in batches for time in batch.time}


def test_every_format_has_good_input_to_spoil() -> None:
    assert {one.id for one in FORMATS} == {*GOOD, "evtx"}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.id)
def test_what_is_bad_never_costs_what_stands_beside_it(format_: Format, bad: str) -> None:
    good, spoilt = _in_blocks(bad) if format_.id == "evtx" else _in_text(format_.id, bad)
    alone, _ = normalized(format_, good)
    beside, reading = normalized(format_, spoilt)
    assert_sound(beside)
    assert _lines(alone) <= _lines(beside)
    assert reading.skipped <= _MOST_SKIPPED
    if bad != "clocks that jump":  # a year that is not written follows from the times around it
        assert _times(alone) <= _times(beside)
    # A file cut anywhere is read up to there.
    assert_sound(normalized(format_, spoilt[: len(spoilt) * 2 // 3])[0])
