"""Whom an import is owed to: a person who asked for it, or a source that the desk watches by itself."""

from __future__ import annotations

LIVE = "live"  # in an import's options: the number of the live source whose records it gathers
DROP = "drop"  # in an import's options: the number of the drop folder that the files lay in

# SQL for the number of the source that imports ``i`` come from, NULL where a person brought them. Options and not a
# reference, because what a source brought outlives it.
WATCHED = f"COALESCE(json_extract(i.options, '$.{LIVE}'), json_extract(i.options, '$.{DROP}'))"
