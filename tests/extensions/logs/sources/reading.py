"""What the tests of the text formats share: bytes in, events out."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

from desktop_app.core.model import EventBatch, micros
from desktop_app.extensions.logs.model import Format, Reading
from desktop_app.extensions.logs.sources.decode import sample

NOW = micros(dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC))


def utc(*parts: int) -> int:
    """Return a time in UTC as microseconds."""
    return micros(dt.datetime(*parts, tzinfo=dt.UTC))  # type: ignore[arg-type, misc] # year, month, day, ...


def lines(*written: str, encoding: str = "utf-8") -> bytes:
    """Return a file of these lines."""
    return "".join(f"{line}\n" for line in written).encode(encoding)


def read(format_: Format, data: bytes, **settled: object) -> tuple[list[EventBatch], Reading]:
    """Read a whole file; ``settled`` are attributes of the reading."""
    found = sample("test.log", data[: 256 * 1024])
    reading = Reading(name="test.log", encoding=found.encoding or "utf-8", reference=NOW)
    for name, value in settled.items():
        setattr(reading, name, value)
    batches = [
        batch for records in format_.collect(io.BytesIO(data), reading) for batch in format_.normalize(records, reading)
    ]
    return batches, reading


def in_lists(batch: EventBatch) -> EventBatch:
    """Return a batch whose columns are lists, whatever they were made of."""
    columns = {name: list(getattr(batch, name)) for name in ("source", "host", "level", "message", "raw")}
    return replace(batch, **columns, fields={name: list(column) for name, column in batch.fields.items()})


def one(format_: Format, line: str, **settled: object) -> dict[str, str | int | None]:
    """Read a file of one line and return its event: fields, and the columns under their names."""
    (batch,), _ = read(format_, lines(line), **settled)
    return row(batch, 0)


def row(batch: EventBatch, at: int) -> dict[str, str | int | None]:
    """Return one event of a batch as a dictionary; fields without a value are left out."""
    columns = {"source": batch.source, "host": batch.host, "level": batch.level, "message": batch.message}
    fields = {name: column[at] for name, column in batch.fields.items() if column[at] is not None}
    return {**fields, **{name: column[at] for name, column in columns.items()}, "time": int(batch.time[at])}


def told(format_: Format, data: bytes, *, listed: bool) -> dict[str, object]:
    """Return everything that reading a file says; ``listed``: from texts, as formats without a faster way do it."""
    reading = Reading(name="test.log", reference=NOW)
    events = []
    for records in format_.collect(io.BytesIO(data), reading):
        for batch in format_.normalize(records.listed() if listed else records, reading):
            columns = {"source": batch.source, "host": batch.host, "level": batch.level, "message": batch.message}
            named = {**columns, "raw": batch.raw, **{f"field {name}": one for name, one in batch.fields.items()}}
            events.append(
                (
                    batch.log_source,
                    batch.zone_assumed,
                    batch.time.tolist(),
                    batch.ordinal.tolist(),
                    {name: list(column) for name, column in named.items()},
                )
            )
    state = {name: sorted(known) if name == "names" else known for name, known in reading.state.items()}
    notes = [str(note) for note in reading.notes]
    return {"events": events, "state": state, "notes": notes, "unparsed": reading.unparsed, "skipped": reading.skipped}


def assert_same_either_way(format_: Format, data: bytes) -> None:
    """Hold what is read from the bytes of a block against what is read line by line."""
    assert told(format_, data, listed=False) == told(format_, data, listed=True)


def events(format_: Format, data: bytes, **settled: object) -> list[dict[str, str | int | None]]:
    """Read a whole file and return its events in their order, each with its ``ordinal``."""
    batches, _ = read(format_, data, **settled)
    found = [{**row(batch, at), "ordinal": int(batch.ordinal[at])} for batch in batches for at in range(len(batch))]
    return sorted(found, key=lambda event: int(event["ordinal"] or 0))
