"""How the acts of the trail hang together: each carries the digest of itself and of the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

BEGINNING = ""  # what the first act hangs on
TOLD = ("time", "actor", "action", "subject", "details")


def link(before: str, row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an act and the digest before it, over their JSON; hexadecimal.

    It never changes: a trail that was written once must be readable for ever.
    """
    return digest(before, [row[name] for name in TOLD])


def digest(before: str, told: Sequence[Any]) -> str:
    """Return the same of the values of an act, in the order of ``TOLD``."""
    return hashlib.sha256(orjson.dumps([before, *told])).hexdigest()
