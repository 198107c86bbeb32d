from __future__ import annotations

import pytest

from desktop_app.web.mime import content_type


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/static/shell.js", "text/javascript; charset=utf-8"),
        ("/static/APP.CSS", "text/css; charset=utf-8"),
        ("/static/i18n/zh.json", "application/json"),
        ("/static/icons.svg", "image/svg+xml"),
        ("/static/file", "application/octet-stream"),
        ("/static/file.exe", "application/octet-stream"),
        ("/static.d/js", "application/octet-stream"),
    ],
)
def test_a_name_has_one_type(path: str, expected: str) -> None:
    assert content_type(path) == expected
