from __future__ import annotations

from desktop_app.core.events.merging import joined
from tests.core.events.made import START, batch


def test_batches_are_joined_with_every_field_that_one_of_them_has() -> None:
    both = joined([
        batch([{"raw": "a", "host": "h", "fields": {"x": "1"}}]),
        batch([{"raw": "b", "fields": {"y": "2"}}, {"raw": "c"}], first=2, zone_assumed=True),
    ])  # fmt: skip
    assert (both.raw, both.host, both.ordinal.tolist()) == (["a", "b", "c"], ["h", None, None], [1, 2, 3])
    assert both.fields == {"x": ["1", None, None], "y": [None, "2", None]}
    assert both.zone_assumed
    assert int(both.time[0]) == START
