from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.enveloped import header


@pytest.mark.parametrize(
    ("head", "time", "host", "level"),
    [
        ("<164>May  4 06:07:08 fw1 : ", "May  4 06:07:08", "fw1", "warning"),
        ("<164>May 04 2026 06:07:08: ", "2026-05-04 06:07:08", None, "warning"),
        ("2026-05-04T06:07:08+02:00 gate kernel: ", "2026-05-04T06:07:08+02:00", "gate", None),
        ("<13>1 2026-05-04T06:07:08Z gate app - - - ", "2026-05-04T06:07:08Z", "gate", "info"),
        ("<189>42: *May  4 06:07:12.123: ", "May  4 06:07:12.123", None, "info"),
        ("", None, None, None),
        ("word ", None, None, None),
    ],
)
def test_the_header_before_a_message(head: str, time: str | None, host: str | None, level: str | None) -> None:
    told = header(head)
    assert (told.get("@time"), told.get("@host"), told.get("@level")) == (time, host, level)
