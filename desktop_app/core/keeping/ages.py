"""How long events of single sources are kept, as a person writes it: ``Firewall = 30, windows-any-security = 365``."""

from __future__ import annotations

import re

MOST = 100
LONGEST = 36_500  # days
_PART = re.compile(r"\s*(?P<name>.*\S)\s*=\s*(?P<days>\d{1,5})\s*")


def read(words: str) -> tuple[tuple[str, int], ...]:
    """Return names, as they are compared, with days; 0 is for ever. ValueError with the part that says nothing."""
    parts = [one for one in re.split(r"[,;\n]", words) if one.strip()]
    found: dict[str, int] = {}
    for part in parts:
        said = _PART.fullmatch(part)
        if said is None or int(said["days"]) > LONGEST or len(found) == MOST:
            raise ValueError(part.strip()[:100])
        found[said["name"].casefold()] = int(said["days"])
    return tuple(found.items())
