"""The words of a request as typed values."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST_QUERY = 400


def read_query(args: Mapping[str, str]) -> str:
    """Return what is sought; what is longer than anybody would write is cut."""
    return " ".join(args.get("q", "").split())[:LONGEST_QUERY]
