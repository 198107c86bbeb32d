"""The words of an imported rule for the index, taken from its text as it stands: parsing thousands takes minutes."""

from __future__ import annotations

import re

_DESCRIPTION = re.compile(r"(?ms)^description:[ \t]*[|>]?-?[ \t]*(.*?)(?=^\S|\Z)")
_DULL = re.compile(r"(?m)^(?:id|author|date|modified|license|references):.*(?:\n[ \t-].*)*")
MOST = 20_000  # letters of one rule


def about(body: str) -> str:
    """Return the description first, then whatever else the rule says, without who wrote it when."""
    found = _DESCRIPTION.search(body)
    description = found[1] if found else ""
    rest = _DULL.sub("", _DESCRIPTION.sub("", body))
    return " ".join(f"{description} {rest}".split())[:MOST]
