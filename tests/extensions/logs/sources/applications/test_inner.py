from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.applications.inner import inner


@pytest.mark.parametrize(
    ("said", "level", "message"),
    [
        ('{"level": "error", "msg": "broke", "time": "x"}', "error", "broke"),
        ('time=2026-05-04T06:07:08Z level=warn msg="slow" a=1', "warn", "slow"),
        ("[ERROR] broke", "error", "[ERROR] broke"),
        ("just words", None, "just words"),
        ("{not json", None, "{not json"),
    ],
)
def test_json_pairs_and_words(said: str, level: str | None, message: str) -> None:
    told = inner(said)
    assert (told.get("@level"), told["@message"]) == (level, message)
    assert "@time" not in told
