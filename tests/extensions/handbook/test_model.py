from __future__ import annotations

from desktop_app.extensions.handbook.model import Document, Origin


def test_an_origin_is_stored_by_its_word() -> None:
    assert [str(one) for one in Origin] == ["site", "guide", "rule", "imported"]
    assert Document("guide/a", "en", Origin("site"), "1", "A").words == ""
