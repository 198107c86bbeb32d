from __future__ import annotations

import re

from desktop_app.core.paths import resource
from desktop_app.web.icons import icon, symbols


def test_an_icon_is_drawn_into_the_page_and_hidden_from_screen_readers() -> None:
    drawn = icon("findings")
    assert drawn.startswith('<svg class="i" aria-hidden="true"')
    assert "<path" in drawn


def test_an_unknown_icon_is_a_plain_page() -> None:
    assert icon("no-such-icon") == icon("file")


def test_every_icon_that_a_template_names_is_drawn() -> None:
    pages = [path.read_text(encoding="utf-8") for path in resource("ui", "templates").rglob("*.html")]
    named = {name for page in pages for name in re.findall(r"icon\('([\w-]+)'", page)}
    assert named - symbols().keys() == set()
