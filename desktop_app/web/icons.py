"""The icons of the pages: drawn into the page itself, so that none appears late or is fetched twice."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from desktop_app.core.paths import resource

_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([\d ]+)">(.*?)</symbol>')


@cache
def symbols() -> dict[str, tuple[str, str]]:
    """Return view box and drawing of each symbol of ``ui/static/icons.svg``, by its id."""
    drawn = resource("ui", "static", "icons.svg").read_text(encoding="utf-8")
    return {name: (box, inner) for name, box, inner in _SYMBOL.findall(drawn)}


def icon(name: str) -> Markup:
    """Return the drawing of a symbol; an unknown name (of an extension's own) is drawn as a plain page."""
    box, inner = symbols().get(name) or symbols()["file"]
    # The file is our own and shipped; nothing in it comes from input.
    return Markup(f'<svg class="i" aria-hidden="true" viewBox="{box}">{inner}</svg>')  # noqa: S704 - see above
