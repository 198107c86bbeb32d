"""Which machine wrote lines that name none: an access log does not, but the person who imports it may know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import Format, Reading, RecordBatch

HOST = "host"  # in the state of a reading, so that a grown file and a change of the time zone keep it


def normalized(chosen: Format, records: RecordBatch, reading: Reading) -> Iterator[EventBatch]:
    """Yield the events of some records; those whose lines name no host have the one that was said for the file."""
    host = reading.state.get(HOST)
    for batch in chosen.normalize(records, reading):
        yield replace(batch, host=[one or host for one in batch.host]) if host else batch
