"""Every format on bad input: nothing raises, no bad line costs the next one, what comes out stays in bounds."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.model import LEVELS, EventBatch
from desktop_app.extensions.logs.model import Format, Reading
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import FORMATS
from tests.extensions.logs.sources.reading import NOW, lines
from tests.extensions.logs.sources.sampling import SAMPLES

HOSTILE = (
    "<script>alert(1)</script>", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "a\x00b", "\u202egnp.exe", "'; DROP TABLE x",
    "\ufffd\ud7ff", "%s%n{0}${jndi:ldap://x}", "=" * 50, '"' * 7, "\\" * 9, "[" * 30, "{" * 30, ";,|\t" * 9, "9" * 400,
    "1969-12-31 23:59:59", "9999-12-31T23:59:59Z", "2026-02-30 25:61:61", "-1", "NaN", "1e308",
)  # fmt: skip
HUGE = ("A" * (1 << 20), " x=1" * 40_000, ",".join("c" * 10_000), '"' + "a," * 500_000, "(" * 200_000)
_TEXT = [one for one in FORMATS if one.id in SAMPLES]


def normalized(format_: Format, data: bytes) -> tuple[list[EventBatch], Reading]:
    """Read whatever it is; a sentence for the person may end it, nothing else."""
    reading = Reading("x.log", encoding=sample("x", data[: 1 << 18]).encoding or "utf-8", reference=NOW)
    batches: list[EventBatch] = []
    try:
        for records in format_.collect(io.BytesIO(data), reading):
            made = format_.normalize(records, reading)
            assert sorted(number for one in made for number in one.ordinal) == records.ordinal.tolist()
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


@pytest.mark.parametrize("format_", _TEXT, ids=lambda one: one.id)
@pytest.mark.parametrize("huge", HUGE, ids=["a megabyte", "pairs", "columns", "open quote", "brackets"])
def test_a_huge_value_costs_only_its_own_line(format_: Format, huge: str) -> None:
    good = SAMPLES[format_.id]
    alone, _ = normalized(format_, lines(*good))
    beside, _ = normalized(format_, lines(*good, huge, good[0] + huge, *good))
    assert_sound(beside)
    assert _lines(alone) <= _lines(beside)


def _lines(batches: list[EventBatch]) -> set[str]:
    return {line for batch in batches for raw in batch.raw for line in (raw or "").split("\n")}


@pytest.mark.parametrize("format_", _TEXT, ids=lambda one: one.id)
def test_a_bad_line_never_costs_the_next(format_: Format) -> None:
    good = SAMPLES[format_.id]
    alone, _ = normalized(format_, lines(*good))
    beside, _ = normalized(format_, lines(*good, *HOSTILE, *good))
    times = {int(time) for batch in alone for time in batch.time}
    assert times <= {int(time) for batch in beside for time in batch.time}
    messages = {one for batch in alone for one in batch.message}
    found = {one for batch in beside for one in batch.message}
    assert all(any(one is None or (other or "").startswith(one) for other in {*found, ""}) for one in messages)
