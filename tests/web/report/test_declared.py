from __future__ import annotations

from desktop_app.web.report.declared import AUTHOR, SITE


def test_a_cover_needs_no_setting_at_all() -> None:
    assert (SITE.default, AUTHOR.default) == ("", "")
